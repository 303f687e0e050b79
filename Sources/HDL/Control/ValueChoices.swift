/// Choices that are values: by conditions in their order, or by a number or a case.
///
///     let next = when(isLoad) { address }.elseWhen(isJump) { target }.otherwise { counter &+ 4 }
///     let result = choose(by: operation) {
///       Choice(0) { a &+ b }
///       Choice(1, 5) { a &- b }
///       Choice(bits: "1?0") { a ^ b }
///       Otherwise { 0 }
///     }
///
/// Branches of unequal width are widened to the widest. What a closure declares exists always; only its value is chosen.

/// A value where `condition` holds.
public func when<T: Value>(_ condition: Bit, _ value: () -> T) -> ConditionalValue<T> { ConditionalValue(arms: [(condition, value())]) }

/// The rest of a `when`.
public struct ConditionalValue<T: Value> {
  let arms: [(condition: Bit, value: T)]
  /// A value where `condition` holds, and none before it.
  public func elseWhen(_ condition: Bit, _ value: () -> T) -> ConditionalValue { ConditionalValue(arms: arms + [(condition, value())]) }
  /// The value where no condition holds.
  public func otherwise(_ value: () -> T) -> T { arms.reversed().reduce(value()) { select($1.condition, $1.value, $0) } }
}

/// The value of the one choice that fits `subject`. Every value is covered once, as in a `Switch`.
public func choose<T: Value>(
  by subject: Unsigned, file: StaticString = #fileID, line: UInt = #line, @ChoiceBuilder<Int, T> _ choices: () -> [Choice<Int, T>]
) -> T {
  let location = SourceLocation(file, line)
  return chosen(choices(), subject.reference, location) { Switch(subject, at: location, $0) }
}
public func choose<T: Value>(
  by subject: Signed, file: StaticString = #fileID, line: UInt = #line, @ChoiceBuilder<Int, T> _ choices: () -> [Choice<Int, T>]
) -> T {
  let location = SourceLocation(file, line)
  return chosen(choices(), subject.reference, location) { Switch(subject, at: location, $0) }
}
public func choose<T: Value>(
  by subject: Bit, file: StaticString = #fileID, line: UInt = #line, @ChoiceBuilder<Bool, T> _ choices: () -> [Choice<Bool, T>]
) -> T {
  let location = SourceLocation(file, line)
  return chosen(choices(), subject.reference, location) { Switch(subject, at: location, $0) }
}
public func choose<T: Value, State: HardwareState>(
  by subject: Enumerated<State>, file: StaticString = #fileID, line: UInt = #line, @ChoiceBuilder<State, T> _ choices: () -> [Choice<State, T>]
) -> T {
  let location = SourceLocation(file, line)
  return chosen(choices(), subject.reference, location) { Switch(subject, at: location, $0) }
}

/// A value for some labels.
public struct Choice<Label, T> {
  /// The arm that it becomes, without its body.
  let arm: Arm<Label>
  let value: () -> T

  init(_ arm: Arm<Label>, _ value: @escaping () -> T) { (self.arm, self.value) = (arm, value) }
  public init(_ labels: Label..., file: StaticString = #fileID, line: UInt = #line, value: @escaping () -> T) {
    self.init(Arm(labels: labels, location: SourceLocation(file, line), body: {}), value)
  }
  public init(_ values: Range<Int>, file: StaticString = #fileID, line: UInt = #line, value: @escaping () -> T) where Label == Int {
    self.init(Case(values, file: file, line: line) {}, value)
  }
  public init(_ values: ClosedRange<Int>, file: StaticString = #fileID, line: UInt = #line, value: @escaping () -> T) where Label == Int {
    self.init(Case(values, file: file, line: line) {}, value)
  }
  /// All values whose bits fit a pattern, as for `Case(bits:)`.
  public init(bits pattern: String, file: StaticString = #fileID, line: UInt = #line, value: @escaping () -> T) where Label == Int {
    self.init(Case(bits: pattern, file: file, line: line) {}, value)
  }
}
/// The value where no choice before it fits.
public func Otherwise<Label, T>(file: StaticString = #fileID, line: UInt = #line, value: @escaping () -> T) -> Choice<Label, T> {
  Choice(Default(file: file, line: line) {}, value)
}

@resultBuilder public enum ChoiceBuilder<Label, T> {
  public static func buildExpression(_ choice: Choice<Label, T>) -> [Choice<Label, T>] { [choice] }
  public static func buildBlock(_ choices: [Choice<Label, T>]...) -> [Choice<Label, T>] { choices.flatMap { $0 } }
  public static func buildArray(_ choices: [[Choice<Label, T>]]) -> [Choice<Label, T>] { choices.flatMap { $0 } }
  public static func buildOptional(_ choices: [Choice<Label, T>]?) -> [Choice<Label, T>] { choices ?? [] }
  public static func buildEither(first choices: [Choice<Label, T>]) -> [Choice<Label, T>] { choices }
  public static func buildEither(second choices: [Choice<Label, T>]) -> [Choice<Label, T>] { choices }
}

/// A wire that `match`, given its arms, assigns.
private func chosen<Label, T: Value>(
  _ choices: [Choice<Label, T>], _ subject: Reference, _ location: SourceLocation, _ match: ([Arm<Label>]) -> Void
) -> T {
  let graph = subject.graph ?? Scope.required("choose").graph
  let values = choices.map { $0.value() }
  guard let first = values.first else {
    graph.report("choose(by:) needs at least one Choice", at: location)
    return T(reference: Reference(.zero(1), isSigned: T.shape(1).isSigned, isFlexible: false))
  }
  let branches = widened(values), shape = branches[0].shape
  let wire = graph.declare(.wire, .variable, name: "choice", shape, location)
  graph.renamable.insert(wire)
  graph.outsideOfBlocks {
    match(zip(choices, branches).map { choice, branch in
      let value = branch.id(in: graph)
      return Arm(labels: choice.arm.labels, location: choice.arm.location, body: { graph.assign(wire, Reference(graph, value, shape), location: nil) }, mistake: choice.arm.mistake)
    })
  }
  return T(reference: Reference(graph, wire, shape).laid(out: first.reference.layout))
}
