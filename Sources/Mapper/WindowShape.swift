// How a window slides over an image, in the terms of the feeder.
//
// The same computation can often be seen in several ways: an image one pixel wide is also an image one pixel
// high; windows as wide as the image cover contiguous bytes and are windows of a single row. The taps keep
// their order in every view, so weights need not know which one was chosen.

/// A window sliding over an image of H×W pixels of `depth` bytes.
struct WindowShape: Sendable, Hashable {
  var inputHeight: Int, inputWidth: Int, depth: Int
  var outputHeight: Int, outputWidth: Int
  var kernelHeight: Int, kernelWidth: Int
  var strideY = 1, strideX = 1
  var dilationY = 1, dilationX = 1
  /// Rows and columns of the first window that lie before the image; negative when it begins inside.
  var padTop = 0, padLeft = 0
  /// Bytes from output pixel to output pixel.
  var outputRowStep: Int, outputColumnStep: Int

  var taps: Int { kernelHeight * kernelWidth }

  /// Whether any window leaves the image.
  var touchesPadding: Bool {
    let bottom = (outputHeight - 1) * strideY - padTop + (kernelHeight - 1) * dilationY
    let right = (outputWidth - 1) * strideX - padLeft + (kernelWidth - 1) * dilationX
    return padTop > 0 || padLeft > 0 || bottom >= inputHeight || right >= inputWidth
  }

  /// This shape and all others that describe the same computation.
  var views: [WindowShape] {
    var result = [self]
    if inputWidth == 1, kernelWidth == 1, outputWidth == 1, padLeft == 0, inputHeight > 1 {
      var view = self
      (view.inputHeight, view.inputWidth) = (inputWidth, inputHeight)
      (view.outputHeight, view.outputWidth) = (outputWidth, outputHeight)
      (view.kernelHeight, view.kernelWidth) = (kernelWidth, kernelHeight)
      (view.strideY, view.strideX) = (strideX, strideY)
      (view.dilationY, view.dilationX) = (dilationX, dilationY)
      (view.padTop, view.padLeft) = (padLeft, padTop)
      (view.outputRowStep, view.outputColumnStep) = (outputColumnStep, outputRowStep)
      result.append(view)
    } else if kernelWidth == inputWidth, outputWidth == 1, padLeft == 0, dilationX == 1, dilationY == 1, inputHeight > 1 {
      var view = self
      (view.inputHeight, view.inputWidth) = (1, inputHeight * inputWidth)
      (view.outputHeight, view.outputWidth) = (1, outputHeight)
      (view.kernelHeight, view.kernelWidth) = (1, kernelHeight * kernelWidth)
      (view.strideY, view.strideX) = (1, strideY * inputWidth)
      (view.padTop, view.padLeft) = (0, padTop * inputWidth)
      (view.outputRowStep, view.outputColumnStep) = (0, outputRowStep)
      result.append(view)
    }
    return result
  }
}
