// Functions of 16 bits as tables of 513 entries with straight lines between them.
//
// An entry stands for every 128th integer. Between two entries the function is a line, and so that the line misses it by as little as
// possible, an entry is moved by half of what the line's middle is off. Sources: LUTPopulate and LUTLookup of TensorFlow Lite, of which
// TensorFlow Lite Micro has the table in float32.

import Foundation

/// A function from int16 to int16 by linear interpolation.
public struct InterpolatedTable: Equatable, Sendable {
  /// The values at −32768, −32640, …, 32640 and at 32767, moved towards the middles of their lines.
  public let entries: [Int16]

  /// A table of a function of real numbers.
  ///
  /// With v(x) = function(x) / outputScale, rounded halves away from zero, the entry of a line from a to b with the middle m is
  /// v(a) − round((round((v(b) + v(a)) / 2) − v(m)) / 2), where v(b) alone is not rounded; the last one is v itself.
  /// - Parameters:
  ///   - lowest, highest: the real numbers that −32768 and 32767 stand for.
  ///   - outputScale: of the values, whose zero point is 0.
  public init(from lowest: Float, to highest: Float, outputScale: Float, _ function: (Float) -> Float) {
    let step = (highest - lowest) / 512, half = step / 2
    let inverse = 65_536 / (outputScale * 32_767 - outputScale * -32_768)
    func rounded(_ value: Float) -> Float { value.rounded(.toNearestOrAwayFromZero) }
    func entry(_ value: Float) -> Int16 { Int16(min(max(value, -32_768), 32_767)) }
    entries =
      (0..<512).map { index in
        let start = lowest + Float(index) * step
        let value = rounded(function(start) * inverse), next = function(lowest + Float(index + 1) * step) * inverse
        let middle = rounded(function(start + half) * inverse)
        return entry(value - rounded((rounded((next + value) / 2) - middle) / 2))
      } + [entry(rounded(function(highest) * inverse))]
  }

  /// The value at `x`: halves of steps between two entries are rounded up.
  public subscript(x: Int16) -> Int16 {
    let index = 256 + Int(x >> 7), offset = Int32(x & 127)
    let slope = Int32(entries[index + 1]) - Int32(entries[index])
    return Int16(truncatingIfNeeded: Int32(entries[index]) + (slope * offset + 64) >> 7)
  }

  /// e^x in Q0.15: from −10 at −32768 to 0 at 32767.
  public static let exponential = InterpolatedTable(from: 10 / 65_535 * -65_535, to: 0, outputScale: 2 / 65_535) { Float(exp(Double($0))) }

  /// 1 / (1 + x) in Q0.15: from 0 at −32768 to 1 at 32767.
  public static let reciprocalOfOnePlus = InterpolatedTable(from: 0, to: 1 / 65_535 * 65_535, outputScale: 2 / 65_535) { 1 / (1 + $0) }
}
