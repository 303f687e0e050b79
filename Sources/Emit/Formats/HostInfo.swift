// What a host does of a network, as every JSON of this tool says it.

import Mapper
import Model

/// The network's own ends, and the operators between them and the accelerator's.
public struct HostInfo: Codable, Equatable, Sendable {
  public struct Operator: Codable, Equatable, Sendable {
    /// Its number in the model file.
    public var index: Int
    public var name: String
    public var inputs: [Int]
    public var outputs: [Int]

    private enum CodingKeys: String, CodingKey { case index, name = "operator", inputs, outputs }

    init(_ node: Node) { (index, name, inputs, outputs) = (node.index, node.operation.name, node.inputs, node.outputs) }
  }

  /// What the network takes and gives.
  public var inputs: [TensorInfo], outputs: [TensorInfo]
  /// What the host computes before and behind the accelerator, in order.
  public var before: [Operator], after: [Operator]
  /// What remains to be done with the accelerator's outputs and that this tool does not compute.
  public var remaining: [Operator]

  /// nil when the accelerator computes all of the network.
  init?(_ network: Graph) {
    let partition = network.partition
    guard !partition.isWhole else { return nil }
    (inputs, outputs) = (network.inputs.map { TensorInfo($0, in: network) }, network.outputs.map { TensorInfo($0, in: network) })
    (before, after) = (partition.before.map(Operator.init), partition.after.map(Operator.init))
    remaining = partition.remaining.map(Operator.init)
  }

  /// One line for each place at which the host does something, for people.
  var lines: [String] {
    func list(_ operators: [Operator]) -> String {
      var counts: [(name: String, count: Int)] = []
      for each in operators {
        if let place = counts.firstIndex(where: { $0.name == each.name }) { counts[place].count += 1 } else { counts.append((each.name, 1)) }
      }
      return counts.map { $0.count == 1 ? $0.name : "\($0.name) ×\($0.count)" }.joined(separator: ", ")
    }
    return [(before, "on the host, before"), (after, "on the host, behind"), (remaining, "left to the host, not computed here")].compactMap {
      $0.isEmpty ? nil : "\($1): \(list($0))"
    }
  }
}

/// State that the accelerator keeps from run to run.
public struct StateInfo: Codable, Equatable, Sendable {
  public var variable: String
  /// Where it lies.
  public var place: TensorInfo
  /// What a host writes there before the first run.
  public var initial: [Int]

  init(_ state: StateVariable, in mapping: Mapping) {
    (variable, place) = (state.name, TensorInfo(state.tensor, in: mapping))
    initial = mapping.graph.tensors[state.tensor].integers(state.initial)
  }
}
