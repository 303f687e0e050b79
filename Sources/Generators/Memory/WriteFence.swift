// Write fence: what may reach the feature memory, and the weight memory where weights are computed.
//
// Addresses from 2^23 on are those of the weight memory. A write beyond a memory is not done; it is a fault, which stops everything. After a stop, what is still in the pipelines
// comes to nothing. The host writes only while the accelerator is idle, inside the memory, and is let through.

import HDL
import Machine

struct WriteFence: Module {
  let featureBytes: Int, weightBytes: Int
  /// Q, the bytes of a result, and those of a write: at least a word of the host.
  let lanes: Int
  let writeBytes: Int
  var resultWrite: ResultWrite { ResultWrite(bytes: lanes) }
  var featureWrite: FeatureWrite { FeatureWrite(bytes: writeBytes) }
  let weightWrites: WeightWrites
  var tracePorts: Trace { Trace(bytes: lanes) }
  let results = Target(\Self.resultWrite)
  /// Everything stops.
  @Input() var abort: Bit
  let load = Target(LoadPort())
  let steps = Target(StepTrace())
  let memory = Initiator(\Self.featureWrite)
  let weights = Initiator(\Self.weightWrites)
  let trace = Initiator(\Self.tracePorts)
  let fault = Initiator(Fault())
  /// A tile that arrives at the post unit in this cycle was stopped on its way.
  @Output() var discardsTiles: Bit
  /// Something that was stopped may still be on its way.
  @Output() var isStopping: Bit

  init(_ hardware: Hardware) {
    (featureBytes, lanes, writeBytes) = (hardware.featureBytes, hardware.configuration.postLanes, Self.writeBytes(hardware))
    (weightBytes, weightWrites) = (hardware.weightWindowBytes, WeightWrites(hardware))
    let timing = Timing(hardware)
    precondition(
      Self.stopCycles > Timing.array + 1 + timing.post && Self.stopCycles > max(Timing.scalarOutput, Timing.int16Output), "a stop outlasts the pipelines")
    precondition(Self.tileCycles > Timing.array, "a stop outlasts the array")
  }
  /// Bytes of the memory's write port.
  static func writeBytes(_ hardware: Hardware) -> Int { max(hardware.configuration.postLanes, 4) }
  /// Cycles after a stop in which nothing is written, and no layer begins: more than any step, tile or byte needs to the memory.
  static let stopCycles = 31
  /// Of these the first ones, in which a tile may still come from the array: more than its last step needs.
  static let tileCycles = 8

  var moduleName: String { "write_fence" }
  var documentation: String { "Lets writes inside the memory through, and none that a stop has left in the pipelines." }

  func body() {
    let stopping = Register<Unsigned>("stopping", indexBits(Self.stopCycles + 1))
    When(abort) {
      stopping.value = Unsigned(Self.stopCycles)
    }.ElseWhen(stopping.value !== 0) {
      stopping.value = stopping.value &- 1
    }
    isStopping = stopping.value !== 0
    discardsTiles = abort | (stopping.value > Unsigned(Self.stopCycles - Self.tileCycles))

    let last = (results.address + (results.count &- 1).extended(to: Configuration.addressBits)).named("lastWritten")
    let isOutside = (results.enable & !isInside(last)).named("isOutside")
    fault.report(.writeOutOfRange, when: isOutside, at: results.address)
    let passes = (results.enable & !isOutside & (stopping.value === 0)).named("passes")
    let written = weights.ports.isEmpty ? passes : (passes & !isWeight).named("written")
    for port in weights.ports {
      port.enable = passes & isWeight
      port.address = results.address[0..<Configuration.addressBits - 1]
      (port.count, port.data) = (results.count, results.data)
    }

    let mask = concatenate((0..<lanes).map { results.count > Unsigned($0) }).extended(to: writeBytes).named("resultMask")
    let isLoaded = load.writes(.features)
    memory.enable = written | isLoaded
    memory.address = select(isLoaded, load.address, results.address)
    memory.mask = select(isLoaded, load.strobe.extended(to: writeBytes), mask)
    memory.data = select(isLoaded, load.data.extended(to: 8 * writeBytes), results.data.extended(to: 8 * writeBytes))

    (trace.start, trace.done, trace.step) = (steps.start, steps.done, steps.step)
    trace.write = written
    trace.address = results.address
    trace.count = results.count
    trace.data = results.data
    trace.before = results.before
  }

  private var isWeight: Bit { results.address[Configuration.addressBits - 1] }

  /// Whether the last byte of a write lies in its memory.
  private func isInside(_ last: Unsigned) -> Bit {
    if weights.ports.isEmpty { return last.isBelow(featureBytes) }
    let inFeatures = last.isBelow(featureBytes), place = last[0..<Configuration.addressBits - 1]
    return select(isWeight, !last[Configuration.addressBits] & place.isBelow(weightBytes), inFeatures)
  }
}
