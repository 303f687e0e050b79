// Who fills the weight memory: the host, and the engines where weights are computed.
//
// The memory is written 32 bits at a time with a strobe per byte. Outputs are bytes at any place of such a word, never of two: the
// compiler lays them out so. The host writes only while the accelerator is idle, so neither waits.

import HDL
import Machine

struct WeightLoader: Module {
  /// Bytes of a write at most.
  let bytes: Int
  var weightWrite: WeightWrite { WeightWrite(bytes: bytes) }
  let host = Target(LoadPort())
  let write = Target(\Self.weightWrite)
  let memory = Initiator(LoadPort())

  init(_ hardware: Hardware) { bytes = hardware.configuration.postLanes }
  var moduleName: String { "weight_loader" }
  var documentation: String { "Puts computed weights into words of 32 bits, and lets the host's through." }

  func body() {
    let place = write.address[0..<2].named("place")
    let few = min(bytes, 4)
    let data = write.data[0..<8 * few].extended(to: 32).named("writtenBytes")
    let mask = concatenate((0..<4).map { $0 < few ? write.count > Unsigned($0) : Bit(false) }).named("writtenMask")
    memory.write = write.enable | host.write
    memory.region = select(write.enable, Unsigned(RegisterMap.Region.weights.rawValue, width: 4), host.region)
    let word = concatenate([Unsigned(0, width: 2), write.address[2..<Configuration.addressBits - 1]]).extended(to: Configuration.addressBits)
    memory.address = select(write.enable, word.named("writtenWord"), host.address)
    memory.data = select(write.enable, choose(place, (0..<4).map { (data << (8 * $0)).resized(to: 32) }), host.data)
    memory.strobe = select(write.enable, choose(place, (0..<4).map { (mask << $0).resized(to: 4) }), host.strobe)
  }
}
