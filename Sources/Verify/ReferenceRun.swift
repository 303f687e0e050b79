// The reference machine with what a mapping puts into its memories.

import Machine
import Mapper
import Reference

extension ReferenceMachine {
  /// The machine before a run.
  /// - Parameters:
  ///   - inputs: bytes in the order of `graph.inputs`.
  ///   - state: bytes in the order of `graph.states`; nil before the first run.
  public init(_ mapping: Mapping, inputs: [[UInt8]], state: [[UInt8]]? = nil) {
    self.init(
      mapping.hardware, weights: mapping.weights, parameters: mapping.parameters, scalarTables: mapping.scalarTables,
      byteTables: mapping.byteTables)
    for write in mapping.writes(inputs: inputs, state: state ?? mapping.initialState) { load(write.bytes, at: write.address) }
  }
}
