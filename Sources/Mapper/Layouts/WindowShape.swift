// How a window slides over an image whose bytes lie somewhere, in the terms of the feeder.
//
// The same computation can often be seen in several ways: an image one pixel wide is also an image one pixel high; windows as
// wide as the image cover contiguous bytes and are windows of a single row. The taps keep their order in every way, so
// weights need not know which one was chosen.

/// A window sliding over an image, and the bytes from pixel to pixel.
@dynamicMemberLookup
struct WindowShape: Sendable, Hashable {
  var window: Window
  /// Bytes from input pixel to input pixel.
  var inputRowStep: Int, inputColumnStep: Int
  /// Bytes from output pixel to output pixel.
  var outputRowStep: Int, outputColumnStep: Int

  subscript<Value>(dynamicMember path: WritableKeyPath<Window, Value>) -> Value {
    get { window[keyPath: path] }
    set { window[keyPath: path] = newValue }
  }
  subscript<Value>(dynamicMember path: KeyPath<Window, Value>) -> Value { window[keyPath: path] }

  /// `feed.base` less the address of the image: where image row `firstY` begins.
  var baseOffset: Int { -window.padTop * inputRowStep }

  /// Whether the pixels of a row lie back to back.
  var hasDenseRows: Bool { inputColumnStep == window.depth || window.inputWidth == 1 }

  /// This shape and all others that describe the same computation.
  var views: [WindowShape] {
    // Rows that are read again stay rows.
    guard window.rowRepeats == 1 else { return [self] }
    var view = self
    if window.inputWidth == 1, window.kernelWidth == 1, window.outputWidth == 1, window.padLeft == 0, window.inputHeight > 1 {
      (view.inputHeight, view.inputWidth) = (window.inputWidth, window.inputHeight)
      (view.outputHeight, view.outputWidth) = (window.outputWidth, window.outputHeight)
      (view.kernelHeight, view.kernelWidth) = (window.kernelWidth, window.kernelHeight)
      (view.strideY, view.strideX) = (window.strideX, window.strideY)
      (view.dilationY, view.dilationX) = (window.dilationX, window.dilationY)
      (view.padTop, view.padLeft) = (window.padLeft, window.padTop)
      (view.inputRowStep, view.inputColumnStep) = (window.inputHeight * inputRowStep, inputRowStep)
      (view.outputRowStep, view.outputColumnStep) = (outputColumnStep, outputRowStep)
      return [self, view]
    }
    if window.kernelWidth == window.inputWidth, window.outputWidth == 1, window.padLeft == 0, window.dilationX == 1, window.dilationY == 1,
      window.inputHeight > 1, hasDenseRows, inputRowStep == window.inputWidth * window.depth
    {
      (view.inputHeight, view.inputWidth) = (1, window.inputHeight * window.inputWidth)
      (view.outputHeight, view.outputWidth) = (1, window.outputHeight)
      (view.kernelHeight, view.kernelWidth) = (1, window.taps)
      (view.strideY, view.strideX) = (1, window.strideY * window.inputWidth)
      (view.padTop, view.padLeft) = (0, window.padTop * window.inputWidth)
      (view.inputRowStep, view.inputColumnStep) = (window.inputHeight * inputRowStep, window.depth)
      (view.outputRowStep, view.outputColumnStep) = (0, outputRowStep)
      return [self, view]
    }
    return [self]
  }
}
