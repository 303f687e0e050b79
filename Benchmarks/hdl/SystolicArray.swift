import HDL

/// The design that is measured: an n × n output-stationary array of signed 8-bit multiply-accumulate
/// cells. Operands enter at the left and at the top and are handed on through registers; sums have 24 bits
/// and leave at the bottom, row by row, while `shift` holds.
struct Cell: Module {
  @Input(8) var a: Signed
  @Input(8) var b: Signed
  @Input() var clear: Bit
  @Input() var shift: Bit
  @Input(24) var above: Signed
  @Output(8) var aNext: Signed
  @Output(8) var bNext: Signed
  @Output(24) var total: Signed
  @Register(8) var aHeld: Signed
  @Register(8) var bHeld: Signed
  @Register(24) var sum: Signed

  func body() {
    let product = (a * b).named("product")
    aHeld = a
    bHeld = b
    When(shift) { sum = above }
      .ElseWhen(clear) { sum = product }
      .Else { sum = sum &+ product }
    aNext = aHeld
    bNext = bHeld
    total = sum
  }
}

struct SystolicArray: Module {
  let size: Int
  @Input() var clear: Bit
  @Input() var shift: Bit
  @Input var a: Unsigned
  @Input var b: Unsigned
  @Output var total: Unsigned

  init(size: Int) {
    self.size = size
    _a = Input(8 * size)
    _b = Input(8 * size)
    _total = Output(24 * size)
  }

  func body() {
    var left = (0..<size).map { a[8 * $0..<8 * $0 + 8].asSigned }
    var top = (0..<size).map { b[8 * $0..<8 * $0 + 8].asSigned }
    var sums = [Signed](repeating: 0, count: size)
    for row in 0..<size {
      for column in 0..<size {
        let cell = instance("cell_\(row)_\(column)", Cell())
        cell.$a = left[row]
        cell.$b = top[column]
        cell.$clear = clear
        cell.$shift = shift
        cell.$above = sums[column]
        left[row] = cell.$aNext
        top[column] = cell.$bNext
        sums[column] = cell.$total
      }
    }
    total = concatenate(sums)
  }
}
