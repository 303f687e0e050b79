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

  /// Large layers are continued from smaller ones, without following every cycle.
  @Test func largeLayers() throws {
    func stream(rows: Int, columns: Int, groups: Int) -> StepCycles {
      var r = RegisterFile()
      for (register, value) in [
        (LayerRegister.rows, rows), (.columns, columns), (.feedColumns, columns), (.groups, groups), (.tapRows, 3),
        (.tapColumns, 1), (.runBytes, 96), (.passes, 72), (.passSteps, 1), (.groupChannels, 16), (.lastGroupChannels, 16),
      ] { r[register] = value }
      return CycleModel.run(r, .edge64)
    }
    for (rows, columns, groups) in [(1000, 1000, 100), (1, 60_000, 10), (1, 3, 65_000)] {
      let cycles = stream(rows: rows, columns: columns, groups: groups).cycles
      let work = rows * columns * groups * 72
      #expect((work...work + work / 100).contains(cycles))
    }
    func flat(_ columns: Int) -> StepCycles {
      var r = RegisterFile()
      r.mode = [.columns]
      for register in [LayerRegister.rows, .groups, .tapRows, .tapColumns, .passes, .passSteps, .windowColumns, .outputAdvance, .rowAdvance] {
        r[register] = 1
      }
      r[.tapRows] = 128
      r[.passes] = 32
      (r[.outputAdvance], r[.rowAdvance], r[.windowColumns], r[.capacityColumns]) = (128, 128, 128, 128)
      (r[.columns], r[.feedColumns], r[.groupChannels], r[.lastGroupChannels]) = (columns, columns, 16, 16)
      return CycleModel.run(r, .edge64)
    }
    let small = flat(1000).cycles, large = flat(60_000).cycles
    #expect(abs(large - small * 60) < large / 50)
  }
}
