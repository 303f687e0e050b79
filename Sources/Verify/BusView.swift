// Views: what to do after some accesses to see that every byte of a memory is what it should be.
//
// Seeing one byte of a word destroys its neighbours, so each view is for itself: the same accesses are played again before
// each. A view says what must be written, which program must run, and which bytes of feature memory it must leave.

import Emit
import Machine

/// What is looked at.
enum BusView: Hashable, Sendable {
  case features
  /// The operands of all program words but the last, or their opcodes: by the checksum of a program made of them.
  case operands, opcodes
  case weights
  /// A byte of every parameter word: 0...3 are the bias, 4...7 the multiplier, 9 the constant operand; 8 is the shift with the
  /// kind of rounding, seen by one multiplier, or by another.
  case parameter(Int)
  case otherShift
  /// A byte of every word of the tables; the sign's byte is seen in one table at a time.
  case scalarTables(byte: Int, table: Int)
  case byteTables

  /// The views that show everything there is to see of an accelerator.
  static func all(_ hardware: Hardware) -> [BusView] {
    var views: [BusView] = [.features, .operands, .opcodes, .weights] + (0..<9).map(BusView.parameter) + [.otherShift]
    if hardware.configuration.units.residual { views.append(.parameter(9)) }
    if hardware.scalarTables > 1 {
      views += (0..<3).map { BusView.scalarTables(byte: $0, table: 0) }
      views += (0..<hardware.scalarTables).map { BusView.scalarTables(byte: 3, table: $0) }
    }
    if hardware.byteTables > 0 { views.append(.byteTables) }
    return views
  }

  /// A write, a run, a look.
  struct Step {
    var writes: [BusAccess] = []
    /// Runs what is in program memory, with this put there first.
    var program: [UInt32]? = nil
    /// Address of the first of the bytes that must be there.
    var address = BusPrograms.shown
    var expected: [UInt8]
  }

  /// What to do when the memories are as the model says.
  func steps(_ model: BusModel) -> [Step] {
    let hardware = model.hardware, c = hardware.configuration, programs = BusPrograms(hardware: model.hardware)
    func bytes(_ region: RegisterMap.Region) -> [UInt8] { model.memories[region] ?? [] }
    func features(_ address: Int, _ bytes: [Int]) -> [BusAccess] {
      let words = MemoryImages.words(littleEndian: bytes.map { UInt8(truncatingIfNeeded: $0) })
      return words.enumerated().map { .write(address: RegisterMap.Region.features.base + address + 4 * $0, data: $1, strobe: 15) }
    }
    func parameter(_ entry: Int, _ lane: Int, _ word: Int) -> Int {
      RegisterMap.Region.parameters.base + 16 * (c.postLanes * entry + lane) + 4 * word
    }
    func lanes(_ entries: Range<Int>, _ body: (Int, Int) -> [BusAccess]) -> [BusAccess] {
      entries.flatMap { entry in (0..<c.postLanes).flatMap { body(entry, $0) } }
    }
    /// Entry 0 passes sums through as they are.
    func identity() -> [BusAccess] {
      lanes(0..<1) { entry, lane in
        [0, 2, 1].enumerated().map { .write(address: parameter(entry, lane, $0), data: $1, strobe: 15) }
      }
    }
    let allEntries = 0..<hardware.parameterEntries
    switch self {
    case .features: return [Step(address: 0, expected: bytes(.features))]
    case .operands, .opcodes:
      var model = model, writes: [BusAccess] = []
      let last = RegisterMap.Region.program.base + 4 * (hardware.programWords - 1)
      for address in stride(from: RegisterMap.Region.program.base, to: last, by: 4) {
        // An opcode that takes any 24 bits, or an operand that any register takes.
        let write: (data: UInt32, strobe: Int) =
          self == .operands ? (UInt32(LayerField.at(\.feed.rowStep).number) << 24, 8) : (0, 7)
        writes.append(.write(address: address, data: write.data, strobe: write.strobe))
        _ = model.write(address, write.data, strobe: write.strobe)
      }
      let words = (0..<hardware.programWords - 1).map { model.word(.program, 4 * $0) }
      writes.append(.write(address: last, data: Instruction.halt(checksum: ProgramChecksum(of: words).value).word, strobe: 15))
      return [Step(writes: writes, program: [], expected: [])]
    case .weights:
      let (n, lanes, held) = (c.elements, c.dotProduct, bytes(.weights))
      let oneHot = (0..<lanes * lanes).map { $0 / lanes == $0 % lanes ? 1 : 0 }
      // Shown lane by lane, held element by element.
      let expected = held.indices.map { index in
        let word = index / (n * lanes), lane = index % (n * lanes) / n, element = index % n
        return held[word * n * lanes + element * lanes + lane]
      }
      return [Step(writes: features(0, oneHot) + identity(), program: programs.weights, expected: expected)]
    case .parameter(8), .otherShift:
      var expected: [UInt8] = []
      let writes = lanes(allEntries) { entry, lane in
        let word = model.word(.parameters, parameter(entry, lane, 2) & 0xFF_FFFF)
        let (shift, doubled) = (Int(word & 63), word & 64 != 0)
        let probe = ShiftProbe(shift: shift, other: self == .otherShift)
        expected.append(probe.output(shift: shift, doubleRounding: doubled))
        return [
          .write(address: parameter(entry, lane, 0), data: UInt32(bitPattern: probe.value), strobe: 15),
          .write(address: parameter(entry, lane, 1), data: UInt32(bitPattern: probe.multiplier), strobe: 15),
        ]
      }
      return [Step(writes: writes + features(0, [0]), program: programs.parameters(zero: 0), expected: expected)]
    case .parameter(9):
      let expected = lanesOf(allEntries, c.postLanes).map { bytes(.parameters)[16 * $0 + 9] }
      return [Step(writes: features(0, [0]), program: programs.parameters(zero: 0, operand: true), expected: expected)]
    case .parameter(let byte):
      // 2 · byte · 256^b, halved and shifted down by 8 · b; without a sign, 128 is taken off.
      let isSigned = byte % 4 == 3
      let writes = lanes(allEntries) { entry, lane in
        let (word, other) = (byte / 4, 1 - byte / 4)
        return [
          .write(address: parameter(entry, lane, word), data: 0, strobe: 15 & ~(1 << (byte % 4))),
          .write(address: parameter(entry, lane, other), data: 2, strobe: 15),
          .write(address: parameter(entry, lane, 2), data: UInt32(8 * (byte % 4) + 1), strobe: 15),
        ]
      }
      let expected = lanesOf(allEntries, c.postLanes).map { bytes(.parameters)[16 * $0 + byte] &- (isSigned ? 0 : 128) }
      return [Step(writes: writes + features(0, [0]), program: programs.parameters(zero: isSigned ? 0 : -128), expected: expected)]
    case .scalarTables(let byte, let table):
      let base = RegisterMap.Region.scalarTables.base
      var writes = features(0, Array(0..<256))
      for word in 0..<256 * hardware.scalarTables {
        writes.append(.write(address: base + 4 * word, data: 0, strobe: 15 & ~(1 << byte)))
      }
      func held(_ table: Int) -> [UInt8] { (0..<256).map { bytes(.scalarTables)[1024 * table + 4 * $0 + byte] } }
      if byte == 3 {
        // Twice the sign does not fit: the second operand is entry 0 of another table, made 0.
        let other = table == 0 ? 1 : 0
        writes.append(.write(address: base + 1024 * other, data: 0, strobe: 15))
        writes += features(256, [Int](repeating: 0, count: 256))
        return [Step(writes: writes, program: programs.scalarTable(table, other, operands: 256, shift: 24, zero: 0), expected: held(table))]
      }
      return (0..<hardware.scalarTables).map { table in
        Step(
          writes: table == 0 ? writes : [], program: programs.scalarTable(table, table, operands: 0, shift: 8 * byte + 1, zero: -128),
          expected: held(table).map { $0 &- 128 })
      }
    case .byteTables:
      let one = BusAccess.write(address: RegisterMap.Region.weights.base, data: 1, strobe: 1)
      return (0..<hardware.byteTables).map { table in
        Step(
          writes: table == 0 ? features(0, Array(0..<256)) + identity() + [one] : [], program: programs.byteTable(table),
          expected: Array(bytes(.byteTables)[256 * table..<256 * (table + 1)]))
      }
    }
  }

  /// The numbers of all parameter words of some entries.
  private func lanesOf(_ entries: Range<Int>, _ lanes: Int) -> Range<Int> { entries.lowerBound * lanes..<entries.upperBound * lanes }
}

/// A value and a multiplier whose product tells a shift from every other, and with another product one rounding from two.
struct ShiftProbe {
  var value: Int32, multiplier: Int32

  init(shift: Int, other: Bool) {
    if other, shift > 31 {
      // Half of 2^shift less 2^30: the second rounding, which adds 2^30, lifts it to one.
      (value, multiplier) = (Int32(truncatingIfNeeded: 1 << (shift - 31) - 1), 1 << 30)
    } else if shift > 55 {
      (value, multiplier) = (.min, .max)
    } else if shift == 55 {
      // Half of the largest product: with the whole the next smaller shift would saturate to the same byte.
      (value, multiplier) = (1 << 30, .max)
    } else {
      let exponent = shift + (other ? 5 : 6), high = min(30, exponent)
      (value, multiplier) = (1 << Int32(high), 1 << Int32(exponent - high))
    }
  }

  /// The byte that comes out of a shift.
  func output(shift: Int, doubleRounding: Bool) -> UInt8 {
    let word = ParameterWord(bias: value, multiplier: multiplier, shift: shift, doubleRounding: doubleRounding)
    return UInt8(bitPattern: Int8(clamping: word.requantize(0)))
  }
}
