// How a window slides over an image whose bytes lie somewhere, in the terms of the feeder.
//
// The same computation can often be seen in several ways: an image one pixel wide is also an image one pixel high; windows as
// wide as the image cover contiguous bytes and are windows of a single row. The taps keep their order in these ways, so
// weights need not know which one was chosen. Rows and columns can change places, too: then `tap(row:column:)` says which is which.

import Machine

/// A window sliding over an image, and the bytes from pixel to pixel.
@dynamicMemberLookup
struct WindowShape: Sendable, Hashable {
  var window: Window
  /// Bytes from input pixel to input pixel.
  var inputRowStep: Int, inputColumnStep: Int
  /// Bytes from output pixel to output pixel.
  var outputRowStep: Int, outputColumnStep: Int
  /// Whether rows stand for the image's columns: taps are then numbered down the rows first.
  var isTurned = false

  subscript<Value>(dynamicMember path: WritableKeyPath<Window, Value>) -> Value {
    get { window[keyPath: path] }
    set { window[keyPath: path] = newValue }
  }
  subscript<Value>(dynamicMember path: KeyPath<Window, Value>) -> Value { window[keyPath: path] }

  /// `feed.base` less the address of the image: where image row `firstY` begins.
  var baseOffset: Int { -window.padTop * inputRowStep }

  /// The number of the tap in a row and a column of the kernel, which weights know it by.
  func tap(row: Int, column: Int) -> Int { isTurned ? column * window.tapRows + row : row * window.kernelWidth + column }

  /// Whether the pixels of a row lie back to back.
  var hasDenseRows: Bool { inputColumnStep == window.depth || window.inputWidth == 1 }

  /// This shape and all others that describe the same computation.
  var views: [WindowShape] {
    // Rows that are read again stay rows.
    guard window.rowRepeats == 1 else { return [self] }
    if window.inputWidth == 1, window.kernelWidth == 1, window.outputWidth == 1, window.padLeft == 0, window.inputHeight > 1 {
      return [self, turned]
    }
    if window.kernelWidth == window.inputWidth, window.outputWidth == 1, window.padLeft == 0, window.dilationX == 1, window.dilationY == 1,
      window.inputHeight > 1, hasDenseRows, inputRowStep == window.inputWidth * window.depth
    {
      var view = self
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

  /// The same windows with rows as columns: the walk goes down the image's columns. Only for rows that are not read again.
  var turned: WindowShape {
    var view = self
    (view.inputHeight, view.inputWidth) = (window.inputWidth, window.inputHeight)
    (view.outputHeight, view.outputWidth) = (window.outputWidth, window.outputHeight)
    (view.kernelHeight, view.kernelWidth) = (window.kernelWidth, window.kernelHeight)
    (view.strideY, view.strideX) = (window.strideX, window.strideY)
    (view.dilationY, view.dilationX) = (window.dilationX, window.dilationY)
    (view.padTop, view.padLeft) = (window.padLeft, window.padTop)
    // Above and below the only row is padding, as wide as a row.
    let rowStep = window.inputHeight == 1 ? window.inputWidth * inputColumnStep : inputRowStep
    (view.inputRowStep, view.inputColumnStep) = (inputColumnStep, rowStep)
    (view.outputRowStep, view.outputColumnStep) = (outputColumnStep, outputRowStep)
    view.isTurned.toggle()
    return view
  }

  /// The windows of some columns of the output.
  func columns(_ columns: Range<Int>) -> WindowShape {
    var view = self
    view.padLeft -= columns.lowerBound * window.strideX
    view.outputWidth = columns.count
    return view
  }

  /// The windows of every `step`-th column of the output, from the first on.
  func columns(every step: Int) -> WindowShape {
    var view = self
    view.strideX *= step
    view.outputWidth = dividedUp(window.outputWidth, step)
    view.outputColumnStep *= step
    return view
  }
}
