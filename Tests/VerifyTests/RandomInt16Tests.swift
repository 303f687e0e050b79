import Machine
import Reference
import Testing

@testable import Verify

/// Layers of int16 that no compiler made.
@Suite struct RandomInt16Tests {
  @Test func theSameSeedGivesTheSameLayer() throws {
    let hardware = try RandomInt16Testing.hardware(seed: 1)
    for seed in 0..<20 as Range<UInt64> {
      let (one, other) = (RandomInt16Layer(seed: seed, on: hardware), RandomInt16Layer(seed: seed, on: hardware))
      #expect(one.fields == other.fields && one.images == other.images && one.features == other.features)
    }
  }

  /// Whatever is drawn runs on the reference machine, every kind is drawn, and outputs use their range.
  @Test func everyLayerIsOne() throws {
    var modes: [LayerMode] = [], padded = 0, rules: [String: Set<UInt8>] = [:]
    for number in 0..<12 as Range<UInt64> {
      let hardware = try RandomInt16Testing.hardware(seed: number)
      for seed in 0..<40 as Range<UInt64> {
        let layer = RandomInt16Layer(seed: 100 * number + seed, on: hardware), writes = try layer.written()
        if layer.command == .int16 { rules[layer.kind, default: []].formUnion(writes.map(\.value)) } else { modes.append(layer.fields.mode) }
        if layer.fields.feed.firstY < 0 || layer.fields.feed.firstX < 0 { padded += 1 }
        #expect(!writes.isEmpty && writes.allSatisfy { $0.address >= layer.fields.end.base && $0.address < layer.features.count })
      }
    }
    let inputs = modes.filter { $0.contains(.int16Input) }, outputs = modes.filter { $0.contains(.int16Output) }
    for kind in [LayerMode.columns, .maximum, .merged2, .merged4] {
      #expect(inputs.contains { $0.contains(kind) } && outputs.contains { $0.contains(kind) }, "\(kind.name)")
    }
    for kind in [LayerMode.residual, .table] { #expect(inputs.contains { $0.contains(kind) }, "\(kind.name)") }
    #expect(rules.count == 4 && rules.values.allSatisfy { $0.count > 100 }, "\(rules.mapValues(\.count))")
    #expect(padded > modes.count / 2 && modes.contains { !$0.contains(.int16Input) })
  }

  /// What the reference machine refuses ends in hardware, too, and writes bytes where it would without.
  @Test(arguments: [LayerMode.residual, [.residual, .product], .table]) func whatIsOfNoUseDoesNoHarm(_ mode: LayerMode) throws {
    let machines = try (0..<20 as Range<UInt64>).map(RandomInt16Testing.hardware)
    let hardware = try #require(machines.first { mode.isSubset(of: LayerMode(of: $0)) && $0.configuration.hasTileQueue })
    let layers = (0..<200 as Range<UInt64>).map { RandomInt16Layer(seed: $0, on: hardware) }.filter { $0.command == .run && $0.fields.mode.contains(.int16Output) }.prefix(12)
    let useless = layers.map { layer in
      var layer = layer
      layer.fields.mode.formUnion(mode)
      return layer
    }
    let results = try InProcessSimulator(hardware).run(RandomInt16Testing.job(useless))
    try #require(results.samples.count == layers.count && layers.count == 12)
    for (layer, run) in zip(layers, results.samples) {
      #expect(run.problems.isEmpty && run.register(.status).map { Int($0) & RegisterMap.statusDone != 0 } == true, "\(run.problems)")
      let written = run.writes.flatMap { write in write.data.indices.map { write.address + $0 - write.data.startIndex } }
      #expect(try written == layer.written().map(\.address))
    }
    #expect(throws: MachineFault.self) { try useless[0].written() }
  }

  @Test func hardwareAgreesWithTheReferenceMachine() throws {
    let report = try RandomInt16Testing(seed: 3, count: 48, configurations: 3, simulator: .inProcess).run()
    #expect(report.failure == nil, "\(report.failure ?? "")")
    #expect(report.tested == 48 && report.byMode.count > 8)
  }
}
