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

  /// A chunk of int16 drains in two cycles.
  @Test(arguments: [Configuration.edge16, .edge64]) func outputsOfInt16DrainTwice(_ configuration: Configuration) throws {
    let mapping = try steps(16, 1, input: [1, 16, 16, 4])
    var fields = LayerFields.start
    for line in mapping.program { if case .set(let field, let value) = line.instruction { fields[field] = value } }
    let lanes = configuration.postLanes, drains = fields.drainCycles(lanes: lanes), once = CycleModel.drained(fields, configuration)
    fields.mode.insert(.int16Output)
    let twice = CycleModel.drained(fields, configuration)
    #expect(fields.drainCycles(lanes: lanes) == 2 * drains && drains > 0)
    #expect(twice.cycles == once.cycles + drains && twice.steps == once.steps)
  }

  @Test func cacheEqualsModel() throws {
    let mapping = try steps(20, 5, input: [1, 7, 9, 3])
    var model = CycleModel(.edge64)
    var fields = LayerFields.start
    for line in mapping.program { if case .set(let field, let value) = line.instruction { fields[field] = value } }
    let first = model.time(of: .run, fields)
    #expect(first == model.time(of: .run, fields))
    #expect(first.cycles == CycleModel.drained(fields, .edge64).cycles + Timing(.edge64, hasByteTables: false).post + 1)
    #expect(first.overhead >= 0)
  }

  /// What the tables say costs no time costs none, in both modes.
  @Test func onlySomeFieldsCostTime() throws {
    var b = GraphBuilder()
    let x = b.input([1, 7, 9, 20])
    let y = try required(b.depthwise(try required(b.convolution(x, channels: 12, kernel: (3, 3))), kernel: (3, 3)))
    var fields = LayerFields.start
    for line in try Mapper.map(b.graph(outputs: [y]), for: .edge64).program {
      if case .set(let field, let value) = line.instruction { fields[field] = value }
      guard case .command(.run, _, _) = line.instruction else { continue }
      let cycles = CycleModel.drained(fields, .edge64)
      #expect(cycles.steps > 0)
      for field in LayerField.all where !field.costsTime {
        var other = fields
        other[field] = fields[field] == field.range.upperBound ? field.range.lowerBound : field.range.upperBound
        #expect(CycleModel.drained(other, .edge64) == cycles, "\(field.assemblyName)")
      }
    }
  }

  /// Large layers are continued from smaller ones, without following every cycle.
  @Test func largeLayers() throws {
    func stream(rows: Int, columns: Int, groups: Int) -> StepCycles {
      var r = LayerFields.zero
      (r.feed.rows, r.feed.columns, r.feed.groups, r.feed.tapRows, r.feed.tapColumns, r.feed.runBytes) = (rows, columns, groups, 3, 1, 96)
      (r.array.columns, r.array.passes, r.array.passSteps, r.end.channels, r.end.lastChannels) = (columns, 72, 1, 16, 16)
      return CycleModel.drained(r, .edge64)
    }
    for (rows, columns, groups) in [(1000, 1000, 100), (1, 60_000, 10), (1, 3, 65_000)] {
      let cycles = stream(rows: rows, columns: columns, groups: groups).cycles
      let work = rows * columns * groups * 72
      #expect((work...work + work / 100).contains(cycles))
    }
    func flat(_ columns: Int) -> StepCycles {
      var r = LayerFields.zero
      r.mode = [.columns]
      (r.feed.rows, r.feed.groups, r.feed.tapRows, r.feed.tapColumns, r.feed.columns) = (1, 1, 128, 1, columns)
      r.array = ArrayFields(columns: columns, passes: 32, passSteps: 1, lastPassLanes: 4)
      r.window = WindowFields(columns: 128, capacity: 128, advance: 128, rowAdvance: 128, passSteps: 1, dotProduct: 4)
      (r.end.channels, r.end.lastChannels) = (16, 16)
      return CycleModel.drained(r, .edge64)
    }
    let small = flat(1000).cycles, large = flat(60_000).cycles
    #expect(abs(large - small * 60) < large / 50)
  }
}
