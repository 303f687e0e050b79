/// A register that counts 0, 1, … up to the last value and begins again.
///
///     let divider = Counter("divider", 868, when: isSending)
///     When(divider.isLast) { … }
public struct Counter {
  /// The values it takes.
  public let count: Int
  /// 0..<count.
  public let value: Unsigned
  /// It counts, and begins again at the next edge: once in `count` counts.
  public let wraps: Bit

  /// Declares the counter in a module's body.
  ///
  /// - Parameters:
  ///   - count: how many values it takes, at least 1.
  ///   - condition: the cycles in which it counts; every one by default.
  ///   - clear: the cycles after which it begins again, whatever it was.
  public init(
    _ name: String, _ count: Int, when condition: Bit = true, clear: Bit? = nil, in domain: ClockDomain? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.count = max(1, count)
    if count < 1 { reportWithoutGraph("the counter '\(name)' cannot take \(count) values; the least is 1") }
    let width = indexBits(self.count)
    let register = Register<Unsigned>(name, width, in: domain, file: file, line: line)
    let isLast = self.count == 1 << width ? register.value.allBitsSet : register.value === Unsigned(self.count - 1)
    let next = self.count == 1 << width ? register.value &+ 1 : select(isLast, 0, register.value &+ 1)
    register.value = clear.map { select($0, 0, select(condition, next, register.value)) } ?? select(condition, next, register.value)
    value = register.value
    wraps = condition & isLast
  }
}
