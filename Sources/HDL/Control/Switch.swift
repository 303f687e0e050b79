/// A choice by value: over a number, a bit, or the case of an enum.
///
/// Every value must be covered, by a `Case` or by `Default`, and no value twice. A case stands for values (`Case(1, 4)`), for
/// all of a range (`Case(8...15)`), or for all that fit a pattern of bits (`Case(bits: "1??0")`).
public func Switch(_ subject: Unsigned, file: StaticString = #fileID, line: UInt = #line, @ArmBuilder<Int> _ arms: () -> [Arm<Int>]) {
  Switch(subject, at: SourceLocation(file, line), arms())
}
public func Switch(_ subject: Signed, file: StaticString = #fileID, line: UInt = #line, @ArmBuilder<Int> _ arms: () -> [Arm<Int>]) {
  Switch(subject, at: SourceLocation(file, line), arms())
}
public func Switch(_ subject: Bit, file: StaticString = #fileID, line: UInt = #line, @ArmBuilder<Bool> _ arms: () -> [Arm<Bool>]) {
  Switch(subject, at: SourceLocation(file, line), arms())
}
public func Switch<State>(_ subject: Enumerated<State>, file: StaticString = #fileID, line: UInt = #line, @ArmBuilder<State> _ arms: () -> [Arm<State>]) {
  Switch(subject, at: SourceLocation(file, line), arms())
}

// The same for arms that are made already.
func Switch(_ subject: Unsigned, at location: SourceLocation, _ arms: [Arm<Int>]) {
  let values = subject.width < 12 ? Array(0..<(1 << subject.width)) : nil
  match(subject, arms, encode: { $0 }, show: { "\($0)" }, all: values, location)
}
func Switch(_ subject: Signed, at location: SourceLocation, _ arms: [Arm<Int>]) {
  let width = subject.width, half = 1 << Swift.min(width - 1, 61)
  let values = width < 12 ? Array(-half..<half) : nil
  // What does not fit gets an encoding that does not exist, and is reported as such.
  func encode(_ value: Int) -> Int { (-half..<half).contains(value) ? value & (2 * half - 1) : -1 }
  match(subject.asUnsigned, arms, encode: encode, show: { "\($0)" }, all: values, location, of: subject.reference)
}
func Switch(_ subject: Bit, at location: SourceLocation, _ arms: [Arm<Bool>]) {
  match(subject.asUnsigned, arms, encode: { $0 ? 1 : 0 }, show: { "\($0)" }, all: [false, true], location)
}
func Switch<State>(_ subject: Enumerated<State>, at location: SourceLocation, _ arms: [Arm<State>]) {
  match(subject.asUnsigned, arms, encode: \.rawValue, show: { ".\($0)" }, all: Array(State.allCases), location)
}

/// One arm of a `Switch`.
public struct Arm<Label> {
  /// nil for `Default`.
  let labels: [Label]?
  let location: SourceLocation
  let body: () -> Void
  /// What is wrong with the labels as they are written.
  var mistake: String?
}
public func Case<Label>(_ labels: Label..., file: StaticString = #fileID, line: UInt = #line, body: @escaping () -> Void) -> Arm<Label> {
  Arm(labels: labels, location: SourceLocation(file, line), body: body)
}
/// All values of a range.
public func Case(_ values: Range<Int>, file: StaticString = #fileID, line: UInt = #line, body: @escaping () -> Void) -> Arm<Int> {
  let limit = 4096
  let mistake = values.count > limit ? "Case(\(values)) stands for \(values.count) values; at most \(limit)" : nil
  return Arm(labels: Array(values.prefix(limit)), location: SourceLocation(file, line), body: body, mistake: mistake)
}
public func Case(_ values: ClosedRange<Int>, file: StaticString = #fileID, line: UInt = #line, body: @escaping () -> Void) -> Arm<Int> {
  Case(Range(values), file: file, line: line, body: body)
}
/// All values whose bits fit a pattern, the highest first: `"1??0"`. A question mark fits both; underscores are for the reader.
public func Case(bits pattern: String, file: StaticString = #fileID, line: UInt = #line, body: @escaping () -> Void) -> Arm<Int> {
  let digits = pattern.filter { $0 != "_" }
  var labels = [0], mistake: String?
  if digits.isEmpty || digits.contains(where: { !"01?".contains($0) }) || digits.count(where: { $0 == "?" }) > 12 || digits.count > 62 {
    mistake = "Case(bits: \"\(pattern)\") is no pattern: write 0, 1 and at most 12 question marks"
    labels = []
  } else {
    for digit in digits { labels = labels.flatMap { value in digit == "?" ? [2 * value, 2 * value + 1] : [2 * value + (digit == "1" ? 1 : 0)] } }
  }
  return Arm(labels: labels, location: SourceLocation(file, line), body: body, mistake: mistake)
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
  _ subject: Unsigned, _ arms: [Arm<Label>], encode: (Label) -> Int, show: (Label) -> String, all: [Label]?, _ location: SourceLocation,
  of original: Reference? = nil
) {
  let described = original ?? subject.reference
  let graph = subject.reference.graph ?? Scope.required("Switch").graph
  let result = Match(subject: subject.reference.id(in: graph), arms: [], otherwise: nil, location: location)
  var seen: Set<Label> = []
  let remarks = graph.remarkCount
  defer { result.holdsRemark = graph.remarkCount > remarks }
  graph.emit(.match(result))
  for arm in arms {
    let block = Block()
    let codes = arm.labels?.map(encode)
    let open = codes.map { OpenArm.labels($0, of: subject) } ?? .otherwise(result.arms.flatMap(\.labels), of: subject)
    graph.within(block, of: open, at: arm.location, arm.body)
    guard let labels = arm.labels else {
      if result.otherwise != nil { graph.report("the Switch over '\(described.text)' has two Defaults; keep one", at: arm.location) }
      result.otherwise = block
      continue
    }
    if let mistake = arm.mistake {
      graph.report(mistake, at: arm.location)
    } else if labels.isEmpty {
      graph.report("a Case without values never applies; name some, or write Default", at: arm.location)
    }
    if result.otherwise != nil { graph.report("a Case after Default is confusing; put Default last", at: arm.location) }
    for label in labels {
      let code = encode(label)
      if code < 0 || (subject.width < Int.bitWidth - 1 && code >= 1 << subject.width) {
        graph.report("Case(\(show(label))) can never match \(described.description)", at: arm.location)
      } else if !seen.insert(label).inserted {
        graph.report("Case(\(show(label))) appears twice in the Switch over '\(described.text)'; merge the two", at: arm.location)
      }
    }
    result.arms.append(.init(labels: codes ?? [], block: block))
  }
  if result.otherwise != nil { return }
  guard let all else {
    return graph.report("the Switch over \(described.description) has no Default; add Default { }", at: location)
  }
  let missing = all.filter { !seen.contains($0) }
  if !missing.isEmpty {
    let shown = missing.prefix(4).map(show).joined(separator: ", ") + (missing.count > 4 ? ", … (\(missing.count) in all)" : "")
    graph.report("the Switch over '\(described.text)' misses \(shown); add the Case or a Default", at: location)
  }
}
