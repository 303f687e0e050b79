// What happens to a finished sum, and where it goes.

/// The post unit's fields: places of the outputs in bytes, parameters, zero point and limits.
public struct EndFields: Hashable, Sendable {
  public var base, rowStep, columnStep, groupStep: Int
  public var channels, lastChannels: Int
  public var parameterBase, parameterStep, parameterGroupStep: Int
  public var zero, low, high: Int
  /// Of outputs of int16.
  public var int16Step = 0, int16Low = 0, int16High = 0

  public init(
    base: Int, rowStep: Int, columnStep: Int, groupStep: Int, channels: Int, lastChannels: Int, parameterBase: Int,
    parameterStep: Int, parameterGroupStep: Int, zero: Int, low: Int, high: Int
  ) {
    (self.base, self.rowStep, self.columnStep, self.groupStep) = (base, rowStep, columnStep, groupStep)
    (self.channels, self.lastChannels) = (channels, lastChannels)
    (self.parameterBase, self.parameterStep, self.parameterGroupStep) = (parameterBase, parameterStep, parameterGroupStep)
    (self.zero, self.low, self.high) = (zero, low, high)
  }
  public static let zero = EndFields(
    base: 0, rowStep: 0, columnStep: 0, groupStep: 0, channels: 0, lastChannels: 0, parameterBase: 0, parameterStep: 0,
    parameterGroupStep: 0, zero: 0, low: 0, high: 0)

  static let table: [LayerField.Row] = [
    .init(\.end.base, "output.base", 24, "byte address of the first output; from 2^23 on it is a byte of the weight memory"),
    .init(\.end.rowStep, "output.row_step", 24, "bytes per output row"),
    .init(\.end.columnStep, "output.column_step", 24, "bytes per output column"),
    .init(\.end.groupStep, "output.group_step", 24, "bytes per channel group"),
    .init(\.end.channels, "output.channels", 12, time: true, "channels of a group"),
    .init(\.end.lastChannels, "output.last_channels", 12, time: true, "channels of the last group"),
    .init(\.end.parameterBase, "parameter.base", 20, "entry address of the first parameters"),
    .init(\.end.parameterStep, "parameter.step", 1, start: 1, "1: an entry per chunk of Q channels; 0: all chunks share one"),
    .init(\.end.parameterGroupStep, "parameter.group_step", 20, "entries per channel group"),
    .init(\.end.zero, "output.zero", 8, signed: true, start: -128, "zero point added after requantization"),
    .init(\.end.low, "output.low", 8, signed: true, start: -128, "least output"),
    .init(\.end.high, "output.high", 8, signed: true, start: 127, "greatest output"),
    .init(\.end.int16Step, "output.int16_step", 24, "bytes from an output's high byte to its low byte"),
    .init(\.end.int16Low, "output.int16_low", 16, signed: true, start: -32768, "least output of int16"),
    .init(\.end.int16High, "output.int16_high", 16, signed: true, start: 32767, "greatest output of int16"),
  ]
}

/// Behind the additions: the byte table.
public struct TableFields: Hashable, Sendable {
  public var number: Int

  public init(number: Int) { self.number = number }
  public static let zero = TableFields(number: 0)

  static let table: [LayerField.Row] = [
    .init(\.table.number, "output.table", 8, "which byte table the outputs go through")
  ]
}
