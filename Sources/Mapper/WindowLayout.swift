// Ways to run a sliding window on the array, as register settings.
//
// Stream: a pixel's window is the bytes of all its runs, every element has its own weights for all of them.
// Shared columns: a window per channel; image columns are fed once per output row and shared by the windows.
// Taps: a window per channel, every tap fed for itself. See docs/core.md.

import Machine

extension WindowShape {
  /// What all layouts have in common. `inputBase` must point at image row `firstY`.
  private func common(padByte: Int) -> RegisterFile {
    var r = RegisterFile()
    let rowBytes = inputWidth * depth
    r[.inputRowStep] = strideY * rowBytes
    r[.inputTapRowStep] = dilationY * rowBytes
    r[.firstY] = -padTop
    r[.yStep] = strideY
    r[.yTapStep] = dilationY
    r[.inputHeight] = inputHeight
    r[.firstX] = -padLeft * depth
    r[.inputRowBytes] = rowBytes
    r[.rows] = outputHeight
    r[.columns] = outputWidth
    r[.tapRows] = kernelHeight
    r[.padByte] = padByte & 0xFF
    r[.outputRowStep] = outputRowStep
    r[.outputColumnStep] = outputColumnStep
    return r
  }

  /// `inputBase` less the address of the image: where image row `firstY` begins.
  var baseOffset: Int { -padTop * inputWidth * depth }

  /// Windows as byte streams.
  /// - Parameter block: channels of a pixel that belong to a group's window, a block at a time `groupStep` apart;
  ///   nil for all of them, tap by tap contiguous where possible.
  func stream(
    dotProduct: Int, padByte: Int, block: (bytes: Int, groupStep: Int)? = nil
  ) -> RegisterFile {
    var r = common(padByte: padByte)
    let joined = block == nil && dilationX == 1
    r.mode = []
    r[.tapColumns] = joined ? 1 : kernelWidth
    r[.runBytes] = block?.bytes ?? (joined ? kernelWidth * depth : depth)
    r[.xStep] = strideX * depth
    r[.xTapStep] = dilationX * depth
    r[.xGroupStep] = block?.groupStep ?? 0
    r[.feedColumns] = outputWidth
    let window = kernelHeight * r[.tapColumns] * r[.runBytes]
    r[.passes] = dividedUp(window, dotProduct)
    r[.passSteps] = 1
    r[.lastPassLanes] = window - dotProduct * (r[.passes] - 1)
    r[.weightStep] = 1
    r[.weightGroupStep] = r[.passes]
    return r
  }

  /// A window per channel over image columns of one pixel's width and the kernel's height.
  /// - Returns: nil when the columns cannot be shared or do not fit the buffer.
  func sharedColumns(
    elements: Int, dotProduct: Int, patchDepth: Int, padByte: Int, maximum: Bool
  ) -> RegisterFile? {
    guard dilationX == 1, kernelHeight <= patchDepth else { return nil }
    let capacity = dotProduct * (patchDepth / kernelHeight)
    guard capacity >= max(kernelWidth, strideX) else { return nil }
    var r = common(padByte: padByte)
    r.mode = maximum ? [.columns, .maximum] : [.columns]
    r[.tapColumns] = 1
    r[.runBytes] = min(elements, depth)
    r[.xStep] = depth
    r[.xTapStep] = 0
    r[.xGroupStep] = elements
    r[.feedColumns] = (outputWidth - 1) * strideX + kernelWidth
    let advance = maximum ? 1 : dotProduct
    r[.passes] = dividedUp(kernelWidth, advance)
    r[.passSteps] = kernelHeight
    r[.lastPassLanes] = kernelWidth - advance * (r[.passes] - 1)
    r[.windowColumns] = kernelWidth
    r[.capacityColumns] = min(capacity, LayerRegister.capacityColumns.range.upperBound)
    r[.outputAdvance] = strideX
    r[.outputAdvanceRows] = strideX / dotProduct * kernelHeight
    r[.rowAdvance] = kernelWidth
    r[.rowAdvanceRows] = kernelWidth / dotProduct * kernelHeight
    return r
  }

  /// A window per channel, every tap a column of its own.
  /// - Returns: nil when the taps do not fit the buffer.
  func tapColumns(
    elements: Int, dotProduct: Int, patchDepth: Int, padByte: Int, maximum: Bool
  ) -> RegisterFile? {
    let capacity = dotProduct * patchDepth
    guard taps <= capacity else { return nil }
    var r = common(padByte: padByte)
    r.mode = maximum ? [.columns, .maximum] : [.columns]
    r[.tapColumns] = kernelWidth
    r[.runBytes] = min(elements, depth)
    r[.xStep] = strideX * depth
    r[.xTapStep] = dilationX * depth
    r[.xGroupStep] = elements
    r[.feedColumns] = outputWidth
    let advance = maximum ? 1 : dotProduct
    r[.passes] = dividedUp(taps, advance)
    r[.passSteps] = 1
    r[.lastPassLanes] = taps - advance * (r[.passes] - 1)
    r[.windowColumns] = taps
    r[.capacityColumns] = min(capacity, LayerRegister.capacityColumns.range.upperBound)
    r[.outputAdvance] = taps
    r[.outputAdvanceRows] = taps / dotProduct
    r[.rowAdvance] = taps
    r[.rowAdvanceRows] = taps / dotProduct
    return r
  }
}
