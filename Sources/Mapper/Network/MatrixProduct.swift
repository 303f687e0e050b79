// The product of two computed matrices as a window over weights, some of which are computed.
//
//   Σ (a − za)·(b − zb) = Σ a·b + Σ a·(−zb) + Σ (−za)·b + Σ (−za)·(−zb)
//
// The array multiplies bytes of the feature memory with bytes of the weight memory. So the second matrix is copied there, before every
// run, and a row of a is fed once for it and once more for each constant that adds up to −zb. The terms of −za come from padding: below
// the only image row lie rows that do not exist, whose byte is −za, or half of it where that is no byte.

import Model

/// The taps of a product: rows of the kernel by columns.
struct MatrixProduct: Sendable {
  /// Rows of a as pixels of one image row, of `depth` bytes.
  let window: Window
  /// Where the elements of b lie: columns × depth.
  var second: Box
  /// What stands outside of the image.
  let padByte: Int
  /// The constant weight of a column of the kernel; nil in the first one, whose weights are those of b.
  let constants: [Int8?]
  /// za and zb.
  let zeros: (first: Int, second: Int)

  /// - Parameters:
  ///   - rows, depth: of the first matrix.
  ///   - second: the second matrix, as columns × depth.
  init(rows: Int, depth: Int, second: Box, zeros: (first: Int, second: Int)) {
    (self.second, self.zeros) = (second, zeros)
    // Neither fits where a zero point is −128: two times 64 does.
    let lower = zeros.first == 0 ? 0 : zeros.first == -128 ? 2 : 1
    padByte = lower == 0 ? 0 : -zeros.first / lower
    switch zeros.second {
    case 0: constants = [nil]
    case -128: constants = [nil, 64, 64]
    default: constants = [nil, Int8(-zeros.second)]
    }
    window = Window(
      inputHeight: 1, inputWidth: rows, depth: depth, outputHeight: 1, outputWidth: rows, kernelHeight: 1 + lower,
      kernelWidth: constants.count, dilationX: 0)
  }
}
