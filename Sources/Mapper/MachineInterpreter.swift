// The machine in software: executes a program as docs/core.md describes it, tile by tile.
//
// This is a second implementation of the machine beside the hardware, without any notion of time. It proves the
// mapper right, or the program wrong: requirements on programs (columns fed and consumed, buffer sizes, sums that
// fit, addresses in memory) are checked as they are used.

import Machine
import Model

/// What is wrong with a program.
public struct MachineFault: Error, Hashable, CustomStringConvertible, Sendable {
  public var step: Int
  public var message: String
  public var description: String { "step \(step): \(message)" }
}

/// A machine with its memories loaded.
public struct MachineInterpreter {
  public let mapping: Mapping
  /// The feature memory.
  public private(set) var memory: [UInt8]
  private var registers = [Int](repeating: 0, count: LayerRegister.allCases.count)
  private var step = 0
  private var outputs: [Int: [UInt8]] = [:]

  public init(_ mapping: Mapping) {
    self.mapping = mapping
    memory = [UInt8](repeating: 0xA5, count: mapping.hardware.featureBytes)
  }

  /// Runs the program on inputs in the order of `graph.inputs`.
  ///
  /// - Returns: inputs and every tensor that a step wrote, by index; tensors before fused additions and tables, too.
  /// - Throws: `MachineFault` when the program asks for what the machine does not do.
  public mutating func run(inputs: [[UInt8]]) throws(MachineFault) -> [Int: [UInt8]] {
    outputs = [:]
    registers = [Int](repeating: 0, count: LayerRegister.allCases.count)
    for (tensor, bytes) in zip(mapping.graph.inputs, inputs) {
      guard let address = mapping.address(of: tensor) else { throw fault("input \(tensor) has no address") }
      memory.replaceSubrange(address..<address + bytes.count, with: bytes)
      outputs[tensor] = bytes
    }
    var checksum = ProgramChecksum()
    for line in mapping.program {
      switch line.instruction {
      case .set(let register, let value):
        guard register.range.contains(value) else { throw fault("\(register.assemblyName) cannot hold \(value)") }
        registers[register.rawValue] = value
      case .run(let index):
        step = index
        try runLayer()
      case .softmax(let index):
        step = index
        try runSoftmax()
      case .add(let index):
        step = index
        try runAddition()
      case .halt(let expected):
        guard checksum.value == expected else { throw fault("the program's checksum is \(checksum.value), its halt says \(expected)") }
        return outputs
      }
      checksum.add(line.instruction.word)
    }
    throw fault("the program ends without halt")
  }

  private func fault(_ message: String) -> MachineFault { MachineFault(step: step, message: message) }

  private func register(_ register: LayerRegister) -> Int { registers[register.rawValue] }

  // MARK: Memory

  private static let addressMask = 1 << Configuration.addressBits - 1

  private func read(_ address: Int) throws(MachineFault) -> UInt8 {
    let address = address & Self.addressMask
    guard address < memory.count else { throw fault("reads address \(address) of \(memory.count)") }
    return memory[address]
  }

  private mutating func write(_ address: Int, _ value: Int, before sum: Int) throws(MachineFault) {
    let address = address & Self.addressMask
    guard address < memory.count else { throw fault("writes address \(address) of \(memory.count)") }
    memory[address] = UInt8(truncatingIfNeeded: value)
    let entry = mapping.steps[step]
    try record(entry.outputTensor, address - entry.outputBase, value)
    if let tensor = entry.sumTensor { try record(tensor, address - entry.outputBase, sum) }
  }

  private mutating func record(_ tensor: Int, _ offset: Int, _ value: Int) throws(MachineFault) {
    let count = mapping.graph.tensors[tensor].byteCount
    guard offset >= 0, offset < count else { throw fault("writes byte \(offset) of \(mapping.graph.label(tensor))") }
    outputs[tensor, default: [UInt8](repeating: 0, count: count)][offset] = UInt8(truncatingIfNeeded: value)
  }

  // MARK: Feeder

  /// The feeder's loop nest, a chunk at a time.
  private struct Feeder {
    var g = 0, y = 0, c = 0, ky = 0, kx = 0, j = 0
    var isDone = false
  }

  /// The next chunk: V bytes of which `count` belong to the run; nil after the last.
  private func next(_ feeder: inout Feeder) throws(MachineFault) -> (bytes: [Int8], count: Int)? {
    if feeder.isDone { return nil }
    let lanes = mapping.hardware.configuration.memoryLanes
    let f = feeder
    let row = register(.firstY) + f.y * register(.yStep) + f.ky * register(.yTapStep)
    let x = register(.firstX) + f.g * register(.xGroupStep) + f.c * register(.xStep) + f.kx * register(.xTapStep) + f.j
    let address = register(.inputBase) + f.y * register(.inputRowStep) + f.ky * register(.inputTapRowStep) + x
    let isInside = row >= 0 && row < register(.inputHeight)
    let count = min(lanes, register(.runBytes) - f.j)
    let pad = Int8(truncatingIfNeeded: register(.padByte))
    var bytes = [Int8](repeating: pad, count: lanes)
    // Lanes beyond the run are read by the hardware as well, but nothing depends on them.
    for lane in 0..<count where isInside && x + lane >= 0 && x + lane < register(.inputRowBytes) {
      bytes[lane] = Int8(bitPattern: try read(address + lane))
    }
    func step(_ value: inout Int, _ by: Int, _ limit: Int) -> Bool {
      value += by
      if value < limit { return true }
      value = 0
      return false
    }
    if step(&feeder.j, lanes, register(.runBytes)) { return (bytes, count) }
    if step(&feeder.kx, 1, register(.tapColumns)) { return (bytes, count) }
    if step(&feeder.ky, 1, register(.tapRows)) { return (bytes, count) }
    if step(&feeder.c, 1, register(.feedColumns)) { return (bytes, count) }
    if step(&feeder.y, 1, register(.rows)) { return (bytes, count) }
    if step(&feeder.g, 1, register(.groups)) { return (bytes, count) }
    feeder.isDone = true
    return (bytes, count)
  }

  // MARK: A layer

  private mutating func runLayer() throws(MachineFault) {
    let mode = LayerMode(rawValue: register(.mode))
    try checkLayer(mode)
    let c = mapping.hardware.configuration.dotProduct
    let isStream = !mode.contains(.columns), usesMaximum = mode.contains(.maximum)
    var feeder = Feeder()
    // Column mode: the columns fed and not yet behind the window, each of passSteps entries.
    var columns: [[[Int8]]] = []
    var firstColumn = 0, entries: [[Int8]] = []
    let advance = usesMaximum ? 1 : c
    for group in 0..<register(.groups) {
      for row in 0..<register(.rows) {
        for x in 0..<register(.columns) {
          var sums = [Int](repeating: 0, count: mapping.hardware.configuration.elements)
          if isStream {
            let window = try streamWindow(&feeder)
            for s in 0..<register(.passes) {
              let lanes = s == register(.passes) - 1 ? register(.lastPassLanes) : c
              accumulate(&sums, group, s) { _, lane in lane < lanes ? Int(window[c * s + lane]) : 0 }
            }
          } else {
            // Columns up to the end of the window.
            while columns.count < register(.windowColumns) {
              guard let chunk = try next(&feeder) else { throw fault("the feeder stops before the last window") }
              entries.append(chunk.bytes)
              if entries.count == register(.passSteps) {
                columns.append(entries)
                entries = []
              }
            }
            var s = 0
            for pass in 0..<register(.passes) {
              let lanes = pass == register(.passes) - 1 ? register(.lastPassLanes) : advance
              for entry in 0..<register(.passSteps) {
                if usesMaximum {
                  let bytes = columns[pass][entry]
                  for n in sums.indices {
                    let value = n < bytes.count ? Int(bytes[n]) : 0
                    sums[n] = s == 0 ? value : max(sums[n], value)
                  }
                } else {
                  accumulate(&sums, group, s) { n, lane in
                    lane < lanes ? Int(columns[pass * c + lane][entry][n]) : 0
                  }
                }
                s += 1
              }
            }
            let step = x == register(.columns) - 1 ? register(.rowAdvance) : register(.outputAdvance)
            firstColumn += step
            // A step may go beyond what was fed: those columns are skipped as they come.
            while columns.count < step {
              guard let chunk = try next(&feeder) else { throw fault("the feeder stops before column \(firstColumn)") }
              entries.append(chunk.bytes)
              if entries.count == register(.passSteps) {
                columns.append(entries)
                entries = []
              }
            }
            columns.removeFirst(step)
          }
          try drain(sums, group: group, row: row, x: x, mode)
        }
      }
    }
    if !feeder.isDone || !columns.isEmpty || !entries.isEmpty { throw fault("the feeder feeds more than is consumed") }
  }

  /// Requirements on a layer's registers.
  private func checkLayer(_ mode: LayerMode) throws(MachineFault) {
    let c = mapping.hardware.configuration.dotProduct, depth = mapping.hardware.configuration.patchDepth
    func require(_ condition: Bool, _ what: String) throws(MachineFault) { if !condition { throw fault(what) } }
    for register in [LayerRegister.groups, .rows, .columns, .feedColumns, .tapRows, .tapColumns, .runBytes, .passes, .passSteps] {
      try require(self.register(register) >= 1, "\(register.assemblyName) is 0")
    }
    try require(register(.groupChannels) <= mapping.hardware.configuration.elements, "a group is larger than the array")
    try require(register(.lastPassLanes) >= 1 && register(.lastPassLanes) <= c, "lanes of the last pass")
    guard mode.contains(.columns) else {
      try require(!mode.contains(.maximum), "a maximum needs column mode")
      let window = register(.tapRows) * register(.tapColumns) * register(.runBytes)
      try require(register(.passSteps) == 1, "pass steps of a stream")
      try require(register(.feedColumns) == register(.columns), "feed columns of a stream")
      try require(register(.passes) == dividedUp(window, c), "passes of a stream")
      try require(register(.lastPassLanes) == window - c * (register(.passes) - 1), "last lanes of a stream")
      return
    }
    let advance = mode.contains(.maximum) ? 1 : c
    let steps = register(.passSteps), capacity = register(.capacityColumns)
    try require(register(.runBytes) <= mapping.hardware.configuration.memoryLanes, "an entry is longer than a read")
    try require(register(.windowColumns) == advance * (register(.passes) - 1) + register(.lastPassLanes), "window columns")
    try require(capacity <= c * (depth / steps), "capacity beyond the column buffer")
    try require(
      capacity >= max(register(.windowColumns), register(.outputAdvance), register(.rowAdvance)), "capacity too small")
    try require(register(.outputAdvanceRows) == register(.outputAdvance) / c * steps, "output advance rows")
    try require(register(.rowAdvanceRows) == register(.rowAdvance) / c * steps, "row advance rows")
    let consumed = register(.outputAdvance) * (register(.columns) - 1) + register(.rowAdvance)
    try require(
      register(.feedColumns) * register(.tapRows) * register(.tapColumns) == consumed * steps, "columns fed and consumed")
  }

  private func streamWindow(_ feeder: inout Feeder) throws(MachineFault) -> [Int8] {
    let size = register(.tapRows) * register(.tapColumns) * register(.runBytes)
    var window: [Int8] = []
    while window.count < size {
      guard let chunk = try next(&feeder) else { throw fault("the feeder stops before the last window") }
      window += chunk.bytes[..<chunk.count]
    }
    return window
  }

  /// One step of the array: `operand` gives the byte of element n and lane t.
  private func accumulate(_ sums: inout [Int], _ group: Int, _ step: Int, _ operand: (Int, Int) -> Int) {
    let c = mapping.hardware.configuration.dotProduct
    let word = register(.weightBase) + group * register(.weightGroupStep) + (register(.weightStep) == 1 ? step : 0)
    let base = word * mapping.hardware.configuration.weightWordBytes
    for n in sums.indices {
      for lane in 0..<c {
        sums[n] += operand(n, lane) * Int(Int8(bitPattern: mapping.weights[base + n * c + lane]))
      }
    }
  }

  private func wrapped(_ value: Int) -> Int {
    let unused = Int.bitWidth - mapping.hardware.accumulatorBits
    return (value << unused) >> unused
  }

  private mutating func drain(_ sums: [Int], group: Int, row: Int, x: Int, _ mode: LayerMode) throws(MachineFault) {
    let isLast = group == register(.groups) - 1
    let channels = isLast ? register(.lastGroupChannels) : register(.groupChannels)
    let lanes = mapping.hardware.configuration.postLanes
    let place = group * register(.outputGroupStep) + row * register(.outputRowStep) + x * register(.outputColumnStep)
    for n in 0..<channels {
      let entry =
        register(.parameterBase) + group * register(.parameterGroupStep) + (register(.parameterStep) == 1 ? n / lanes : 0)
      let index = entry * lanes + n % lanes
      guard index < mapping.parameters.count else { throw fault("reads parameter entry \(entry)") }
      let word = mapping.parameters[index]
      let value = wrapped(wrapped(sums[n]) + Int(word.bias))
      let first = min(max(word.rescaled(value) + register(.outputZero), register(.clampLow)), register(.clampHigh))
      var result = first
      if mode.contains(.residual) {
        let second = mode.contains(.residualConstant)
          ? Int(word.operand) : Int(Int8(bitPattern: try read(register(.residualBase) + place + n)))
        let k = register(.residualOffsetHigh) << 24 + register(.residualOffsetLow)
        let round = register(.residualRoundHigh) << 24 + register(.residualRoundLow)
        let d = register(.residualA) * first + register(.residualB) * second + k
        let rounded = d + round - (d < 0 ? register(.residualDelta) : 0)
        guard max(abs(k), abs(round), abs(rounded)) < 1 << 39 else { throw fault("the addition exceeds 40 bits") }
        result = min(
          max(rounded >> register(.residualShift) + register(.residualZero), register(.residualClampLow)),
          register(.residualClampHigh))
      }
      if mode.contains(.table) {
        let table = mapping.byteTables[register(.byteTable)]
        let looked = Int(Int8(bitPattern: table[Int(UInt8(truncatingIfNeeded: result))]))
        try write(register(.outputBase) + place + n, looked, before: result)
      } else {
        try write(register(.outputBase) + place + n, result, before: first)
      }
    }
  }

  // MARK: Scalar unit

  private mutating func runSoftmax() throws(MachineFault) {
    let table = mapping.scalarTables[register(.scalarTable)].map { Int32(bitPattern: $0) }
    for row in 0..<register(.rows) {
      let start = row * register(.outputColumnStep)
      var values: [Int] = []
      for column in 0..<register(.columns) {
        values.append(Int(Int8(bitPattern: try read(register(.inputBase) + start + column))))
      }
      let maximum = values.max() ?? 0
      var sum: Int32 = 0
      for value in values { sum = sum &+ roundingDivideByPowerOfTwo(table[maximum - value], 12) }
      let reciprocal = SoftmaxReciprocal(sum: sum)
      for (column, value) in values.enumerated() {
        let product = saturatingRoundingDoublingHighMultiply(reciprocal.mantissa, table[maximum - value])
        let scaled = reciprocal.shift > 31 ? 0 : roundingDivideByPowerOfTwo(product, reciprocal.shift)
        let output = min(max(Int(scaled) + register(.residualZero), register(.residualClampLow)), register(.residualClampHigh))
        try write(register(.outputBase) + start + column, output, before: output)
      }
    }
  }

  private mutating func runAddition() throws(MachineFault) {
    let isConstant = LayerMode(rawValue: register(.mode)).contains(.residualConstant)
    let first = mapping.scalarTables[register(.scalarTable)], second = mapping.scalarTables[register(.scalarSecondTable)]
    let multiplier = Int32(truncatingIfNeeded: register(.scalarMultiplierHigh) << 24 | register(.scalarMultiplierLow))
    for row in 0..<register(.rows) {
      for column in 0..<register(.columns) {
        let place = row * register(.outputColumnStep) + column
        let x1 = try read(register(.inputBase) + place)
        let entry = isConstant ? column & 0xFF : Int(try read(register(.residualBase) + place))
        guard entry < second.count else { throw fault("entry \(entry) of a table of \(second.count)") }
        let sum = Int32(bitPattern: first[Int(x1)]) &+ Int32(bitPattern: second[entry])
        let high = saturatingRoundingDoublingHighMultiply(sum, multiplier)
        let rounded = Int(roundingDivideByPowerOfTwo(high, register(.scalarShift)))
        let output = min(max(rounded + register(.residualZero), register(.residualClampLow)), register(.residualClampHigh))
        try write(register(.outputBase) + place, output, before: output)
      }
    }
  }
}
