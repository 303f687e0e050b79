// A sum or a product of two functions of the same byte is a function of that byte: a table.
//
// x·LOGISTIC(x), as SiLU is exported, is the best known; x·RELU6(x + 3)/6 is another, step by step. What only the sum or the
// product read need not be computed then, and the table can move into the layer that makes the byte.

import Machine
import Model

extension Network {
  mutating func foldFunctions(_ configuration: Configuration) {
    guard configuration.units.tables else { return }
    /// By the root of a tensor, the byte that it is a function of, and the layers between.
    var origins: [Int: Origin] = [:]
    func origin(_ tensor: Int) -> Origin { origins[root(tensor)] ?? Origin(tensor: tensor) }
    for position in plans.indices {
      guard let plan = plans[position], let input = plan.input, plan.isElementwise(in: graph) else { continue }
      if let function = plan.functionOfByte {
        origins[root(plan.output)] = origin(input).followed(by: function, position)
      } else if let joined = plan.joinedTensors {
        let first = origin(joined.first), second = origin(joined.second)
        guard root(first.tensor) == root(second.tensor), !first.layers.isEmpty || !second.layers.isEmpty || joined.added.rule == .product
        else { continue }
        let table = (0..<256).map { Int8(joined.added.value(Int(first.table[$0]), Int(second.table[$0]))) }
        var folded = LayerPlan(
          plan.node, parts: [.unchanged(first.tensor, plan.output, in: graph)], ending: Ending(tail: .table(table, name: joined.added.name)),
          function: table, result: first.tensor, output: plan.output)
        folded.nodes = plan.nodes
        plans[position] = folded
        // The last layers first: what only they read is read by nobody then.
        for between in (first.layers + second.layers).sorted(by: >) { drop(between, into: position) }
        origins[root(plan.output)] = Origin(tensor: first.tensor, table: table, layers: [position])
      }
    }
  }

  /// Takes a layer out if nobody reads what it makes; its operators belong to the layer at `position` from now on.
  private mutating func drop(_ between: Int, into position: Int) {
    guard let plan = plans[between], between != position else { return }
    let tensor = root(plan.output)
    let isRead = plans.contains { $0?.reads.contains { root($0) == tensor } == true } || graph.outputs.contains { root($0) == tensor }
    guard !isRead else { return }
    let nodes = plan.nodes + (plans[position]?.nodes ?? [])
    plans[between] = nil
    plans[position]?.nodes = nodes.sorted { $0.index < $1.index }
  }
}

/// What a tensor's bytes are a function of.
private struct Origin {
  var tensor: Int
  /// The outputs for −128...127.
  var table: [Int8] = (-128...127).map { Int8($0) }
  /// The positions of the layers that compute it, one after the other.
  var layers: [Int] = []

  func followed(by function: [Int8], _ position: Int) -> Origin {
    Origin(tensor: tensor, table: table.map { function[Int($0) + 128] }, layers: layers + [position])
  }
}

extension LayerPlan {
  /// Whether element i of the output depends on element i of the input, and on no other.
  fileprivate func isElementwise(in graph: Graph) -> Bool {
    guard parts.count == 1, let part = parts.first, case .bytes = part.kernel else { return false }
    return part.from.isContiguous && part.to.isContiguous && part.from.count == graph.tensors[part.from.tensor].elementCount
      && part.to.count == graph.tensors[output].elementCount
  }

  /// Whether bytes reach the ending as they are.
  private var passesBytes: Bool {
    guard let part = parts.first, case .bytes(nil) = part.kernel, case .unchanged = part.rescaling else { return false }
    return true
  }

  /// The outputs for −128...127, where all elements have one function: of an operator of one tensor, or of a tensor and one constant.
  fileprivate var functionOfByte: [Int8]? {
    if let function { return function }
    if let added = ending.addition {
      guard passesBytes, case .constant(let values) = added.other, values.count == 1 else { return nil }
      return (-128...127).map { Int8(added.value($0, Int(values[0]))) }
    }
    guard ending.isOpen, case .bytes(let weights?) = parts[0].kernel, weights.count == 1,
      case .sums(let bias, let factors, let zeroIn, let zeroOut) = parts[0].rescaling
    else { return nil }
    return (-128...127).map { byte in
      let sum = Int32(truncatingIfNeeded: (byte - zeroIn) * weights[0] + Int(bias[0]))
      let y = Int(factors[0].steps(sum) &+ Int32(truncatingIfNeeded: zeroOut))
      return Int8(min(max(y, ending.limits.lowerBound), ending.limits.upperBound))
    }
  }

  /// The two computed tensors that it adds or multiplies.
  fileprivate var joinedTensors: (first: Int, second: Int, added: Added)? {
    guard function == nil, passesBytes, let added = ending.addition, let first = input, let second = added.otherTensor else { return nil }
    return (first, second, added)
  }
}
