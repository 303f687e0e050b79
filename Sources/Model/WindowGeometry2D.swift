// Windows in two dimensions, and the bytes under one.

/// How a window slides over the rows and columns of a feature map.
public struct WindowGeometry2D: Equatable, Sendable {
  /// Along the height.
  public var rows: WindowGeometry
  /// Along the width.
  public var columns: WindowGeometry

  public init(rows: WindowGeometry, columns: WindowGeometry) {
    self.rows = rows
    self.columns = columns
  }

  /// Copies the window at (`row`, `column`) of one image, kernel rows first, then columns, then channels.
  ///
  /// - Parameters:
  ///   - plane: rows.input × columns.input × depth elements.
  ///   - padding: stands where the window leaves the image.
  ///   - target: rows.filter × columns.filter × depth elements.
  package func copyWindow<Element: SummedElement>(
    row: Int, column: Int, from plane: UnsafePointer<Element>, depth: Int, padding: Element,
    to target: UnsafeMutablePointer<Element>
  ) {
    let insideRows = rows.taps(row)
    let insideColumns = columns.taps(column)
    let rowSize = columns.filter * depth
    for tapRow in 0..<rows.filter {
      let line = target + tapRow * rowSize
      guard insideRows.contains(tapRow), !insideColumns.isEmpty else {
        line.update(repeating: padding, count: rowSize)
        continue
      }
      let source = plane + (rows.start(row) + tapRow * rows.dilation) * columns.input * depth
      line.update(repeating: padding, count: insideColumns.lowerBound * depth)
      if columns.dilation == 1 {
        let first = columns.start(column) + insideColumns.lowerBound
        (line + insideColumns.lowerBound * depth)
          .update(from: source + first * depth, count: insideColumns.count * depth)
      } else {
        for tap in insideColumns {
          (line + tap * depth)
            .update(from: source + (columns.start(column) + tap * columns.dilation) * depth, count: depth)
        }
      }
      let after = columns.filter - insideColumns.upperBound
      (line + insideColumns.upperBound * depth).update(repeating: padding, count: after * depth)
    }
  }
}

extension NodeCheck {
  /// Checks strides and dilations.
  package func requireOptions(of window: Window2D) throws(ModelError) {
    for stride in [window.strideHeight, window.strideWidth] {
      try require(stride >= 1, .invalidGraph, "stride is \(stride), must be at least 1")
    }
    for dilation in [window.dilationHeight, window.dilationWidth] {
      try require(dilation >= 1, .invalidGraph, "dilation is \(dilation), must be at least 1")
    }
  }

  /// Checks that there is at least one window.
  package func requireWindow(_ geometry: WindowGeometry2D, padding: Padding) throws(ModelError) {
    try require(
      geometry.rows.output > 0 && geometry.columns.output > 0, .invalidShape,
      "\(padding) \(geometry.rows.extent)x\(geometry.columns.extent) window does not fit the "
        + "\(geometry.rows.input)x\(geometry.columns.input) input: the output is empty", tensor: node.inputs[0])
  }
}
