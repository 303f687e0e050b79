import HDL
import Testing

@Test func patternsOfIntegers() {
  #expect(BitVector(-1, width: 70).words == [.max, 0x3F])
  #expect(BitVector(5, width: 2).words == [1])
  #expect(BitVector(exactPattern: UInt64.max, width: 65).words == [.max, 0])
  #expect(BitVector(exactPattern: Int8(-2), width: 130).words == [.max - 1, .max, 3])
  #expect(BitVector(-3, width: 8).int(isSigned: true) == -3)
  #expect(BitVector(-3, width: 8).int(isSigned: false) == 253)
  #expect(BitVector(-1, width: 64).unsignedInt == nil)
}

@Test func minimalWidths() {
  #expect([0, 1, 2, 255, 256].map { BitVector($0, width: 20).minimalWidth(isSigned: false) } == [1, 1, 2, 8, 9])
  #expect([0, 1, -1, -2, 127, 128, -128, -129].map { BitVector($0, width: 20).minimalWidth(isSigned: true) } == [1, 2, 1, 2, 8, 9, 8, 9])
}

@Test func arithmeticAcrossWords() {
  let ones = BitVector(-1, width: 100), one = BitVector(1, width: 100)
  #expect((ones + one).isZero)
  #expect(ones.negated == one)
  #expect((ones * ones) == one)
  #expect(ones.shiftedLeft(70).shiftedRight(70, isSigned: false) == BitVector(1, width: 100).shiftedLeft(30) - one)
  #expect(ones.shiftedRight(99, isSigned: true) == ones)
  #expect(ones.isLess(than: one, isSigned: true) && !ones.isLess(than: one, isSigned: false))
  #expect(ones.slice(60, width: 10) == BitVector(-1, width: 10))
  #expect(one.concatenated(withHigh: one).hexadecimal == "10000000000000000000000001")
}
