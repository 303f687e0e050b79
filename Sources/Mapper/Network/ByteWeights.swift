// Weights that are no bytes, as several that are.
//
// A weight of uint8 less its zero point can be −255...255. As the sum of bytes of its sign, w = a + b, it gives the same sum when the
// array sees its tap once with a and once with b: rows of taps are read again. That takes a loop of the feeder, which is free where a
// row of taps is one run of bytes; so a row with gaps gets taps of weight zero.

import Machine
import Model

/// A window, and weights of bytes for it.
struct ByteWeights {
  var window: Window
  /// Outer index × taps × inner index, the taps by row, time and column.
  var values: [Int8]
}

extension ByteWeights {
  /// - Parameters:
  ///   - constant: int8 or int16, without a zero point: outer index × rows × columns × inner index.
  ///   - inner: weights of one tap that lie side by side.
  init(_ window: Window, _ constant: Tensor, inner: Int) {
    if constant.type == .int8 {
      self.init(window: window, values: constant.int8Values())
    } else {
      self.init(window, constant.integers(constant.constant ?? []), inner: inner)
    }
  }

  init(_ window: Window, _ weights: [Int], inner: Int) {
    // 255 is more than two bytes.
    let times = weights.reduce(1) { max($0, $1 > 0 ? dividedUp($1, 127) : dividedUp(-$1, 128)) }
    guard times > 1 else {
      self.init(window: window, values: weights.map { Int8(truncatingIfNeeded: $0) })
      return
    }
    var wide = window
    wide.rowRepeats = times
    (wide.kernelWidth, wide.dilationX) = ((window.kernelWidth - 1) * window.dilationX + 1, 1)
    var values: [Int8] = []
    values.reserveCapacity(weights.count * times * window.dilationX)
    let row = window.kernelWidth * inner
    for start in stride(from: 0, to: weights.count, by: row) {
      var rest = Array(weights[start..<start + row])
      for _ in 0..<times {
        for column in 0..<wide.kernelWidth {
          for index in 0..<inner {
            guard column % window.dilationX == 0 else {
              values.append(0)
              continue
            }
            let place = column / window.dilationX * inner + index, part = min(max(rest[place], -128), 127)
            rest[place] -= part
            values.append(Int8(part))
          }
        }
      }
    }
    self.init(window: wide, values: values)
  }
}
