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

  @Test func memoriesBetweenClocks() throws {
    #expect(try BoundedProof(design: elaborate(Fives(isBroken: false)), depth: 10).check() == .holds)
    #expect(try BoundedProof(design: elaborate(Fives(isBroken: true)), depth: 10).check() == .fails("every word is five"))
  }
}

/// A memory between two clocks that only ever holds fives, unless it is broken.
private struct Fives: Module {
  let fast = ClockDomain("fast")
  let isBroken: Bool
  @Input var address: Unsigned
  @Input(2) var readAddress: Unsigned
  @Output(3) var word: Unsigned
  init(isBroken: Bool) {
    self.isBroken = isBroken
    _address = Input(2, in: fast)
  }
  func body() {
    let rows = Memory("rows", depth: 4, width: 3, contents: .words([5, 5, isBroken ? 4 : 5, 5]))
    rows.write(at: address, 5, in: fast)
    word = rows.read(at: readAddress)
    @Register("hasRead") var hasRead: Bit
    hasRead = true
    Assert(!hasRead | (word === 5), "every word is five")
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
