// Weights that are no bytes, as several that are.
//
// A weight of uint8 less its zero point can be −255...255. As the sum of bytes of its sign, w = a + b, it gives the same sum when the
// array sees its tap once with a and once with b: rows of taps are read again. That takes a loop of the feeder, which is free where a
// row of taps is one run of bytes; so a row with gaps gets taps of weight zero.

import Machine
import Model

/// How many bytes stand for a weight, of the one that takes most: 255 is more than two.
func byteTurns(_ weights: [Int]) -> Int { weights.reduce(1) { max($0, $1 > 0 ? dividedUp($1, 127) : dividedUp(-$1, 128)) } }

/// The byte that stands for a weight in turn 0, 1, …: those of all turns add up to it.
func byte(of weight: Int, turn: Int) -> Int8 {
  Int8(weight > 0 ? min(max(weight - 127 * turn, 0), 127) : max(min(weight + 128 * turn, 0), -128))
}

/// A window, and weights of bytes for it.
struct ByteWeights {
  var window: Window
  /// Outer index × taps × inner index, the taps by row, time and column.
  var values: [Int8]
}

extension ByteWeights {
  /// The weights of outputs in groups, with zeros for the inputs of all other groups: outer index × taps × all inputs.
  func spread(overGroups groups: Int) -> [Int8] {
    let run = window.depth, outputs = values.count / (window.taps * run)
    var spread = [Int8](repeating: 0, count: values.count * groups)
    for output in 0..<outputs {
      let group = output * groups / outputs
      for tap in 0..<window.taps {
        let from = (output * window.taps + tap) * run, to = ((output * window.taps + tap) * groups + group) * run
        spread.replaceSubrange(to..<to + run, with: values[from..<from + run])
      }
    }
    return spread
  }

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
    let times = byteTurns(weights)
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
      for turn in 0..<times {
        for column in 0..<wide.kernelWidth {
          for index in 0..<inner {
            let isGap = column % window.dilationX != 0
            values.append(isGap ? 0 : byte(of: weights[start + column / window.dilationX * inner + index], turn: turn))
          }
        }
      }
    }
    self.init(window: wide, values: values)
  }
}
