// Small programs that test accesses to the bus: one without end, and those that show what a memory holds.
//
// Only the feature memory can be read. Whatever else is in the accelerator comes out through a layer that copies it there:
// weights as the products of one-hot inputs, a byte of a parameter word as the output of a channel whose other parameters
// are known, a table by looking everything up. So a byte is seen as the hardware uses it, in every simulator, with no
// knowledge of how the memories are built.

import Machine

/// Programs for one accelerator.
struct BusPrograms {
  let hardware: Hardware

  /// Where the shown bytes begin; what a layer reads lies before.
  static let shown = 512

  /// An instruction for each field that is not what a program starts with, the command, `halt`.
  func program(_ command: Command, _ fields: LayerFields) -> [UInt32] {
    let sets = LayerField.all.filter { fields[$0] != $0.start }.map { Instruction.set($0, fields[$0]) }
    return Instruction.sealed((sets + [.command(command, 0)]).map(\.word))
  }

  /// A layer whose windows are `run` bytes of one image row, `columns` of them for each of `groups`, with outputs as they are.
  private func stream(groups: Int, columns: Int, run: Int, channels: Int) -> LayerFields {
    var fields = LayerFields.zero
    fields.feed = FeedFields(
      base: 0, rowStep: 0, tapRowStep: 0, firstY: 0, yStep: 0, yTapStep: 0, height: 1, firstX: 0, xStep: run, xTapStep: 0,
      xGroupStep: 0, rowBytes: columns * run, groups: groups, rows: 1, columns: columns, tapRows: 1, tapColumns: 1, runBytes: run,
      padByte: 0)
    fields.array = ArrayFields(columns: columns, passes: 1, passSteps: 1, lastPassLanes: run)
    fields.end = EndFields(
      base: Self.shown, rowStep: 0, columnStep: channels, groupStep: channels * columns, channels: channels, lastChannels: channels,
      parameterBase: 0, parameterStep: 0, parameterGroupStep: 0, zero: 0, low: -128, high: 127)
    return fields
  }

  /// Channels of the endless program: so many that it nearly always drains, longer than what a stop leaves in the pipelines.
  var endlessChannels: Int { 64 * hardware.configuration.postLanes }

  /// Writes `endlessChannels` times the same byte from an address on, over and over, for hours.
  func endless(place: Int, byte: Int) -> [UInt32] {
    var fields = stream(groups: 0xFFFF, columns: 0xFFFF, run: 1, channels: endlessChannels)
    (fields.feed.rows, fields.feed.rowBytes, fields.feed.xStep) = (0xFFFF, 1, 0)
    (fields.end.base, fields.end.columnStep, fields.end.groupStep) = (place, 0, 0)
    (fields.end.low, fields.end.high) = (byte, byte)
    return program(.run, fields)
  }

  /// Byte (n, t) of weight word w at w·N·C + t·N + n. Reads C rows of a one-hot matrix at 0.
  var weights: [UInt32] {
    let c = hardware.configuration
    var fields = stream(groups: hardware.weightWords, columns: c.dotProduct, run: c.dotProduct, channels: c.elements)
    (fields.weights.step, fields.weights.groupStep) = (1, 1)
    return program(.run, fields)
  }

  /// An output for each lane of each parameter entry, of the sum 0. Reads a byte at 0, which must be 0.
  func parameters(zero: Int, operand: Bool = false) -> [UInt32] {
    var fields = stream(groups: hardware.parameterEntries, columns: 1, run: 1, channels: hardware.configuration.postLanes)
    (fields.end.parameterGroupStep, fields.end.zero) = (1, zero)
    if operand {
      fields.mode = [.residual, .residualConstant]
      (fields.addition.b, fields.addition.low, fields.addition.high) = (1, -128, 127)
    }
    return program(.run, fields)
  }

  /// Entry i of a byte table at i. Reads 0...255 at 0, with the first byte of weight word 0 one.
  func byteTable(_ table: Int) -> [UInt32] {
    var fields = stream(groups: 1, columns: 256, run: 1, channels: 1)
    (fields.mode, fields.table.number) = (.table, table)
    return program(.run, fields)
  }

  /// The term of entry i in the first table and of the byte at `second` + i in the second, less 2^-31 and divided by
  /// 2^shift, plus `zero`, at i. Reads 0...255 at 0.
  func scalarTable(_ first: Int, _ second: Int, operands: Int, shift: Int, zero: Int) -> [UInt32] {
    var fields = LayerFields.zero
    (fields.feed.rows, fields.array.columns, fields.end.base) = (1, 256, Self.shown)
    fields.scalar = ScalarFields(table: first, secondTable: second, multiplier: Int(Int32.max), shift: shift)
    (fields.addition.base, fields.addition.zero, fields.addition.low, fields.addition.high) = (operands, zero, -128, 127)
    return program(.add, fields)
  }
}
