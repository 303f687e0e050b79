/// A linear-feedback shift register that goes through all states but 0 before it repeats: pseudo-random bits for almost nothing.
///
/// Taps from P. Alfke: Efficient Shift Registers, LFSR Counters, and Long Pseudo-Random Sequence Generators, XAPP 052, 1996.
///
///     let noise = LFSR("noise", 16)
///     y = noise.value[0..<4]
public struct LFSR {
  /// Never 0.
  public let value: Unsigned

  /// Declares the register in a module's body.
  ///
  /// - Parameters:
  ///   - width: 3...32 bits.
  ///   - condition: the cycles in which it goes on; every one by default.
  ///   - seed: the state after reset, not 0.
  public init(
    _ name: String, _ width: Int, when condition: Bit = true, seed: Int = 1, in domain: ClockDomain? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let taps = Self.taps[width] ?? [width, width - 1]
    if Self.taps[width] == nil { reportWithoutGraph("the shift register '\(name)' has \(width) bits; taps are known for 3...32") }
    if seed == 0 { reportWithoutGraph("the shift register '\(name)' would stay at 0 for ever; give it another seed") }
    let register = Register<Unsigned>(name, max(3, width), reset: seed, in: domain, file: file, line: line)
    let state = register.value
    let feedback = taps.dropFirst().reduce(state[taps[0] - 1]) { $0 ^ state[$1 - 1] }
    register.value = select(condition, concatenate([feedback, state[0..<state.width - 1]]), state)
    value = state
  }

  /// By width: the stages, from 1, whose exclusive or comes in.
  private static let taps: [Int: [Int]] = [
    3: [3, 2], 4: [4, 3], 5: [5, 3], 6: [6, 5], 7: [7, 6], 8: [8, 6, 5, 4], 9: [9, 5], 10: [10, 7], 11: [11, 9], 12: [12, 6, 4, 1],
    13: [13, 4, 3, 1], 14: [14, 5, 3, 1], 15: [15, 14], 16: [16, 15, 13, 4], 17: [17, 14], 18: [18, 11], 19: [19, 6, 2, 1],
    20: [20, 17], 21: [21, 19], 22: [22, 21], 23: [23, 18], 24: [24, 23, 22, 17], 25: [25, 22], 26: [26, 6, 2, 1], 27: [27, 5, 2, 1],
    28: [28, 25], 29: [29, 27], 30: [30, 6, 4, 1], 31: [31, 28], 32: [32, 22, 2, 1],
  ]
}
