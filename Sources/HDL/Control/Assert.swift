/// Statements about the hardware instead of in it: what must hold, what may be relied on, what should happen.
///
/// Each is looked at at every rising edge of its clock, outside reset, and only where the conditions of the `When` and
/// `Switch` around it hold. The simulator checks them as it runs; the Verilog carries them under `` `ifdef FORMAL `` for
/// `yosys -formal` and whoever else proves them. They cost no hardware.

/// `condition` must hold: a mistake in this module if it does not.
public func Assert(_ condition: Bit, _ message: String, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
  addProperty(.assert, condition, message, domain, SourceLocation(file, line))
}
/// `condition` may be relied on: a mistake in the surroundings if it does not hold. A proof looks at no others.
public func Assume(_ condition: Bit, _ message: String, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
  addProperty(.assume, condition, message, domain, SourceLocation(file, line))
}
/// `condition` should happen at some time, or the other statements say nothing.
public func Cover(_ condition: Bit, _ message: String, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
  addProperty(.cover, condition, message, domain, SourceLocation(file, line))
}

private func addProperty(_ kind: Property.Kind, _ condition: Bit, _ message: String, _ domain: ClockDomain?, _ location: SourceLocation) {
  let name = switch kind {
  case .assert: "Assert"
  case .assume: "Assume"
  case .cover: "Cover"
  }
  let graph = condition.reference.graph ?? Scope.required(name).graph
  if message.isEmpty { graph.report("\(name)(\(condition.reference.text)) needs a message; say what it is about", at: location) }
  graph.properties.append(
    Property(
      kind: kind, enable: graph.openCondition, condition: condition.reference.id(in: graph), message: message,
      domain: graph.domain(ofClocked: name, domain, at: location), location: location))
}
