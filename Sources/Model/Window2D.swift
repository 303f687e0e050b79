// The options of a window that moves over a feature map, said once for convolutions and pools.

/// How a window moves over rows and columns.
public struct Window2D: Sendable, Equatable {
  /// Rows and columns between windows, at least 1.
  public var strideHeight: Int
  public var strideWidth: Int
  /// Rows and columns between taps, at least 1.
  public var dilationHeight: Int
  public var dilationWidth: Int
  public var padding: Padding

  public init(
    strideHeight: Int = 1, strideWidth: Int = 1, dilationHeight: Int = 1, dilationWidth: Int = 1, padding: Padding
  ) {
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.dilationHeight = dilationHeight
    self.dilationWidth = dilationWidth
    self.padding = padding
  }

  /// Where the window falls on a map of shape N×H×W×C.
  func geometry(on shape: [Int], height: Int, width: Int) -> WindowGeometry2D {
    WindowGeometry2D(
      rows: WindowGeometry(
        input: shape[1], filter: height, stride: strideHeight, dilation: dilationHeight, padding: padding),
      columns: WindowGeometry(
        input: shape[2], filter: width, stride: strideWidth, dilation: dilationWidth, padding: padding))
  }
}

/// An operator with such a window.
public protocol Windowed: Operation {
  var window: Window2D { get set }
}

extension Windowed {
  public var strideHeight: Int { window.strideHeight }
  public var strideWidth: Int { window.strideWidth }
  public var dilationHeight: Int { window.dilationHeight }
  public var dilationWidth: Int { window.dilationWidth }
  public var padding: Padding { window.padding }
}
