// The job of a bundle's own benches: one inference that checks its outputs.

import Machine
import Mapper
import Model

extension Job {
  /// One inference on seeded random input that checks its own outputs.
  /// - Throws: `ModelError` when the golden kernels cannot run the network.
  init(checking mapping: Mapping, _ images: MemoryImages) throws {
    let inputs = randomInputs(mapping.graph, seed: 1)
    let golden = try GoldenModel(mapping.graph).run(inputs: inputs)
    self.init()
    check(RegisterMap.Register.identity.address, RegisterMap.identity)
    check(RegisterMap.Register.fingerprint.address, mapping.hardware.fingerprint)
    for image in images.images { load(image) }
    for write in mapping.writes(inputs: inputs, state: mapping.initialState) { writeFeatures(write.address, write.bytes) }
    start()
    wait(.polling, limit: mapping.predictedCycles * 4 + 100_000)
    check(RegisterMap.Register.status.address, UInt32(RegisterMap.statusDone | RegisterMap.statusProgramCheck))
    for tensor in mapping.graph.outputs {
      if let address = mapping.address(of: tensor), let bytes = golden[tensor] { checkFeatures(address, mapping.stored(bytes, of: tensor)) }
    }
  }
}
