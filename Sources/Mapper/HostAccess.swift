// What a host writes before a run and reads behind it: bytes by their places in feature memory.

import Model

extension Mapping {
  /// What a host writes before a run.
  /// - Parameters:
  ///   - inputs: in the order of `graph.inputs`, little-endian elements.
  ///   - state: bytes in the order of `graph.states`; nil: what the run before left stays.
  public func writes(inputs: [[UInt8]], state: [[UInt8]]? = nil) -> [(address: Int, bytes: [UInt8])] {
    let all = Array(zip(graph.inputs, inputs)) + Array(zip(graph.states.map(\.tensor), state ?? []))
    return all.compactMap { tensor, bytes in address(of: tensor).map { ($0, stored(bytes, of: tensor)) } }
  }

  /// The state before the first run.
  public var initialState: [[UInt8]] { graph.states.map(\.initial) }
}
