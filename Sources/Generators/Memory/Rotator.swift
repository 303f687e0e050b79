// The rotator that brings the bytes of a memory into order.

import HDL

/// Rotates a vector of bytes: output lane o is input lane (o + amount) mod lanes.
struct Rotator: Module {
  let lanes: Int
  var width: Int { 8 * lanes }
  var amountBits: Int { lanes.log2 }
  @Input(\Self.width) var bytes: Unsigned
  @Input(\Self.amountBits) var amount: Unsigned
  @Output(\Self.width) var rotated: Unsigned

  var moduleName: String { "rotator\(lanes)" }
  var documentation: String { "Rotates \(lanes) bytes: output lane o is input lane (o + amount) mod \(lanes)." }

  func body() {
    rotated = bytes.rotatedRight(by: amount, width: 8)
  }
}
