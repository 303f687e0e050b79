// How a window slides over a feature map: output sizes and padding.
//
// A convolution or a pool moves a window of `filter` taps, `dilation` apart, over one
// dimension in steps of `stride`. SAME keeps ceil(input / stride) outputs and pads
// what is missing, half before (rounded down) and the rest after; VALID pads nothing.
// Height and width are independent, so everything here is about one dimension.

/// How the border of a feature map is treated.
public enum Padding: Sendable, Equatable, CaseIterable, CustomStringConvertible {
  /// Pad so that there are ceil(input / stride) outputs.
  case same
  /// Only windows that lie inside the input.
  case valid

  /// The schema's name: `SAME` or `VALID`.
  public var description: String {
    switch self {
    case .same: "SAME"
    case .valid: "VALID"
    }
  }
}

/// Where a window falls in one dimension. Window `o` covers inputs `o·stride − before + t·dilation`, t in 0..<filter.
public struct WindowGeometry: Equatable, Sendable {
  /// Input size in elements.
  public var input: Int
  /// Number of taps.
  public var filter: Int
  /// Distance between windows.
  public var stride: Int
  /// Distance between taps.
  public var dilation: Int
  /// Number of windows; 0 when the window does not fit.
  public var output: Int
  /// Padding elements before the first input element.
  public var before: Int
  /// Padding elements that windows touch after the last input element.
  public var after: Int

  /// The geometry of `filter` taps over `input` elements. All sizes are at least 1 and at most 2³¹.
  public init(input: Int, filter: Int, stride: Int = 1, dilation: Int = 1, padding: Padding) {
    self.input = input
    self.filter = filter
    self.stride = stride
    self.dilation = dilation
    let extent = (filter - 1) * dilation + 1
    switch padding {
    case .same:
      output = (input + stride - 1) / stride
      let total = max((output - 1) * stride + extent - input, 0)
      before = total / 2
      after = total - before
    case .valid:
      output = input >= extent ? (input - extent) / stride + 1 : 0
      before = 0
      after = 0
    }
  }

  /// Elements from the first to the last tap.
  public var extent: Int { (filter - 1) * dilation + 1 }

  /// The input position of tap 0 of window `window`; negative in the padding.
  public func start(_ window: Int) -> Int { window * stride - before }

  /// The taps of window `window` that lie inside the input.
  public func taps(_ window: Int) -> Range<Int> {
    let start = start(window)
    let first = start < 0 ? (-start + dilation - 1) / dilation : 0
    let beyond = start < input ? min((input - start + dilation - 1) / dilation, filter) : 0
    return first..<max(first, beyond)
  }
}
