// How a window slides over an image: sizes only. Where the bytes lie is the business of `WindowShape`.

import Model

/// A window sliding over an image of H×W pixels.
struct Window: Sendable, Hashable {
  var inputHeight: Int, inputWidth: Int, depth: Int
  var outputHeight: Int, outputWidth: Int
  var kernelHeight: Int, kernelWidth: Int
  /// Times that a row of taps is read, with weights of its own each time: taps are ordered by row, time and column.
  var rowRepeats = 1
  var strideY = 1, strideX = 1
  var dilationY = 1, dilationX = 1
  /// Rows and columns of the first window that lie before the image; negative when it begins inside.
  var padTop = 0, padLeft = 0

  var taps: Int { tapRows * kernelWidth }
  /// Rows of taps, those that are read again included.
  var tapRows: Int { kernelHeight * rowRepeats }

  /// Whether any window leaves the image.
  var touchesPadding: Bool {
    let bottom = (outputHeight - 1) * strideY - padTop + (kernelHeight - 1) * dilationY
    let right = (outputWidth - 1) * strideX - padLeft + (kernelWidth - 1) * dilationX
    return padTop > 0 || padLeft > 0 || bottom >= inputHeight || right >= inputWidth
  }
}

extension Window {
  /// The windows of an operator on a feature map of `depth` channels.
  init(_ geometry: WindowGeometry2D, depth: Int) {
    let (rows, columns) = (geometry.rows, geometry.columns)
    self.init(
      inputHeight: rows.input, inputWidth: columns.input, depth: depth, outputHeight: rows.output, outputWidth: columns.output,
      kernelHeight: rows.filter, kernelWidth: columns.filter, strideY: rows.stride, strideX: columns.stride,
      dilationY: rows.dilation, dilationX: columns.dilation, padTop: rows.before, padLeft: columns.before)
  }
}
