// What the feeder reads of an image, and in which order.

/// The feeder's fields: addresses and positions in bytes, rows of the image, and how often each loop turns.
public struct FeedFields: Hashable, Sendable {
  public var base, rowStep, tapRowStep: Int
  public var firstY, yStep, yTapStep, height: Int
  public var firstX, xStep, xTapStep, xGroupStep, rowBytes: Int
  public var groups, rows, columns, tapRows, tapColumns, runBytes: Int
  public var padByte: Int
  public var reserve: Int

  public init(
    base: Int, rowStep: Int, tapRowStep: Int, firstY: Int, yStep: Int, yTapStep: Int, height: Int, firstX: Int, xStep: Int,
    xTapStep: Int, xGroupStep: Int, rowBytes: Int, groups: Int, rows: Int, columns: Int, tapRows: Int, tapColumns: Int,
    runBytes: Int, padByte: Int, reserve: Int = 0
  ) {
    (self.base, self.rowStep, self.tapRowStep) = (base, rowStep, tapRowStep)
    (self.firstY, self.yStep, self.yTapStep, self.height) = (firstY, yStep, yTapStep, height)
    (self.firstX, self.xStep, self.xTapStep, self.xGroupStep, self.rowBytes) = (firstX, xStep, xTapStep, xGroupStep, rowBytes)
    (self.groups, self.rows, self.columns) = (groups, rows, columns)
    (self.tapRows, self.tapColumns, self.runBytes, self.padByte) = (tapRows, tapColumns, runBytes, padByte)
    self.reserve = reserve
  }

  public static let zero = FeedFields(
    base: 0, rowStep: 0, tapRowStep: 0, firstY: 0, yStep: 0, yTapStep: 0, height: 0, firstX: 0, xStep: 0, xTapStep: 0,
    xGroupStep: 0, rowBytes: 0, groups: 0, rows: 0, columns: 0, tapRows: 0, tapColumns: 0, runBytes: 0, padByte: 0)

  static let table: [LayerField.Row] = [
    .init(\.feed.base, "input.base", 24, "byte address of image row `first_y`, column 0 (modulo 2^24: rows above the image count down)"),
    .init(\.feed.rowStep, "input.row_step", 24, "bytes from one output row's first image row to the next's"),
    .init(\.feed.tapRowStep, "input.tap_row_step", 24, "bytes from one kernel row to the next"),
    .init(\.feed.firstY, "input.first_y", 16, signed: true, "image row of the first kernel row of the first output row (negative: above the image)"),
    .init(\.feed.yStep, "input.y_step", 16, start: 1, "image rows per output row"),
    .init(\.feed.yTapStep, "input.y_tap_step", 16, start: 1, "image rows per kernel row"),
    .init(\.feed.height, "input.height", 15, start: 1, "image rows; a row outside 0..<height reads as padding"),
    .init(\.feed.firstX, "input.first_x", 24, signed: true, "byte offset in the image row of the first run (negative: left of the image)"),
    .init(\.feed.xStep, "input.x_step", 24, "bytes per fed column"),
    .init(\.feed.xTapStep, "input.x_tap_step", 24, "bytes per kernel column"),
    .init(\.feed.xGroupStep, "input.x_group_step", 24, "bytes per channel group"),
    .init(\.feed.rowBytes, "input.row_bytes", 24, "bytes of an image row; a byte outside reads as padding"),
    .init(\.feed.groups, "loop.groups", 16, time: true, start: 1, "channel groups, the outermost loop"),
    .init(\.feed.rows, "loop.rows", 16, time: true, start: 1, "output rows"),
    .init(\.feed.columns, "loop.feed_columns", 16, time: true, start: 1, "columns fed per output row"),
    .init(\.feed.tapRows, "loop.tap_rows", 16, time: true, start: 1, "kernel rows fed per column"),
    .init(\.feed.tapColumns, "loop.tap_columns", 16, time: true, start: 1, "runs fed per kernel row"),
    .init(\.feed.runBytes, "loop.run_bytes", 24, time: true, "contiguous bytes of a run"),
    .init(\.feed.padByte, "input.pad", 8, start: 128, "the byte that stands for everything outside the image"),
    .init(
      \.feed.reserve, "input.reserve", 12, time: true,
      "bytes of the aligning buffer that stay empty, so that the feeder reads less far ahead; room for a read and a step must be left"),
  ]
}
