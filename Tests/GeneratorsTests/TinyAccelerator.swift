// The smallest accelerator with a program of one layer, for tests of the whole.

import HDL
import Machine

@testable import Generators

/// N = 2, C = 2, V = 4, Q = 1, with the memories filled.
struct TinyAccelerator {
  let simulation: Simulation<Accelerator>

  init(_ layer: LayerFields, residual: Bool) throws {
    let configuration = Configuration(
      name: "figure", pixels: 1, channels: 2, dotProduct: 2, memoryLanes: 4, postLanes: 1, patchDepth: 8,
      units: OptionalUnits(residual: residual, maximum: false, scalar: false, tables: false))
    simulation = try Simulation(Accelerator(Hardware(
      configuration: configuration, accumulatorBits: 24, featureRows: 16, weightWords: 4, parameterEntries: 4, programWords: 64,
      scalarTables: 0, byteTables: 0)))
    let set = LayerField.all.filter { layer[$0] != $0.start }.map { Instruction.set($0, layer[$0]).word }
    for (place, word) in Instruction.sealed(set + [Instruction.run(step: 7).word]).enumerated() {
      try simulation.poke("program.lane0.words[\(place)]", word)
    }
    // Bytes 1, 2, 3 ...; channel 0 sums its bytes, channel 1 twice their number; parameters that let sums pass, channel 1 with a bias.
    for place in 0..<24 { try simulation.poke("features.lane\(place % 4).cells[\(place / 4)]", place + 1) }
    for word in 0..<4 { try simulation.poke("weights.lane0.words[\(word)]", 0x0202_0101) }
    for entry in 0..<2 {
      let words = ParameterWord(bias: Int32(-8 * entry), multiplier: 1 << 30, shift: 30, doubleRounding: false).words
      for (lane, word) in words.enumerated() { try simulation.poke("parameters.lane\(lane).words[\(entry)]", word) }
    }
    simulation.reset()
  }
}

extension TinyAccelerator {
  /// Two pixels of four bytes each, two output channels, one kernel row and column: a chunk and two steps a tile.
  static let convolution: LayerFields = [
    \.feed.groups: 1, \.feed.rows: 1, \.feed.columns: 2, \.feed.tapRows: 1, \.feed.tapColumns: 1, \.feed.runBytes: 4, \.feed.xStep: 4,
    \.feed.rowBytes: 8, \.feed.height: 1, \.array.columns: 2, \.array.passes: 2, \.array.passSteps: 1, \.array.lastPassLanes: 2,
    \.weights.step: 1, \.end.base: 32, \.end.columnStep: 2, \.end.channels: 2, \.end.lastChannels: 2, \.end.parameterStep: 1,
    \.end.low: -128, \.end.high: 127,
  ]
  /// Three pixels of two channels, each a column of one entry, to which a second tensor is added.
  static let addition: LayerFields = {
    var layer = convolution
    layer.mode = [.columns, .residual]
    (layer.feed.columns, layer.array.columns, layer.feed.runBytes, layer.feed.xStep) = (3, 3, 2, 2)
    (layer.array.passes, layer.array.lastPassLanes, layer.weights.step) = (1, 1, 0)
    layer.window = WindowFields(columns: 1, capacity: 16, advance: 1, rowAdvance: 1, passSteps: 1, dotProduct: 2)
    (layer.addition.base, layer.addition.a, layer.addition.b, layer.addition.shift) = (16, 1, 1, 1)
    (layer.addition.low, layer.addition.high) = (-128, 127)
    return layer
  }()
}
