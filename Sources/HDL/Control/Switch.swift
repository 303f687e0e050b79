/// A choice by value: over a number, or over the state of a machine.
///
/// Every value must be covered, by a `Case` or by `Default`, and no value twice.
public func Switch(_ subject: Unsigned, file: StaticString = #fileID, line: UInt = #line, @ArmBuilder<Int> _ arms: () -> [Arm<Int>]) {
  let values = subject.width < 12 ? Array(0..<(1 << subject.width)) : nil
  match(subject, arms(), encode: { $0 }, show: { "\($0)" }, all: values, SourceLocation(file, line))
}
public func Switch<State>(_ subject: Enumerated<State>, file: StaticString = #fileID, line: UInt = #line, @ArmBuilder<State> _ arms: () -> [Arm<State>]) {
  match(subject.asUnsigned, arms(), encode: \.rawValue, show: { ".\($0)" }, all: Array(State.allCases), SourceLocation(file, line))
}

/// One arm of a `Switch`.
public struct Arm<Label> {
  /// nil for `Default`.
  let labels: [Label]?
  let location: SourceLocation
  let body: () -> Void
}
public func Case<Label>(_ labels: Label..., file: StaticString = #fileID, line: UInt = #line, body: @escaping () -> Void) -> Arm<Label> {
  Arm(labels: labels, location: SourceLocation(file, line), body: body)
}
public func Default<Label>(file: StaticString = #fileID, line: UInt = #line, body: @escaping () -> Void) -> Arm<Label> {
  Arm(labels: nil, location: SourceLocation(file, line), body: body)
}

@resultBuilder public enum ArmBuilder<Label> {
  public static func buildExpression(_ arm: Arm<Label>) -> [Arm<Label>] { [arm] }
  public static func buildExpression(_ arms: [Arm<Label>]) -> [Arm<Label>] { arms }
  public static func buildBlock(_ arms: [Arm<Label>]...) -> [Arm<Label>] { arms.flatMap { $0 } }
  public static func buildArray(_ arms: [[Arm<Label>]]) -> [Arm<Label>] { arms.flatMap { $0 } }
  public static func buildOptional(_ arms: [Arm<Label>]?) -> [Arm<Label>] { arms ?? [] }
  public static func buildEither(first arms: [Arm<Label>]) -> [Arm<Label>] { arms }
  public static func buildEither(second arms: [Arm<Label>]) -> [Arm<Label>] { arms }
}

private func match<Label: Hashable>(
  _ subject: Unsigned, _ arms: [Arm<Label>], encode: (Label) -> Int, show: (Label) -> String, all: [Label]?, _ location: SourceLocation
) {
  let graph = subject.reference.graph ?? Scope.required("Switch").graph
  let result = Match(subject: subject.reference.id(in: graph), arms: [], otherwise: nil, location: location)
  var seen: Set<Label> = []
  let properties = graph.properties.count
  defer { result.holdsProperty = graph.properties.count > properties }
  graph.emit(.match(result))
  for arm in arms {
    let block = Block()
    let codes = arm.labels?.map(encode)
    let open = codes.map { OpenArm.labels($0, of: subject) } ?? .otherwise(result.arms.flatMap(\.labels), of: subject)
    graph.within(block, of: open, at: arm.location, arm.body)
    guard let labels = arm.labels else {
      if result.otherwise != nil { graph.report("the Switch over '\(subject.reference.text)' has two Defaults; keep one", at: arm.location) }
      result.otherwise = block
      continue
    }
    if result.otherwise != nil { graph.report("a Case after Default is confusing; put Default last", at: arm.location) }
    for label in labels {
      let code = encode(label)
      if code < 0 || (subject.width < Int.bitWidth - 1 && code >= 1 << subject.width) {
        graph.report("Case(\(show(label))) can never match \(subject.reference.description)", at: arm.location)
      } else if !seen.insert(label).inserted {
        graph.report("Case(\(show(label))) appears twice in the Switch over '\(subject.reference.text)'; merge the two", at: arm.location)
      }
    }
    result.arms.append(.init(labels: codes ?? [], block: block))
  }
  if result.otherwise != nil { return }
  guard let all else {
    return graph.report("the Switch over \(subject.reference.description) has no Default; add Default { }", at: location)
  }
  let missing = all.filter { !seen.contains($0) }
  if !missing.isEmpty {
    let shown = missing.prefix(4).map(show).joined(separator: ", ") + (missing.count > 4 ? ", … (\(missing.count) in all)" : "")
    graph.report("the Switch over '\(subject.reference.text)' misses \(shown); add the Case or a Default", at: location)
  }
}
