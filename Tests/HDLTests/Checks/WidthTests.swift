import HDL
import Testing

/// No operator and no assignment drops a bit or changes a sign.

private struct Widths: Module, HasBase {
  static let base = #line
  @Input(8) var a: Unsigned
  @Input(5) var s: Signed
  @Output(8) var y: Unsigned
  @Output(6) var z: Signed
  @Output(5) var d: Signed
  @Output(8) var both: Unsigned
  @Output(8) var far: Unsigned
  @Output(8) var wide: Unsigned
  @Register(4) var count: Unsigned
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    y = wrong ? a + 1 : a &+ 1
    z = wrong ? s * s : s + s
    d = wrong ? s - 1 : s &- 1
    both = wrong ? concatenate([a, a[0]]) : a
    if wrong { far = a << 2 } else { far = a }
    if wrong { wide = a.extended(to: 12) } else { wide = a }
    When(a[0]) {
      count = wrong ? 16 : 15
    }
    if wrong {
      _ = a & count
      _ = a === 256
      _ = s < -17
      _ = a[8]
      _ = a[3..<9]
      _ = s.truncated(to: 6)
      _ = a.extended(to: 7)
      _ = a.asBit
      _ = concatenate([a, Unsigned(3)])
      _ = Unsigned(8, width: 3)
      _ = select(a[0], s, 16)
      _ = a << -1
      _ = a >> -2
      _ = a[0].replicated(0)
    }
  }
}

@Test func widths() {
  expectFindings(Widths(wrong: false))
  expectFindings(
    Widths(wrong: true),
    "+3: 'a + 1' (unsigned 9-bit) cannot be assigned to 'y' (unsigned 8-bit): 1 bit would be lost; widen 'y', wrap with &+, or drop it with .truncated(to: 8)",
    "+4: 's * s' (signed 10-bit) cannot be assigned to 'z' (signed 6-bit): 4 bits would be lost; widen 'z', or drop them with .truncated(to: 6)",
    "+5: 's - 1' (signed 6-bit) cannot be assigned to 'd' (signed 5-bit): 1 bit would be lost; widen 'd', wrap with &-, or drop it with .truncated(to: 5)",
    "+6: 'concatenate(…)' (unsigned 9-bit) cannot be assigned to 'both' (unsigned 8-bit): 1 bit would be lost; widen 'both', leave out a part, or take fewer bits of one, as in [0..<n]",
    "+7: 'a << 2' (unsigned 10-bit) cannot be assigned to 'far' (unsigned 8-bit): 2 bits would be lost; widen 'far', or drop them with .truncated(to: 8)",
    "+8: 'a.extended(to: 12)' (unsigned 12-bit) cannot be assigned to 'wide' (unsigned 8-bit): 4 bits would be lost; widen 'wide', or drop them with .truncated(to: 8)",
    "+19: the literal 16 does not fit 'count' (unsigned 4-bit)",
    "+9: '&' wants operands of equal width, not 'a' (unsigned 8-bit) and 'count' (unsigned 4-bit); use .extended(to: 8) on the narrower one",
    "+9: the literal 256 does not fit 'a' (unsigned 8-bit)",
    "+9: the literal -17 does not fit 's' (signed 5-bit)",
    "+9: bit 8 of 'a' (unsigned 8-bit) does not exist; valid are 0..<8",
    "+9: bits 3..<9 of 'a' (unsigned 8-bit) do not exist; valid are 0..<8",
    "+9: 's' (signed 5-bit) cannot be truncated to 6 bits; use .extended(to: 6) to widen it",
    "+9: 'a' (unsigned 8-bit) cannot be extended to 7 bits; use .truncated(to: 7) to drop the top",
    "+9: 'a' (unsigned 8-bit) is not one bit; use [i], .anyBitSet or === to make a Bit",
    "+9: the literal 3 in concatenate() has no width; write Unsigned(3, width: …)",
    "+9: the constant 8 does not fit unsigned 3-bit; it needs 4 bits",
    "+9: the literal 16 does not fit the other branches (signed 5-bit)",
    "+9: 'a' (unsigned 8-bit) cannot be shifted by -1; a shift count is never negative",
    "+9: 'a' (unsigned 8-bit) cannot be shifted by -2; a shift count is never negative",
    "+9: 'a[0]' (1-bit) cannot be replicated 0 times")
}
