// The network as it is compiled: parts in the places of operators, and copies of states.
//
// The next value of a state lies where the present one does, so it is computed elsewhere and copied there when nobody reads the present one any
// more: ASSIGN_VARIABLE, behind all others. A variable of a file has that operator; the state that an operator keeps for itself gets one here.

import Model

extension Graph {
  /// The same network of operators that have layers. Tensors that were there keep their indices; states have their next values in tensors that
  /// only ASSIGN_VARIABLE writes. Such a graph stays as it is.
  public var compiled: Graph {
    var result = decomposed
    let producers = result.producers
    for (position, state) in result.states.enumerated() {
      guard let writer = producers[state.next], !(result.nodes[writer].operation is AssignVariable) else { continue }
      var tensor = result.tensors[state.next]
      tensor.name += "/next"
      result.tensors.append(tensor)
      let next = result.tensors.count - 1
      result.states[position].next = next
      result.nodes.append(Node(index: result.nodes[writer].index, operation: AssignVariable(), inputs: [state.next], outputs: [next]))
    }
    return result
  }
}
