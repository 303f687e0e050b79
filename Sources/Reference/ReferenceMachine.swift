// The machine in software: executes a program as docs/core.md describes it, tile by tile.
//
// A second implementation of the machine beside the hardware, without any notion of time and without knowing networks: it
// takes a program and memories and says what was written. It proves the mapper right, or the program wrong: requirements on
// programs (columns fed and consumed, buffer sizes, sums that fit, addresses in memory) are checked as they are used. Each
// engine has a file of its own.

import Machine

/// What is wrong with a program.
public struct MachineFault: Error, Hashable, CustomStringConvertible, Sendable {
  public var step: Int
  public var message: String
  public init(step: Int, message: String) { (self.step, self.message) = (step, message) }
  public var description: String { "step \(step): \(message)" }
}

/// A machine with its memories loaded.
public struct ReferenceMachine: Sendable {
  public let hardware: Hardware
  private(set) var weights: [UInt8]
  let parameters: [ParameterWord]
  let scalarTables: [[UInt32]]
  let byteTables: [[UInt8]]
  /// The feature memory; what was never written is a pattern that is no zero.
  public private(set) var memory: [UInt8]
  var fields = LayerFields.start
  private var step = 0
  private var writes: [WrittenByte] = []

  /// - Parameters:
  ///   - weights: bytes of the weight memory, from its beginning.
  ///   - parameters: words of the parameter memory, Q to an entry.
  ///   - scalarTables: of 256 words each.
  ///   - byteTables: of 256 bytes each.
  public init(
    _ hardware: Hardware, weights: [UInt8], parameters: [ParameterWord], scalarTables: [[UInt32]] = [], byteTables: [[UInt8]] = []
  ) {
    (self.hardware, self.weights, self.parameters) = (hardware, weights, parameters)
    (self.scalarTables, self.byteTables) = (scalarTables, byteTables)
    memory = [UInt8](repeating: 0xA5, count: hardware.featureBytes)
  }

  /// Puts bytes into the feature memory, in which they must have room.
  public mutating func load(_ bytes: [UInt8], at address: Int) {
    memory.replaceSubrange(address..<address + bytes.count, with: bytes)
  }

  /// Runs a program from its first word to `halt`.
  ///
  /// - Returns: everything that was written, in the machine's order.
  /// - Throws: `MachineFault` when the program asks for what the machine does not do.
  public mutating func run(_ program: some Sequence<Instruction>) throws(MachineFault) -> [WrittenByte] {
    (fields, step, writes) = (.start, 0, [])
    var checksum = ProgramChecksum()
    for instruction in program {
      switch instruction {
      case .set(let field, let value):
        guard field.range.contains(value) else { throw fault("\(field.assemblyName) cannot hold \(value)") }
        fields[field] = value
      case .command(.halt, let expected, _):
        guard checksum.value == expected else { throw fault("the program's checksum is \(checksum.value), its halt says \(expected)") }
        return writes
      // One layer after the other: how they overlap must not be seen.
      case .command(let command, let number, _):
        step = number
        switch command {
        case .softmax: try runSoftmax()
        case .add: try runAddition()
        case .int16: try runInt16()
        default: try runLayer()
        }
      }
      checksum.add(instruction.word)
    }
    throw fault("the program ends without halt")
  }

  func fault(_ message: String) -> MachineFault { MachineFault(step: step, message: message) }

  func require(_ condition: Bool, _ what: @autoclosure () -> String) throws(MachineFault) {
    if !condition { throw fault(what()) }
  }

  // MARK: Memory

  private static let addressMask = 1 << Configuration.addressBits - 1

  func read(_ address: Int) throws(MachineFault) -> UInt8 {
    let address = address & Self.addressMask
    guard address < memory.count else { throw fault("reads address \(address) of \(memory.count)") }
    return memory[address]
  }

  mutating func write(_ address: Int, _ value: Int, before: Int) throws(MachineFault) {
    let address = address & Self.addressMask
    if address >= Configuration.firstWeightAddress, hardware.extensions.contains(.computedWeights) {
      let place = address - Configuration.firstWeightAddress
      guard place < weights.count else { throw fault("writes weight byte \(place) of \(weights.count)") }
      weights[place] = UInt8(truncatingIfNeeded: value)
      return
    }
    guard address < memory.count else { throw fault("writes address \(address) of \(memory.count)") }
    memory[address] = UInt8(truncatingIfNeeded: value)
    writes.append(
      WrittenByte(step: step, address: address, value: memory[address], before: UInt8(truncatingIfNeeded: before)))
  }
}
