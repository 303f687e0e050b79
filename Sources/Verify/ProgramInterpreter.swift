// The accelerator in Swift, instruction by instruction: a second implementation of docs/core.md.
//
// It computes what the engines compute, without their timing, and leaves the same records as a simulation of the
// hardware. It tells at once whether a wrong tensor comes from the program or from the hardware, and checks
// programs where no simulator is installed.

import Emit
import Machine
import Mapper
import Model

/// Runs programs.
public struct ProgramInterpreter: Sendable {
  public let hardware: Hardware
  public let program: [UInt32]
  public let weights: [UInt32]
  public let parameters: [UInt32]
  public let exponents: [UInt32]
  /// The feature memory.
  public var memory: [UInt8]
  /// Records as testbenches/harness.cpp writes them.
  public private(set) var records: [UInt32] = []

  public init(hardware: Hardware, images: MemoryImages) {
    self.hardware = hardware
    program = images[.program]?.words ?? []
    weights = images[.weights]?.words ?? []
    parameters = images[.parameters]?.words ?? []
    exponents = images[.exponents]?.words ?? []
    memory = [UInt8](repeating: 0, count: hardware.featureBytes)
  }

  /// Why a program stopped.
  public struct Stop: Error, Equatable, Sendable {
    public var code: RegisterMap.ErrorCode
    public var place: Int
  }

  /// Runs from the first word to `halt`.
  public mutating func run() throws(Stop) {
    var staged = [Int](repeating: 0, count: LayerRegister.allCases.count)
    for (address, word) in program.enumerated() {
      guard let instruction = Instruction(word: word) else { throw Stop(code: .illegalInstruction, place: address) }
      switch instruction {
      case .set(let register, let value): staged[register.rawValue] = value
      case .run(let step):
        records += [4, UInt32(step), 0]
        try layer(staged, step)
        records += [5, UInt32(step), 0]
      case .softmax(let step):
        records += [4, UInt32(step), 0]
        try softmax(staged, step)
        records += [5, UInt32(step), 0]
      case .halt: return
      }
    }
    throw Stop(code: .programOverrun, place: program.count)
  }

  /// Adds a record.
  public mutating func record(_ words: UInt32...) { records += words }

  private func load(_ address: Int) -> Int {
    let wrapped = address & 0xFF_FFFF
    return wrapped < memory.count ? Int(Int8(bitPattern: memory[wrapped])) : 0
  }

  private func byte(_ words: [UInt32], _ index: Int) -> Int {
    guard words.indices.contains(index / 4) else { return 0 }
    return Int(Int8(truncatingIfNeeded: words[index / 4] >> UInt32(8 * (index % 4))))
  }

  private func wrap(_ value: Int) -> Int {
    let shift = Int.bitWidth - hardware.accumulatorBits
    return (value << shift) >> shift
  }

  /// One fed byte: lane `lane` of the chunk that begins at `x` of its row.
  private func fed(_ r: Registers, row: Int, x: Int, address: Int, lane: Int) -> Int {
    (0..<r[.inputHeight]).contains(row) && (0..<r[.inputRowBytes]).contains(x + lane)
      ? load(address + lane) : Int(Int8(truncatingIfNeeded: r[.padByte]))
  }

  private struct Registers {
    var values: [Int]
    subscript(_ register: LayerRegister) -> Int { values[register.rawValue] }
  }

  /// Calls `body` with row, x and address of every run of the column (g, y, c), in feeding order.
  private func runs(_ r: Registers, _ g: Int, _ y: Int, _ c: Int, _ body: (_ row: Int, _ x: Int, _ address: Int) -> Void) {
    for ky in 0..<r[.tapRows] {
      for kx in 0..<r[.tapColumns] {
        let row = r[.firstY] + y * r[.yStep] + ky * r[.yTapStep]
        let x = r[.firstX] + g * r[.xGroupStep] + c * r[.xStep] + kx * r[.xTapStep]
        body(row, x, r[.inputBase] + y * r[.inputRowStep] + ky * r[.inputTapRowStep] + x)
      }
    }
  }

  private mutating func layer(_ values: [Int], _ step: Int) throws(Stop) {
    let r = Registers(values: values)
    let mode = LayerMode(rawValue: r[.mode])
    let elements = hardware.configuration.elements, lanes = hardware.configuration.dotProduct
    let vector = hardware.configuration.memoryLanes
    // Column mode: all entries of the layer in the order they are fed.
    var entries: [Int8] = []
    if mode.contains(.columns) {
      for g in 0..<r[.groups] {
        for y in 0..<r[.rows] {
          for c in 0..<r[.feedColumns] {
            runs(r, g, y, c) { row, x, address in
              for lane in 0..<vector {
                entries.append(lane < r[.runBytes] ? Int8(truncatingIfNeeded: fed(r, row: row, x: x, address: address, lane: lane)) : 0)
              }
            }
          }
        }
      }
    }
    let passSteps = max(1, r[.passSteps]), advance = mode.contains(.maximum) ? 1 : lanes
    var firstColumn = 0
    for g in 0..<r[.groups] {
      let last = g == r[.groups] - 1
      for y in 0..<r[.rows] {
        for x in 0..<r[.columns] {
          var window: [Int8] = []
          if !mode.contains(.columns) {
            runs(r, g, y, x) { row, start, address in
              for lane in 0..<r[.runBytes] {
                window.append(Int8(truncatingIfNeeded: fed(r, row: row, x: start, address: address, lane: lane)))
              }
            }
          }
          var sums = [Int](repeating: 0, count: elements)
          for p in 0..<r[.passes] {
            let active = p == r[.passes] - 1 ? r[.lastPassLanes] : lanes
            for e in 0..<passSteps {
              let s = p * passSteps + e
              let word = r[.weightBase] + g * r[.weightGroupStep] + (r[.weightStep] != 0 ? s : 0)
              for n in 0..<elements {
                for t in 0..<min(active, lanes) {
                  let operand: Int
                  if mode.contains(.columns) {
                    let index = ((firstColumn + p * advance + t) * passSteps + e) * vector + n
                    operand = entries.indices.contains(index) ? Int(entries[index]) : 0
                  } else {
                    operand = window.indices.contains(lanes * s + t) ? Int(window[lanes * s + t]) : 0
                  }
                  if mode.contains(.maximum) {
                    if t == 0 { sums[n] = s == 0 ? operand : max(sums[n], operand) }
                  } else {
                    sums[n] += operand * byte(weights, word * elements * lanes + n * lanes + t)
                  }
                }
              }
            }
          }
          try drain(r, mode, step, sums, g, y, x, channels: last ? r[.lastGroupChannels] : r[.groupChannels])
          firstColumn += x == r[.columns] - 1 ? r[.rowAdvance] : r[.outputAdvance]
        }
      }
    }
  }

  private mutating func drain(
    _ r: Registers, _ mode: LayerMode, _ step: Int, _ sums: [Int], _ g: Int, _ y: Int, _ x: Int, channels: Int
  ) throws(Stop) {
    let postLanes = hardware.configuration.postLanes
    let place = g * r[.outputGroupStep] + y * r[.outputRowStep] + x * r[.outputColumnStep]
    for chunk in stride(from: 0, to: channels, by: postLanes) {
      let count = min(postLanes, channels - chunk)
      var data: [UInt8] = [], before: [UInt8] = []
      for lane in 0..<count {
        let entry = r[.parameterBase] + g * r[.parameterGroupStep] + (r[.parameterStep] != 0 ? chunk / postLanes : 0)
        let at = (entry * postLanes + lane) * 4
        let word = at + 2 < parameters.count ? Array(parameters[at..<(at + 3)]) : [0, 0, 1]
        let shift = Int(word[2] & 63), multiplier = Int(word[1])
        let value = wrap(sums[chunk + lane] + Int(Int32(bitPattern: word[0])))
        let rounding = (shift > 0 ? 1 << (shift - 1) : 0) + (word[2] & 64 != 0 ? (value < 0 ? -(1 << 30) : 1 << 30) : 0)
        let first = min(max(((value &* multiplier &+ rounding) >> shift) + r[.outputZero], r[.clampLow]), r[.clampHigh])
        before.append(UInt8(truncatingIfNeeded: first))
        guard mode.contains(.residual) else {
          data.append(UInt8(truncatingIfNeeded: first))
          continue
        }
        let second =
          mode.contains(.residualConstant)
          ? Int(Int8(truncatingIfNeeded: word[2] >> 8)) : load(r[.residualBase] + place + chunk + lane)
        let sum = r[.residualA] * first + r[.residualB] * second + (r[.residualOffsetHigh] << 24 | r[.residualOffsetLow])
        let constant = r[.residualRoundHigh] << 24 | r[.residualRoundLow]
        let rounded = (sum + constant - (sum < 0 ? r[.residualDelta] : 0)) >> r[.residualShift]
        data.append(UInt8(truncatingIfNeeded: min(max(rounded + r[.residualZero], r[.residualClampLow]), r[.residualClampHigh])))
      }
      try store(step, r[.outputBase] + place + chunk, data, before)
    }
  }

  private mutating func store(_ step: Int, _ address: Int, _ data: [UInt8], _ before: [UInt8]) throws(Stop) {
    let start = address & 0xFF_FFFF
    guard start + data.count <= memory.count else { throw Stop(code: .addressOutOfRange, place: start) }
    memory.replaceSubrange(start..<(start + data.count), with: data)
    records += [6, UInt32(step) | UInt32(data.count) << 16, UInt32(start), 0]
    records += MemoryImages.words(littleEndian: data) + MemoryImages.words(littleEndian: before)
  }

  private mutating func softmax(_ values: [Int], _ step: Int) throws(Stop) {
    let r = Registers(values: values)
    for row in 0..<r[.rows] {
      let from = r[.inputBase] + row * r[.outputColumnStep], to = r[.outputBase] + row * r[.outputColumnStep]
      let inputs = (0..<r[.columns]).map { load(from + $0) }
      guard let largest = inputs.max() else { continue }
      let exponentials = inputs.map { value -> Int in
        let index = r[.exponentTable] * 256 + largest - value
        return exponents.indices.contains(index) ? Int(exponents[index]) : 0
      }
      // Q0.31 to Q12.19, rounded half away from zero (all are positive).
      let sum = exponentials.reduce(0) { $0 + ($1 + 1 << 11) >> 12 }
      let reciprocal = SoftmaxReciprocal(sum: Int32(truncatingIfNeeded: sum))
      let outputs = exponentials.map { exponential -> UInt8 in
        guard exponential != 0 else { return 0x80 }
        let product = (Int(reciprocal.mantissa) * exponential + 1 << 30) >> 31
        let rounded = (product + (1 << (reciprocal.shift - 1))) >> reciprocal.shift
        return UInt8(truncatingIfNeeded: min(max(rounded - 128, -128), 127))
      }
      for chunk in stride(from: 0, to: outputs.count, by: hardware.configuration.postLanes) {
        let data = Array(outputs[chunk..<min(outputs.count, chunk + hardware.configuration.postLanes)])
        try store(step, to + chunk, data, data)
      }
    }
  }
}
