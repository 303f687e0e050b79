// The layer registers: everything the engines must know to run one layer.
//
// A program sets these registers one by one and then says `run`. They are shadowed: the program writes a
// staged copy while the engines work from the active copy, so loading the next layer costs no time. A
// register keeps its value from layer to layer; the program sets only what changes.
//
// This file is the one definition of every register: its number in the instruction word, its width, its
// name in assembly and its meaning. The hardware's decoder, the assembler, the disassembler and the
// reference page are all derived from it. `docs/core.md` explains the loop nests that the registers steer.

/// One register of the layer configuration.
public enum LayerRegister: Int, CaseIterable, Sendable {
  // What kind of layer.
  case mode
  // Feeder: which bytes are read, in which order.
  case inputBase, inputRowStep, inputTapRowStep
  case firstY, yStep, yTapStep, inputHeight
  case firstX, xStep, xTapStep, xGroupStep, inputRowBytes
  case groups, rows, feedColumns, tapRows, tapColumns, runBytes
  case padByte
  // Array: how windows become tiles.
  case columns, passes, passSteps, lastPassLanes
  case windowColumns, capacityColumns
  case outputAdvance, outputAdvanceRows, rowAdvance, rowAdvanceRows
  case weightBase, weightStep, weightGroupStep
  // Post unit: what happens to a finished sum, and where it goes.
  case outputBase, outputRowStep, outputColumnStep, outputGroupStep
  case groupChannels, lastGroupChannels
  case parameterBase, parameterStep, parameterGroupStep
  case outputZero, clampLow, clampHigh
  // Fused residual addition.
  case residualBase, residualA, residualB
  case residualOffsetLow, residualOffsetHigh, residualRoundLow, residualRoundHigh
  case residualDelta, residualShift, residualZero, residualClampLow, residualClampHigh
  // Byte table behind the additions.
  case byteTable
  // Scalar unit.
  case scalarTable, scalarSecondTable, scalarMultiplierLow, scalarMultiplierHigh, scalarShift

  /// Width in bits of the stored value, at most 24.
  public var width: Int { row.width }
  /// Whether the value is two's complement.
  public var isSigned: Bool { row.signed }
  /// Name in assembly, `group.field`.
  public var assemblyName: String { row.name }
  /// One line for the reference page.
  public var summary: String { row.summary }

  /// The values the register holds: a signed register two's complement, others from zero.
  public var range: ClosedRange<Int> {
    isSigned ? -(1 << (width - 1))...(1 << (width - 1)) - 1 : 0...(1 << width) - 1
  }

  private var row: (name: String, width: Int, signed: Bool, summary: String) {
    switch self {
    case .mode: ("layer.mode", 5, false, "bits of `LayerMode`")
    case .inputBase: ("input.base", 24, false, "byte address of image row `first_y`, column 0 (modulo 2^24: rows above the image count down)")
    case .inputRowStep: ("input.row_step", 24, false, "bytes from one output row's first image row to the next's")
    case .inputTapRowStep: ("input.tap_row_step", 24, false, "bytes from one kernel row to the next")
    case .firstY: ("input.first_y", 16, true, "image row of the first kernel row of the first output row (negative: above the image)")
    case .yStep: ("input.y_step", 16, false, "image rows per output row")
    case .yTapStep: ("input.y_tap_step", 16, false, "image rows per kernel row")
    case .inputHeight: ("input.height", 15, false, "image rows; a row outside 0..<height reads as padding")
    case .firstX: ("input.first_x", 24, true, "byte offset in the image row of the first run (negative: left of the image)")
    case .xStep: ("input.x_step", 24, false, "bytes per fed column")
    case .xTapStep: ("input.x_tap_step", 24, false, "bytes per kernel column")
    case .xGroupStep: ("input.x_group_step", 24, false, "bytes per channel group")
    case .inputRowBytes: ("input.row_bytes", 24, false, "bytes of an image row; a byte outside reads as padding")
    case .groups: ("loop.groups", 16, false, "channel groups, the outermost loop")
    case .rows: ("loop.rows", 16, false, "output rows")
    case .feedColumns: ("loop.feed_columns", 16, false, "columns fed per output row")
    case .tapRows: ("loop.tap_rows", 16, false, "kernel rows fed per column")
    case .tapColumns: ("loop.tap_columns", 16, false, "runs fed per kernel row")
    case .runBytes: ("loop.run_bytes", 24, false, "contiguous bytes of a run")
    case .padByte: ("input.pad", 8, false, "the byte that stands for everything outside the image")
    case .columns: ("loop.columns", 16, false, "output columns")
    case .passes: ("array.passes", 16, false, "passes over a window")
    case .passSteps: ("array.pass_steps", 16, false, "steps of a pass; in column mode also the entries of a column")
    case .lastPassLanes: ("array.last_pass_lanes", 8, false, "lanes of the dot product in use in the last pass")
    case .windowColumns: ("window.columns", 16, false, "columns a window spans")
    case .capacityColumns: ("window.capacity", 16, false, "columns the column buffer can hold")
    case .outputAdvance: ("window.advance", 16, false, "columns from one output's window to the next's")
    case .outputAdvanceRows: ("window.advance_rows", 16, false, "(advance / C) * pass_steps")
    case .rowAdvance: ("window.row_advance", 16, false, "columns from the last window of an output row to the first of the next")
    case .rowAdvanceRows: ("window.row_advance_rows", 16, false, "(row_advance / C) * pass_steps")
    case .weightBase: ("weight.base", 20, false, "word address of the first weight word")
    case .weightStep: ("weight.step", 1, false, "1: a word per step; 0: every step uses the same word")
    case .weightGroupStep: ("weight.group_step", 20, false, "words per channel group")
    case .outputBase: ("output.base", 24, false, "byte address of the first output")
    case .outputRowStep: ("output.row_step", 24, false, "bytes per output row")
    case .outputColumnStep: ("output.column_step", 24, false, "bytes per output column")
    case .outputGroupStep: ("output.group_step", 24, false, "bytes per channel group")
    case .groupChannels: ("output.channels", 12, false, "channels of a group")
    case .lastGroupChannels: ("output.last_channels", 12, false, "channels of the last group")
    case .parameterBase: ("parameter.base", 20, false, "entry address of the first parameters")
    case .parameterStep: ("parameter.step", 1, false, "1: an entry per chunk of Q channels; 0: all chunks share one")
    case .parameterGroupStep: ("parameter.group_step", 20, false, "entries per channel group")
    case .outputZero: ("output.zero", 8, true, "zero point added after requantization")
    case .clampLow: ("output.low", 8, true, "least output")
    case .clampHigh: ("output.high", 8, true, "greatest output")
    case .residualBase: ("residual.base", 24, false, "byte address of the second operand's first byte")
    case .residualA: ("residual.a", 24, true, "factor of the requantized sum")
    case .residualB: ("residual.b", 24, true, "factor of the second operand")
    case .residualOffsetLow: ("residual.offset_low", 24, false, "offset k, bits 23...0")
    case .residualOffsetHigh: ("residual.offset_high", 16, true, "offset k, bits 39...24")
    case .residualRoundLow: ("residual.round_low", 24, false, "rounding constant c, bits 23...0")
    case .residualRoundHigh: ("residual.round_high", 16, true, "rounding constant c, bits 39...24")
    case .residualDelta: ("residual.delta", 24, true, "taken off c when the affine sum is negative")
    case .residualShift: ("residual.shift", 6, false, "arithmetic right shift")
    case .residualZero: ("residual.zero", 8, true, "zero point added after the shift, by the scalar unit, too")
    case .residualClampLow: ("residual.low", 8, true, "least output of the addition or the scalar unit")
    case .residualClampHigh: ("residual.high", 8, true, "greatest output of the addition or the scalar unit")
    case .byteTable: ("output.table", 8, false, "which byte table the outputs go through")
    case .scalarTable: ("scalar.table", 8, false, "which 256-word table: exponentials, or the first operand's terms")
    case .scalarSecondTable: ("scalar.second_table", 8, false, "which 256-word table holds the second operand's terms")
    case .scalarMultiplierLow: ("scalar.multiplier_low", 24, false, "multiplier of the sum of terms, bits 23...0")
    case .scalarMultiplierHigh: ("scalar.multiplier_high", 7, false, "the same, bits 30...24")
    case .scalarShift: ("scalar.shift", 6, false, "rounding right shift of the sum's product, 1...31")
    }
  }

  /// The register of an assembly name, or nil.
  public init?(assemblyName: String) {
    guard let match = Self.allCases.first(where: { $0.assemblyName == assemblyName }) else { return nil }
    self = match
  }
}

/// Bits of `LayerRegister.mode`.
public struct LayerMode: OptionSet, Hashable, Sendable {
  public var rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }
  /// Windows come column by column from the column buffer (depthwise, pooling, elementwise), not as a byte
  /// stream from the aligning buffer (convolution, fully connected).
  public static let columns = LayerMode(rawValue: 1)
  /// The element keeps the maximum of lane 0 in place of the sum of products.
  public static let maximum = LayerMode(rawValue: 2)
  /// Add a second operand after requantization.
  public static let residual = LayerMode(rawValue: 4)
  /// The second operand is the `operand` byte of the channel's parameters, not a tensor; in the scalar unit it is
  /// the column's entry of the second table.
  public static let residualConstant = LayerMode(rawValue: 8)
  /// The outputs go through a byte table.
  public static let table = LayerMode(rawValue: 16)
  /// Every flag.
  public static let all: LayerMode = [.columns, .maximum, .residual, .residualConstant, .table]

  /// The flags that some hardware can follow: those of units that it has.
  public init(of hardware: Hardware) {
    let units = hardware.configuration.units
    var absent: LayerMode = []
    if !units.maximum { absent.insert(.maximum) }
    if !units.residual { absent.insert(.residual) }
    if !units.residual, hardware.scalarTables == 0 { absent.insert(.residualConstant) }
    if hardware.byteTables == 0 { absent.insert(.table) }
    self = .all.subtracting(absent)
  }
}
