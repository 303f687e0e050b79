// A random layer of int16: the fields of one `run`, or of the scalar unit's operation, and the memories that it reads.
//
// Drawn below the compiler. Each side of the layer is int16 or not, windows, strides and padding are whatever the machine allows, and
// all memories hold random bytes: what is computed means nothing, but reference machine and hardware must agree on it.

import Emit
import Machine
import Model
import Reference

/// One command with what it needs.
struct RandomInt16Layer: Sendable {
  var fields = LayerFields.start
  private(set) var command = Command.run
  /// The feature memory, from its first byte to behind the last one written.
  private(set) var features: [UInt8] = []
  private(set) var weights: [UInt8] = []
  private(set) var parameters: [ParameterWord] = []
  private(set) var scalarTables: [[UInt32]] = []
  private(set) var byteTables: [[UInt8]] = []
  private let hardware: Hardware
  private var configuration: Configuration { hardware.configuration }
  private var random: SplitMix64

  /// Draws a layer.
  /// - Parameter hardware: has int16, and memories of some KiB.
  init(seed: UInt64, on hardware: Hardware) {
    (self.hardware, random) = (hardware, SplitMix64(seed: seed))
    if hardware.scalarTables > 0, random.chance(25) { drawArithmetic() } else { drawRun() }
  }

  private mutating func drawRun() {
    drawMode()
    drawImage()
    if fields.mode.contains(.columns) { drawColumns() } else { drawStream() }
    drawWeights()
    drawEnd()
    drawParameters()
    features = random.bytes(fields.end.base + fields.feed.groups * fields.end.groupStep + 2 * configuration.elements)
    byteTables = (0..<hardware.byteTables).map { _ in random.bytes(256) }
  }

  /// What kind of layer, for the count of what was tested.
  var kind: String { command == .int16 ? "\(Int16Rule(rawValue: fields.scalar.rule) ?? .sum)" : fields.mode.name }

  /// Up to the command, and `halt`.
  var program: [Instruction] {
    let words = LayerField.all.filter { fields[$0] != $0.start }.map { Instruction.set($0, fields[$0]) } + [.command(command, 0)]
    return words + [.halt(checksum: ProgramChecksum(of: words.map(\.word)).value)]
  }

  /// What the reference machine writes.
  /// - Throws: `MachineFault` where the layer is none: never.
  func written() throws(MachineFault) -> [WrittenByte] {
    var machine = ReferenceMachine(hardware, weights: weights, parameters: parameters, scalarTables: scalarTables, byteTables: byteTables)
    machine.load(features, at: 0)
    return try machine.run(program)
  }

  /// What a host loads, but for the features.
  var images: [MemoryImage] {
    [
      MemoryImage(region: .program, words: program.map(\.word)),
      MemoryImage(region: .weights, words: MemoryImages.words(littleEndian: weights)),
      MemoryImage(region: .parameters, words: parameters.flatMap { $0.words + [0] }),
      MemoryImage(region: .scalarTables, words: scalarTables.flatMap { $0 }),
      MemoryImage(region: .byteTables, words: MemoryImages.words(littleEndian: byteTables.flatMap { $0 })),
    ]
  }

  // MARK: drawing

  private var isInt16: Bool { fields.mode.contains(.int16Input) }
  /// Rows of bytes of a row of the image.
  private var halves: Int { isInt16 ? 2 : 1 }
  private var steps: Int { fields.array.passes * fields.array.passSteps }

  private mutating func drawMode() {
    let merged = random.pick(LayerMode.mergedCounts(upTo: configuration.mergedElements))
    var mode = random.pick([.int16Input, .int16Output, [.int16Input, .int16Output]] as [LayerMode])
    mode.formUnion(random.pick([[], .merged(merged), .columns, [.columns, .maximum]]))
    if !mode.contains(.int16Output) { mode.formUnion(random.pick([[], .residual, [.residual, .residualConstant], .table])) }
    fields.mode = mode.intersection(LayerMode(of: hardware))
  }

  /// Where the image lies, and how its rows go by: high bytes first, padding on all sides.
  private mutating func drawImage() {
    let row = random.int(1...40), lanes = configuration.memoryLanes
    fields.feed.rowBytes = row
    fields.feed.height = halves * random.int(1...5)
    (fields.feed.groups, fields.feed.rows, fields.array.columns) = (random.int(1...2), random.int(1...3), random.int(1...4))
    fields.feed.firstY = halves * random.int(-2...1)
    fields.feed.yStep = halves * random.int(1...2)
    fields.feed.yTapStep = isInt16 ? 1 : random.int(1...2)
    (fields.feed.rowStep, fields.feed.tapRowStep) = (row * fields.feed.yStep, row * fields.feed.yTapStep)
    fields.feed.base = (random.int(0...70) + row * fields.feed.firstY) & (1 << Configuration.addressBits - 1)
    fields.feed.firstX = random.int(-lanes...lanes / 2)
    (fields.feed.xStep, fields.feed.xTapStep, fields.feed.xGroupStep) = (random.int(0...12), random.int(0...12), random.int(0...4))
    fields.feed.padByte = random.pick([0, 128, random.int(0...255)])
  }

  /// Windows as bytes in a row. Of int16 every row of taps fills whole steps.
  private mutating func drawStream() {
    let stepBytes = fields.mode.mergedElements * configuration.dotProduct
    fields.feed.tapRows = halves * random.int(1...3)
    fields.feed.tapColumns = random.int(1...2)
    fields.feed.runBytes = isInt16 ? stepBytes * random.int(1...4) / fields.feed.tapColumns : random.int(1...20)
    fields.feed.columns = fields.array.columns
    let row = fields.feed.tapColumns * fields.feed.runBytes
    if isInt16 {
      (fields.array.passes, fields.array.passSteps, fields.array.lastPassLanes) = (fields.feed.tapRows, row / stepBytes, stepBytes)
    } else {
      let bytes = fields.feed.tapRows * row, passes = dividedUp(bytes, stepBytes)
      (fields.array.passes, fields.array.passSteps, fields.array.lastPassLanes) = (passes, 1, bytes - stepBytes * (passes - 1))
    }
    let spare = configuration.streamBufferBytes - configuration.memoryLanes - stepBytes
    if random.chance(30) { fields.feed.reserve = random.int(0...spare) }
  }

  /// Windows as columns, of which neighbours share some or leave some out.
  private mutating func drawColumns() {
    let c = configuration.dotProduct, height = halves * random.int(1...min(3, configuration.patchDepth / halves))
    let capacity = c * (configuration.patchDepth / height), columns = random.int(1...min(6, capacity))
    (fields.feed.tapRows, fields.feed.tapColumns, fields.feed.runBytes) = (height, 1, random.int(1...configuration.memoryLanes))
    fields.window = WindowFields(
      columns: columns, capacity: capacity, advance: random.int(1...min(columns + 2, capacity)),
      rowAdvance: random.int(columns...min(columns + 2, capacity)), passSteps: height, dotProduct: c)
    fields.feed.columns = fields.window.advance * (fields.array.columns - 1) + fields.window.rowAdvance
    let perPass = fields.mode.contains(.maximum) ? 1 : c, passes = dividedUp(columns, perPass)
    (fields.array.passes, fields.array.passSteps, fields.array.lastPassLanes) = (passes, height, columns - perPass * (passes - 1))
  }

  private mutating func drawWeights() {
    fields.weights = WeightFields(base: random.int(0...3), step: random.int(0...1), groupStep: random.pick([0, steps]))
    let words = fields.weights.base + (fields.feed.groups - 1) * fields.weights.groupStep + steps
    weights = random.bytes(words * configuration.weightWordBytes)
  }

  /// Where outputs go: behind the image, of int16 rows of high and of low bytes in turn.
  private mutating func drawEnd() {
    let most = configuration.elements / fields.mode.mergedElements, channels = random.int(1...most)
    (fields.end.channels, fields.end.lastChannels) = (channels, random.int(1...channels))
    fields.end.base = 70 + fields.feed.height * fields.feed.rowBytes + random.int(0...9)
    fields.end.columnStep = channels + random.int(0...3)
    fields.end.int16Step = fields.array.columns * fields.end.columnStep
    fields.end.rowStep = fields.end.int16Step * Timing.chunk(fields.mode)
    fields.end.groupStep = fields.feed.rows * fields.end.rowStep
    (fields.end.zero, fields.end.low, fields.end.high) = (random.int(-20...20), random.int(-128 ... -90), random.int(90...127))
    (fields.end.int16Low, fields.end.int16High) = (random.int(-32_768 ... -25_000), random.int(25_000...32_767))
    (fields.addition.a, fields.addition.b) = (random.int(-40_000...40_000), random.int(-40_000...40_000))
    (fields.addition.base, fields.addition.round, fields.addition.shift) = (random.int(0...60), 1 << 14, 15)
    fields.table.number = random.int(0...max(0, hardware.byteTables - 1))
  }

  /// Multipliers and shifts with which outputs use their range.
  private mutating func drawParameters() {
    let lanes = configuration.postLanes, chunks = dividedUp(fields.end.channels, lanes)
    (fields.end.parameterStep, fields.end.parameterGroupStep) = (random.int(0...1), random.pick([0, chunks]))
    let terms = steps * configuration.dotProduct * fields.mode.mergedElements, isMaximum = fields.mode.contains(.maximum)
    let sumBits = (isInt16 ? 15 : 7) + (isMaximum ? 0 : 7 + (Int.bitWidth - terms.leadingZeroBitCount) / 2)
    let outputBits = fields.mode.contains(.int16Output) ? 15 : 7, reach = 1 << min(sumBits, 31) - 1
    parameters = (0..<(fields.feed.groups * chunks * lanes)).map { _ in
      let shift = sumBits + 27 - outputBits + random.int(-2...2)
      return ParameterWord(
        bias: Int32(clamping: random.int(-reach...reach)), multiplier: Int32(random.int(1 << 25...1 << 28)), shift: shift,
        doubleRounding: shift > 31 && random.chance(30), operand: Int8(truncatingIfNeeded: random.int(-128...127)))
    }
  }

  /// Rows of int16 for the scalar unit: any factors, lines of any slope, and limits that some results meet.
  private mutating func drawArithmetic() {
    command = .int16
    let rule = random.pick(Int16Rule.allCases), isInt16 = !rule.isOfTwo || random.chance(70)
    fields.mode = isInt16 ? .int16Output : []
    (fields.feed.rows, fields.array.columns) = (random.int(1...4), random.int(1...12))
    func step() -> Int { fields.array.columns + random.int(0...3) }
    (fields.scalar.rule, fields.scalar.firstStep, fields.scalar.secondStep, fields.end.int16Step) = (rule.rawValue, step(), step(), step())
    fields.end.columnStep = (isInt16 ? 2 : 1) * fields.end.int16Step
    fields.feed.base = random.int(0...5)
    fields.addition.base = fields.feed.base + 2 * fields.feed.rows * fields.scalar.firstStep
    fields.end.base = fields.addition.base + 2 * fields.feed.rows * fields.scalar.secondStep
    fields.scalar.table = random.int(0...hardware.scalarTables - 1)
    fields.scalar.multiplier = random.int(1 << 30...1 << 31 - 1)
    fields.scalar.shift = rule.isOfTwo ? random.int((rule == .sum ? 10 : 12)...(isInt16 ? 17 : 25)) : rule.lineShift
    fields.scalar.secondMultiplier = random.int(random.pick([0...1 << 17, 1 << 30...1 << 31 - 1]))
    fields.scalar.secondShift = rule == .sum ? random.int(0...6) : random.pick([0, 16])
    fields.addition.zero = isInt16 ? 0 : random.int(-128...127)
    let most = isInt16 ? 32_767 : 127
    (fields.end.int16Low, fields.end.int16High) = (random.pick([-most - 1, random.int(-most...0)]), random.pick([most, random.int(0...most)]))
    features = random.bytes(fields.end.base + 2 * fields.feed.rows * fields.end.int16Step + 16)
    scalarTables = (0..<hardware.scalarTables).map { _ in
      (0..<256).map { UInt32((32_768 + 120 * $0) | random.int(0...700) << 16) }
    }
  }
}
