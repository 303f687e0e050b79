/// Attributes: words for the tools behind, which this language only passes on, as in `count.attribute("mark_debug", "true")`.
package struct Attribute: Hashable {
  let name: String
  let value: VerilogParameter
}

extension Value {
  /// Puts `(* name = value *)` before the declaration of this port, wire, register or instance's output. An expression becomes
  /// a wire of its own by that.
  @discardableResult public func attribute(_ name: String, _ value: VerilogParameter = 1) -> Self {
    guard let graph = reference.graph else {
      reference.report("a constant has no declaration that could carry the attribute '\(name)'")
      return self
    }
    graph.checkAttribute(name, value)
    graph.attributes[reference.node, default: []].append(Attribute(name: name, value: value))
    return self
  }
}
extension Memory {
  /// Puts `(* name = value *)` before the declaration of the memory.
  @discardableResult public func attribute(_ name: String, _ value: VerilogParameter = 1) -> Memory {
    graph.checkAttribute(name, value)
    graph.memories[index].attributes.append(Attribute(name: name, value: value))
    return self
  }
}
extension Instance {
  /// Puts `(* name = value *)` before the instance.
  @discardableResult public func attribute(_ name: String, _ value: VerilogParameter = 1) -> Instance {
    parent.checkAttribute(name, value)
    if index >= 0 { parent.instances[index].attributes.append(Attribute(name: name, value: value)) }
    return self
  }
}

extension Graph {
  fileprivate func checkAttribute(_ name: String, _ value: VerilogParameter) {
    if !VerilogNames.isIdentifier(name) { report("'\(name)' is no name for an attribute; use letters, digits and _") }
    if let problem = value.problem { report("attribute '\(name)' \(problem)") }
  }
}
