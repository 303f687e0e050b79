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
