import Model
import Testing

@Suite struct ModelMutationTests {
  @Test func structureLeavesOutLargeBuffers() {
    let bytes = tinyModel(tensor: [2: .int32(1)], buffer: [0: .bytes([UInt8](repeating: 77, count: 500))])
    let structure = ModelMutation.structure(of: bytes)
    #expect(structure.reduce(0) { $0 + $1.count } == bytes.count - 500)
    #expect(ModelMutation.structure(of: [1, 2, 3]) == [0..<3])
  }

  @Test func mutationsStayInTheStructure() {
    let bytes = tinyModel(tensor: [2: .int32(1)], buffer: [0: .bytes([UInt8](repeating: 77, count: 5_000))])
    let structure = ModelMutation.structure(of: bytes)
    var random = SplitMix64(seed: 1)
    var changed = 0
    for _ in 0..<300 {
      var copy = bytes
      ModelMutation.mutate(&copy, structure, &random)
      guard copy.count == bytes.count else { continue }
      let differing = bytes.indices.filter { copy[$0] != bytes[$0] }
      changed += differing.isEmpty ? 0 : 1
      #expect(differing.count <= 4)
    }
    #expect(changed > 150)
  }
}
