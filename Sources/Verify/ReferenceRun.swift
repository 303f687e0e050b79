// The reference machine with what a mapping puts into its memories.

import Machine
import Mapper
import Reference

extension ReferenceMachine {
  /// The machine before a run.
  /// - Parameter inputs: bytes in the order of `graph.inputs`.
  public init(_ mapping: Mapping, inputs: [[UInt8]]) {
    self.init(
      mapping.hardware, weights: mapping.weights, parameters: mapping.parameters, scalarTables: mapping.scalarTables,
      byteTables: mapping.byteTables)
    for (tensor, bytes) in zip(mapping.graph.inputs, inputs) {
      if let address = mapping.address(of: tensor) { load(bytes, at: address) }
    }
  }
}
