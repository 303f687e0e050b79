// The product of two n × n matrices by a systolic array: a column of the left one and a row of the right one come in
// each beat, move through n × n cells, and meet where their product belongs.

import HDL

/// One cell: adds the product of its operands to its sum, which begins anew with the first pair.
struct SystolicCell: Module {
  let width: Int, sumWidth: Int
  @Input() var enable: Bit
  @Input() var first: Bit
  @Input(\Self.width) var a: Signed
  @Input(\Self.width) var b: Signed
  @Output() var firstNext: Bit
  @Output(\Self.width) var aNext: Signed
  @Output(\Self.width) var bNext: Signed
  @Output(\Self.sumWidth) var sum: Signed

  func body() {
    @Register("total", sumWidth) var total: Signed
    When(enable) { total = select(first, 0, total) &+ a * b }
    sum = total
    firstNext = ShiftRegister("firstHeld", of: first, count: 1, when: enable).last
    aNext = ShiftRegister("aHeld", of: a, count: 1, when: enable).last
    bNext = ShiftRegister("bHeld", of: b, count: 1, when: enable).last
  }
}

/// A column of the left matrix and the row of the right one that it is multiplied with, element 0 in the lowest bits.
public struct MatrixBeat: Record {
  public let left: Forward<Unsigned>, top: Forward<Unsigned>, last = Forward<Bit>()
  public init(width: Int) { (left, top) = (Forward(width), Forward(width)) }
}

public struct SystolicProduct: Module {
  let n: Int, width: Int, sumWidth: Int
  public let input: Target<Stream<MatrixBeat>>
  /// Row by row, element (0, 0) in the lowest bits.
  public let output: Initiator<Stream<Unsigned>>
  @Register() var isDone: Bit
  @Register(reset: 1) var isFirst: Bit

  public init(n: Int, width: Int = 8, sumWidth: Int = 24) {
    (self.n, self.width, self.sumWidth) = (n, width, sumWidth)
    (input, output) = (Target(Stream(MatrixBeat(width: n * width))), Initiator(Stream(n * n * sumWidth)))
  }
  public func body() {
    // After the last beat, 2 n more of zeros bring the last operands to the last cell.
    @Register("beatsLeft", indexBits(2 * n + 1)) var beatsLeft: Unsigned
    let isLive = input.transfers, drains = (beatsLeft !== 0).named("drains"), enable = (isLive || drains).named("enable")
    input.ready = !drains && !isDone
    When(isLive) { isFirst = input.payload.last }
    When(drains) { beatsLeft &-= 1 }.ElseWhen(isLive && input.payload.last) { beatsLeft = Unsigned(2 * n) }
    When(beatsLeft === 1) { isDone = true }.ElseWhen(output.transfers) { isDone = false }

    /// Element i of a column or row, i beats late.
    func skewed(_ elements: Unsigned, _ i: Int, _ name: String) -> Signed {
      let element = select(isLive, elements[i * width..<(i + 1) * width], 0).asSigned
      return i == 0 ? element : ShiftRegister("\(name)\(i)_", of: element, count: i, when: enable).last
    }
    let cells = (0..<n).map { r in (0..<n).map { c in instance("cell_\(r)_\(c)", SystolicCell(width: width, sumWidth: sumWidth)) } }
    for r in 0..<n {
      for c in 0..<n {
        let cell = cells[r][c], left = c > 0 ? cells[r][c - 1] : nil, above = r > 0 ? cells[r - 1][c] : nil
        cell.$enable = enable
        cell.$first = (left ?? above)?.$firstNext ?? (isFirst && isLive)
        cell.$a = left?.$aNext ?? skewed(input.payload.left, r, "left")
        cell.$b = above?.$bNext ?? skewed(input.payload.top, c, "top")
      }
    }
    output.valid = isDone
    output.payload = concatenate(cells.joined().map { $0.$sum })
  }
}
