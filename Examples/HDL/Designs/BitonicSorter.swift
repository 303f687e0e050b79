// Networks that Swift's loops and recursion draw: Batcher's bitonic sorter, and the largest of many numbers.

import HDL

/// Sorts `count` numbers, a power of two, the smallest first; a register stands behind each rank of comparators.
public struct BitonicSorter: Module {
  let count: Int, width: Int
  @Input() public var validIn: Bit
  @Input public var values: Vector<Unsigned>
  @Output() public var validOut: Bit
  @Output public var sorted: Vector<Unsigned>

  public init(count: Int, width: Int) {
    (self.count, self.width) = (count, width)
    _values = Input(count: count, width: width)
    _sorted = Output(count: count, width: width)
  }
  public func body() {
    var numbers = values.elements, ranks = 0
    for size in powersOfTwo(2...count) {
      for distance in powersOfTwo(1...size / 2).reversed() {
        for i in 0..<count where i & distance == 0 {
          let a = numbers[i], b = numbers[i + distance], isAscending = i & size == 0
          numbers[i] = isAscending ? min(a, b) : max(a, b)
          numbers[i + distance] = isAscending ? max(a, b) : min(a, b)
        }
        numbers = ShiftRegister("rank\(ranks)_", of: Vector(numbers), count: 1, reset: nil).last.elements
        ranks += 1
      }
    }
    sorted = Vector(numbers)
    validOut = ShiftRegister("valid", of: validIn, count: ranks).last
  }
  private func powersOfTwo(_ range: ClosedRange<Int>) -> [Int] { range.filter { $0 & ($0 - 1) == 0 } }
}

/// The largest number: that of the two halves' largest, which are modules of the same kind.
public struct Maximum: Module {
  let count: Int, width: Int
  @Input public var values: Vector<Unsigned>
  @Output(\Self.width) public var largest: Unsigned

  public init(count: Int, width: Int) {
    (self.count, self.width) = (count, width)
    _values = Input(count: count, width: width)
  }
  public func body() {
    guard count > 1 else { return largest = values[0] }
    let low = instance("low", Maximum(count: count / 2, width: width))
    let high = instance("high", Maximum(count: count - count / 2, width: width))
    low.$values = Vector(Array(values.elements[..<(count / 2)]))
    high.$values = Vector(Array(values.elements[(count / 2)...]))
    largest = max(low.$largest, high.$largest)
  }
}
