// What the trace port shows of a write.

/// A byte that a program wrote.
public struct WrittenByte: Hashable, Sendable {
  /// The number that the step's command carries.
  public var step: Int
  public var address: Int
  public var value: UInt8
  /// Before the addition or the table; the value itself where there is none.
  public var before: UInt8

  public init(step: Int, address: Int, value: UInt8, before: UInt8) {
    (self.step, self.address, self.value, self.before) = (step, address, value, before)
  }
}
