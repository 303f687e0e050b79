// A systolic array: rows × columns cells that multiply, add, and pass their operands on.
//
// The cell is described once, however often it is instantiated: module values that are equal are one definition.

import HDL

/// One cell: adds the product of its operands to its sum.
public struct MultiplyAccumulate: Module {
  @Input() public var clear: Bit
  @Input(8) public var a: Signed
  @Input(8) public var b: Signed
  @Output(8) public var aNext: Signed
  @Output(8) public var bNext: Signed
  @Output(24) public var sum: Signed
  @Register(8) var aHeld: Signed
  @Register(8) var bHeld: Signed
  @Register(24) var total: Signed

  public init() {}
  public func body() {
    // An exact product of 16 bits; the wider sum takes it with its sign.
    let product = (a * b).named("product")
    total = select(clear, 0, total &+ product)
    aHeld = a
    bHeld = b
    aNext = aHeld
    bNext = bHeld
    sum = total
  }
}

/// Multiplies matrices: row i of the left one enters at the left, i cycles late; column j of the right one at the
/// top, j cycles late. Element (i, j) of the product then stays in its cell.
public struct MatrixMultiplier: Module {
  let size: Int
  var edgeWidth: Int { 8 * size }
  var productWidth: Int { 24 * size * size }
  @Input() public var clear: Bit
  /// `size` bytes, that of row 0 in the least significant bits.
  @Input(\Self.edgeWidth) public var left: Unsigned
  @Input(\Self.edgeWidth) public var top: Unsigned
  /// Row by row, element (0, 0) in the least significant bits.
  @Output(\Self.productWidth) public var product: Unsigned

  public init(size: Int) { self.size = size }

  public func body() {
    let cells = (0..<size).map { row in
      (0..<size).map { column in instance("cell_\(row)_\(column)", MultiplyAccumulate()) }
    }
    for row in 0..<size {
      for column in 0..<size {
        let cell = cells[row][column]
        cell.$clear = clear
        cell.$a = column == 0 ? left[8 * row..<8 * row + 8].asSigned : cells[row][column - 1].$aNext
        cell.$b = row == 0 ? top[8 * column..<8 * column + 8].asSigned : cells[row - 1][column].$bNext
      }
    }
    product = concatenate(cells.flatMap { $0 }.map { $0.$sum })
  }
}
