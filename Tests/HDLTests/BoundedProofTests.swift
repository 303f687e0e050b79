import HDL
import Testing

/// The properties in the Verilog mean what they say: proven where they hold, refuted where they do not.
@Suite(.enabled(if: BoundedProof.isAvailable)) struct BoundedProofTests {
  @Test func whatHoldsIsProven() throws {
    let proof = try BoundedProof(design: elaborate(Guarded(limit: 9)), depth: 12)
    #expect(try proof.check() == .holds)
    #expect(try proof.induct() == .holds)
    #expect(try proof.cover() == .holds)
  }

  @Test func whatDoesNotHoldIsFound() throws {
    let proof = try BoundedProof(design: elaborate(Guarded(limit: 9, broken: true)), depth: 20)
    #expect(try proof.check() == .fails("the counter stays within its limit"))
  }

  @Test func aShortLookDoesNotReachAFarMistake() throws {
    let proof = try BoundedProof(design: elaborate(Guarded(limit: 9, broken: true)), depth: 8)
    #expect(try proof.check() == .holds)
    #expect(try proof.induct() == .fails("the counter stays within its limit"))
  }

  @Test func whatIsNeverReachedIsNotCovered() throws {
    #expect(try BoundedProof(design: elaborate(Guarded(limit: 1)), depth: 12).cover() == .fails("the counter gets somewhere"))
  }

  @Test func severalClocks() throws {
    #expect(try BoundedProof(design: elaborate(StickyFlag(isSticky: true)), depth: 24).check() == .holds)
    #expect(try BoundedProof(design: elaborate(StickyFlag(isSticky: false)), depth: 24).check() == .fails("what has arrived stays"))
  }
}

/// A flag that crosses into another clock and, unless it is broken, is never taken back.
private struct StickyFlag: Module {
  let fast = ClockDomain("fast")
  let isSticky: Bool
  @Input var set: Bit
  @Output() var arrived: Bit
  init(isSticky: Bool) {
    self.isSticky = isSticky
    _set = Input(in: fast)
  }
  func body() {
    @Register("flag", in: fast) var flag: Bit
    flag = isSticky ? flag | set : set
    @Register("before") var before: Bit
    let here = synchronized(flag, into: .default)
    before = here
    arrived = here
    Assert(!before | here, "what has arrived stays")
  }
}
