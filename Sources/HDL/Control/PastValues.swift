/// Values of earlier cycles, for properties: `Assert(!rose(request) | !isBusy, "…")`.
///
/// Each makes a register, which only properties read and which therefore is no hardware. After reset the past is zero.

/// The value `cycles` ago.
public func past<T: Value>(_ value: T, _ cycles: Int = 1, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) -> T {
  var result = value
  for cycle in 1...max(1, cycles) {
    let name = "past\(cycle)_\(value.reference.text.filter { $0.isLetter || $0.isNumber })"
    let register = Register<T>(name, like: value, in: domain, file: file, line: line)
    register.value = result
    result = register.value
  }
  return result
}
/// It is what it was in the cycle before.
public func stable<N: Number>(_ value: N, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) -> Bit {
  N.compare(.equal, value, past(value, in: domain, file: file, line: line))
}
public func stable(_ value: Bit, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) -> Bit {
  value === past(value, in: domain, file: file, line: line)
}
/// It is true and was not.
public func rose(_ value: Bit, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) -> Bit {
  value & !past(value, in: domain, file: file, line: line)
}
/// It is not true and was.
public func fell(_ value: Bit, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) -> Bit {
  !value & past(value, in: domain, file: file, line: line)
}
/// Not too late: `condition` holds within `cycles` cycles after `trigger` held without it. Of triggers that come while one is
/// waited for, the first counts.
public func eventually(
  _ condition: Bit, within cycles: Int, after trigger: Bit, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line
) -> Bit {
  let name = "left_\(condition.reference.text.filter { $0.isLetter || $0.isNumber })"
  let left = Register<Unsigned>(name, indexBits(Swift.max(1, cycles) + 1), in: domain, file: file, line: line)
  When(condition) { left.value = 0 }
    .ElseWhen(left.value.anyBitSet) { left.value = left.value &- 1 }
    .ElseWhen(trigger) { left.value = Unsigned(Swift.max(1, cycles)) }
  return condition || left.value !== 1
}
