import Machine
import Model
import Testing

@testable import Mapper

@Suite struct CycleModelTests {
  private func steps(_ channels: Int, _ kernel: Int, input: [Int]) throws -> Mapping {
    var b = GraphBuilder()
    let x = b.input(input)
    let y = try required(b.convolution(x, channels: channels, kernel: (kernel, kernel)))
    return try Mapper.map(b.graph(outputs: [y]), for: .edge64)
  }

  /// A layer at full rate takes its steps and a constant.
  @Test func arrayBound() throws {
    let mapping = try steps(16, 3, input: [1, 16, 16, 16])
    let work = 16 * 16 * 9 * 16 / 4
    #expect(mapping.layers[0].bound == "array")
    #expect((work + 10...work + 120).contains(mapping.predictedCycles))
  }

  /// Few products per output: the post unit sets the pace, N/Q cycles a tile.
  @Test func postBound() throws {
    let mapping = try steps(16, 1, input: [1, 16, 16, 4])
    #expect(mapping.layers[0].bound == "post")
    #expect((16 * 16 * 4...16 * 16 * 4 + 120).contains(mapping.predictedCycles))
  }

  @Test func cacheEqualsModel() throws {
    let mapping = try steps(20, 5, input: [1, 7, 9, 3])
    var cache = CycleModel.Cache()
    var registers = RegisterFile()
    for line in mapping.program { if case .set(let register, let value) = line.instruction { registers[register] = value } }
    let first = cache.run(registers, .edge64)
    #expect(first == CycleModel.run(registers, .edge64))
    #expect(first == cache.run(registers, .edge64))
    #expect(first.overhead >= 0)
  }
}
