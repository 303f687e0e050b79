/// A row of registers: each takes what the one before it has, the first takes what comes in.
///
///     let taps = ShiftRegister("taps", of: sample, count: 4, when: isNew)
///     y = taps[0] * 3 + taps[3]
public struct ShiftRegister<T: Value> {
  /// The value that came in last is the first.
  public let values: [T]
  public var last: T { values[values.count - 1] }
  public subscript(position: Int) -> T { values[position] }

  /// Declares the registers in a module's body.
  ///
  /// - Parameters:
  ///   - input: what comes in; its width is that of the registers.
  ///   - count: the number of registers, at least 1.
  ///   - condition: the cycles in which they shift; every one by default.
  ///   - reset: the value of all of them after reset; nil leaves them alone.
  public init(
    _ name: String, of input: T, count: Int, when condition: Bit = true, reset: Int? = 0, in domain: ClockDomain? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    if count < 1 { reportWithoutGraph("the shift register '\(name)' cannot have \(count) registers; the least is 1") }
    var values: [T] = []
    for position in 0..<max(1, count) {
      let register = Register<T>("\(name)\(position)", like: input, reset: reset, in: domain, file: file, line: line)
      register.value = select(condition, values.last ?? input, register.value)
      values.append(register.value)
    }
    self.values = values
  }
}
