/// Values that pass from one clock domain into another.
///
/// A register that samples a value while it changes may hesitate, and several that sample one value may see
/// different bits of it. So a value crosses in one of three ways only: one bit through a chain of registers; a
/// Gray-coded number, of which one bit changes at a time, in the same way; or a value that is known to rest while
/// it is looked at. Everything else is an error of elaboration.

/// `bit` as seen from `domain`, after `stages` registers: late by as many cycles, but never undecided.
///
/// `bit` must come straight from a register: logic in front of a synchronizer makes glitches, which it may sample.
public func synchronized(
  _ bit: Bit, into domain: ClockDomain, stages: Int = 2, reset: Int? = 0, file: StaticString = #fileID, line: UInt = #line
) -> Bit {
  Bit(reference: synchronizer(bit.reference, domain, stages, reset, SourceLocation(file, line)))
}

/// A Gray-coded number as seen from `domain`. The code must change by one bit at a time, or what arrives
/// is a number that never was; `gray` must come straight from a register.
public func synchronized(
  gray: Unsigned, into domain: ClockDomain, stages: Int = 2, reset: Int? = 0, file: StaticString = #fileID, line: UInt = #line
) -> Unsigned {
  Unsigned(reference: synchronizer(gray.reference, domain, stages, reset, SourceLocation(file, line)))
}

/// `value` without any hardware, on the promise that it does not change while `domain` looks at it.
///
/// - Parameter reason: why that is so; it stays in the source, for whoever doubts it.
public func assumeStable<T: Value>(
  _ value: T, into domain: ClockDomain, because reason: String, file: StaticString = #fileID, line: UInt = #line
) -> T {
  let graph = value.reference.graph ?? Scope.required("assumeStable").graph, location = SourceLocation(file, line)
  if reason.isEmpty { graph.report("assumeStable(\(value.reference.text)) needs a reason; say why the value rests", at: location) }
  let name = "\(graph.crossingName(value.reference))_stable"
  let index = graph.domain(ofClocked: name, domain, at: location)
  return T(reference: Reference(graph, graph.wire(name, value.reference, domain: index, at: location), value.reference.shape))
}

/// A reset that begins at once when `reset` does, and ends with the clock of `domain`: for a domain with an asynchronous reset,
/// whose registers would otherwise leave it in different cycles.
///
///     let board = ClockDomain("board", clockOf: .default, reset: synchronizedReset(button, into: .default), kind: .asynchronous)
///
/// - Parameter reset: may come at any time, but straight from a register or a port.
public func synchronizedReset(
  _ reset: Bit, into domain: ClockDomain, stages: Int = 2, file: StaticString = #fileID, line: UInt = #line
) -> Bit {
  let graph = reset.reference.graph ?? Scope.required("synchronizedReset").graph, location = SourceLocation(file, line)
  if stages < 2 { graph.report("a reset synchronizer of \(stages) stage\(stages == 1 ? "" : "s") does not settle; use at least 2", at: location) }
  let name = graph.crossingName(reset.reference), raw = ClockDomain("\(name)_released")
  graph.declare(
    raw, .sameAs(graph.index(of: domain)), reset: reset, DomainRecord.Said(reset: .asynchronous), isResetSynchronizer: true, at: location)
  var stage = Bit(false)
  for number in 1...max(1, stages) {
    let cell = Cell(.bit, reset: 1, domain: raw, location), signal = graph.signals.count
    cell.bind(.register, .register, to: graph, name: "\(name)_release\(number == stages ? "" : "_\(number)")")
    graph.signals[signal].isSynchronizer = true
    guard let next = cell.reference else { return reset }
    graph.body.statements.append(.assign(Assignment(target: next.node, value: stage.reference.id(in: graph), location: location)))
    stage = Bit(reference: next)
  }
  return stage
}

private func synchronizer(
  _ value: Reference, _ domain: ClockDomain, _ stages: Int, _ reset: Int?, _ location: SourceLocation
) -> Reference {
  let graph = value.graph ?? Scope.required("synchronized").graph
  if stages < 2 {
    graph.report("a synchronizer of \(stages) stage\(stages == 1 ? "" : "s") does not let \(value.description) settle; use at least 2", at: location)
  }
  let name = graph.crossingName(value)
  let count = max(1, stages)
  var stage = value
  for number in 1...count {
    let suffix = number == count ? "synchronized" : number == 1 ? "meta" : "meta_\(number)"
    let cell = Cell(value.shape, reset: reset, domain: domain, location)
    let signal = graph.signals.count
    cell.bind(.register, .register, to: graph, name: "\(name)_\(suffix)")
    graph.signals[signal].isSynchronizer = true
    guard let next = cell.reference else { return value }
    graph.body.statements.append(.assign(Assignment(target: next.node, value: stage.id(in: graph), location: location)))
    stage = next
  }
  return stage
}

extension Graph {
  /// What the hardware of a crossing is named after.
  fileprivate func crossingName(_ value: Reference) -> String {
    guard value.graph === self else { return "constant" }
    return expressionNames[value.node] ?? signal(of: value.node)?.name ?? "crossing"
  }
}
