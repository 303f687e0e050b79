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

  /// An instruction for each register that is not zero, the command, `halt`.
  func program(_ command: Instruction, _ registers: [LayerRegister: Int]) -> [UInt32] {
    let sets = registers.sorted { $0.key.rawValue < $1.key.rawValue }.filter { $0.value != 0 }.map { Instruction.set($0.key, $0.value).word }
    return Instruction.sealed(sets + [command.word])
  }

  /// A layer whose windows are `run` bytes of one image row, `columns` of them for each of `groups`, with outputs as they are.
  private func stream(groups: Int, columns: Int, run: Int, channels: Int) -> [LayerRegister: Int] {
    [
      .inputHeight: 1, .inputRowBytes: columns * run, .xStep: run, .groups: groups, .rows: 1, .feedColumns: columns,
      .columns: columns, .tapRows: 1, .tapColumns: 1, .runBytes: run, .passes: 1, .passSteps: 1, .lastPassLanes: run,
      .groupChannels: channels, .lastGroupChannels: channels, .outputBase: Self.shown, .outputColumnStep: channels,
      .outputGroupStep: channels * columns, .clampLow: -128, .clampHigh: 127,
    ]
  }

  /// Channels of the endless program: so many that it nearly always drains, longer than what a stop leaves in the pipelines.
  var endlessChannels: Int { 64 * hardware.configuration.postLanes }

  /// Writes `endlessChannels` times the same byte from an address on, over and over, for hours.
  func endless(place: Int, byte: Int) -> [UInt32] {
    var registers = stream(groups: 0xFFFF, columns: 0xFFFF, run: 1, channels: endlessChannels)
    (registers[.rows], registers[.inputRowBytes], registers[.xStep]) = (0xFFFF, 1, 0)
    (registers[.outputBase], registers[.outputColumnStep], registers[.outputGroupStep]) = (place, 0, 0)
    (registers[.clampLow], registers[.clampHigh]) = (byte, byte)
    return program(.run(step: 0), registers)
  }

  /// Byte (n, t) of weight word w at w·N·C + t·N + n. Reads C rows of a one-hot matrix at 0.
  var weights: [UInt32] {
    let c = hardware.configuration
    var registers = stream(groups: hardware.weightWords, columns: c.dotProduct, run: c.dotProduct, channels: c.elements)
    (registers[.weightStep], registers[.weightGroupStep]) = (1, 1)
    return program(.run(step: 0), registers)
  }

  /// An output for each lane of each parameter entry, of the sum 0. Reads a byte at 0, which must be 0.
  func parameters(zero: Int, operand: Bool = false) -> [UInt32] {
    var registers = stream(groups: hardware.parameterEntries, columns: 1, run: 1, channels: hardware.configuration.postLanes)
    (registers[.parameterGroupStep], registers[.outputZero]) = (1, zero)
    if operand {
      registers[.mode] = LayerMode([.residual, .residualConstant]).rawValue
      (registers[.residualB], registers[.residualClampLow], registers[.residualClampHigh]) = (1, -128, 127)
    }
    return program(.run(step: 0), registers)
  }

  /// Entry i of a byte table at i. Reads 0...255 at 0, with the first byte of weight word 0 one.
  func byteTable(_ table: Int) -> [UInt32] {
    var registers = stream(groups: 1, columns: 256, run: 1, channels: 1)
    (registers[.mode], registers[.byteTable]) = (LayerMode.table.rawValue, table)
    return program(.run(step: 0), registers)
  }

  /// The term of entry i in the first table and of the byte at `second` + i in the second, less 2^-31 and divided by
  /// 2^shift, plus `zero`, at i. Reads 0...255 at 0.
  func scalarTable(_ first: Int, _ second: Int, operands: Int, shift: Int, zero: Int) -> [UInt32] {
    program(
      .add(step: 0),
      [
        .rows: 1, .columns: 256, .outputBase: Self.shown, .residualBase: operands, .scalarTable: first, .scalarSecondTable: second,
        .scalarMultiplierLow: 0xFF_FFFF, .scalarMultiplierHigh: 0x7F, .scalarShift: shift, .residualZero: zero,
        .residualClampLow: -128, .residualClampHigh: 127,
      ])
  }
}
