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

/// Names for several values at once, from the labels that they have anyway: those of a tuple, or the members of a struct.
///
///     let decoded = named((isLoad: opcode === 3, isStore: opcode === 35))
///     When(decoded.isLoad) { … }
///
/// A `let` has no name that a program could see while it runs, so a name must be given somewhere; a label gives it once.
@discardableResult public func named<Values>(_ values: Values, file: StaticString = #fileID, line: UInt = #line) -> Values {
  for child in Mirror(reflecting: values).children {
    if child.label?.hasPrefix(".") == true, let value = child.value as? any Value {
      value.reference.report("named(…) has lost the labels of the tuple, because its members are taken apart at once; give all of them one name, as in let d = named((…)), and read d.label")
      break
    }
    if let label = child.label, let value = child.value as? any Value { value.named(label, file: file, line: line) }
  }
  return values
}
