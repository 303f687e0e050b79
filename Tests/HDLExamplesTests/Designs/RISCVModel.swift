/// RV32I as its specification says it, an instruction at a time; the measure of the processor.
struct RISCVModel {
  var program: [UInt32]
  var data: [UInt32]
  var pc: UInt32 = 0
  var registers = Array(repeating: UInt32(0), count: 32)
  /// Instructions by opcode, function and, where it tells two apart, bit 30.
  var seen: Set<UInt32> = []

  /// Executes the next instruction; false if it traps, which changes nothing.
  mutating func step() -> Bool {
    let word = program[Int(pc >> 2) & 255], funct3 = word >> 12 & 7, rd = Int(word >> 7 & 31)
    let a = registers[Int(word >> 15 & 31)], b = registers[Int(word >> 20 & 31)], isAlternative = word >> 30 & 1 == 1
    let immediateI = UInt32(bitPattern: Int32(bitPattern: word) >> 20), upper = word & 0xFFFF_F000
    var result: UInt32?, next = pc &+ 4, store: (address: UInt32, size: UInt32)?
    switch word & 0x7F {
    case 0x37: result = upper
    case 0x17: result = pc &+ upper
    case 0x6F: (result, next) = (next, pc &+ immediateJ(word))
    case 0x67: (result, next) = (next, (a &+ immediateI) & ~1)
    case 0x63: if isTaken(funct3, a, b) { next = pc &+ immediateB(word) }
    case 0x03:
      guard let value = load(a &+ immediateI, funct3) else { return false }
      result = value
    case 0x23: store = (a &+ (immediateI & ~31 | word >> 7 & 31), 1 << funct3)
    case 0x13: result = compute(funct3, a, immediateI, isAlternative && funct3 == 5)
    case 0x33: result = compute(funct3, a, b, isAlternative)
    default: return false
    }
    if next & 3 != 0 { return false }
    if let store {
      if store.address % store.size != 0 { return false }
      let shift = store.address % 4 * 8, mask = UInt32(UInt64(1) << UInt64(8 * store.size) - 1) << shift
      let row = Int(store.address >> 2) & 255
      data[row] = data[row] & ~mask | b << shift & mask
    }
    if let result, rd != 0 { registers[rd] = result }
    pc = next
    let hasFunction = ![0x37, 0x17, 0x6F].contains(word & 0x7F)
    let tellsApart = word & 0x7F == 0x33 && [0, 5].contains(funct3) || word & 0x7F == 0x13 && funct3 == 5
    seen.insert(word & (hasFunction ? 0x707F : 0x7F) | (tellsApart ? word & 1 << 30 : 0))
    return true
  }

  private func load(_ address: UInt32, _ funct3: UInt32) -> UInt32? {
    let size = UInt32(1) << (funct3 & 3), value = data[Int(address >> 2) & 255] >> (address % 4 * 8)
    if address % size != 0 { return nil }
    switch funct3 {
    case 0: return UInt32(bitPattern: Int32(Int8(truncatingIfNeeded: value)))
    case 1: return UInt32(bitPattern: Int32(Int16(truncatingIfNeeded: value)))
    case 4: return value & 0xFF
    case 5: return value & 0xFFFF
    default: return value
    }
  }
  private func isTaken(_ funct3: UInt32, _ a: UInt32, _ b: UInt32) -> Bool {
    switch funct3 {
    case 0: a == b
    case 1: a != b
    case 4: Int32(bitPattern: a) < Int32(bitPattern: b)
    case 5: Int32(bitPattern: a) >= Int32(bitPattern: b)
    case 6: a < b
    default: a >= b
    }
  }
  private func compute(_ funct3: UInt32, _ a: UInt32, _ b: UInt32, _ isAlternative: Bool) -> UInt32 {
    switch funct3 {
    case 0: isAlternative ? a &- b : a &+ b
    case 1: a << (b & 31)
    case 2: Int32(bitPattern: a) < Int32(bitPattern: b) ? 1 : 0
    case 3: a < b ? 1 : 0
    case 4: a ^ b
    case 5: isAlternative ? UInt32(bitPattern: Int32(bitPattern: a) >> (b & 31)) : a >> (b & 31)
    case 6: a | b
    default: a & b
    }
  }
  private func immediateB(_ word: UInt32) -> UInt32 {
    let sign = UInt32(bitPattern: Int32(bitPattern: word) >> 31) << 12
    return sign | (word >> 7 & 1) << 11 | (word >> 25 & 0x3F) << 5 | (word >> 8 & 0xF) << 1
  }
  private func immediateJ(_ word: UInt32) -> UInt32 {
    let sign = UInt32(bitPattern: Int32(bitPattern: word) >> 31) << 20
    return sign | word & 0xFF000 | (word >> 20 & 1) << 11 | (word >> 21 & 0x3FF) << 1
  }
}
