/// Random instructions of RV32I.
struct RISCVInstructions {
  var random: SplitMix
  private mutating func pick(_ choices: [Int]) -> Int { choices[Int.random(in: 0..<choices.count, using: &random)] }

  /// Any instruction, with any operands: it soon traps. Some are none at all.
  mutating func wild() -> Int {
    let word = random.bits(32) & ~0x7F & ~0x7000
    let opcode = pick([0x03, 0x13, 0x13, 0x17, 0x23, 0x33, 0x33, 0x37, 0x63, 0x67, 0x6F]), plain = word & ~(0x7F << 25)
    if random.once(in: 50) { return word | pick([0x00, 0x0F, 0x73, 0x7F, 0x02]) }
    switch opcode {
    case 0x03: return word | pick([0, 1, 2, 4, 5]) << 12 | opcode
    case 0x23: return word | pick([0, 1, 2]) << 12 | opcode
    case 0x63: return word | pick([0, 1, 4, 5, 6, 7]) << 12 | opcode
    case 0x67: return word | opcode
    case 0x33:
      let function = random.bits(3)
      return plain | (function == 0 || function == 5 ? random.bits(1) << 30 : 0) | function << 12 | opcode
    case 0x13:
      switch random.bits(3) {
      case 1: return plain | 1 << 12 | opcode
      case 5: return plain | random.bits(1) << 30 | 5 << 12 | opcode
      case let function: return word | function << 12 | opcode
      }
    default: return word | random.bits(3) << 12 | opcode
    }
  }

  /// A program that never traps: addresses are aligned, jumps lead forward, and the last one to the beginning.
  mutating func program(_ count: Int) -> [Int] {
    // Blocks of one instruction, or of two that no jump may part; each knows how far away its target is.
    var blocks: [(start: Int, words: (Int) -> [Int])] = [], size = 0
    while size < count - 2 {
      let word = wild(), opcode = word & 0x7F, alignment = 1 << (word >> 12 & 3), odd = random.bits(1)
      // Mostly few words, so that loads meet stores.
      let offset = random.bits(random.once(in: 4) ? 12 : 4) / alignment * alignment
      // Nothing writes x9, the base of jumps; x10 can be seen from outside.
      let rd = (word >> 7 & 31 == 9 || random.once(in: 2) ? 10 : word >> 7 & 31) << 7
      let words: (Int) -> [Int]
      switch opcode {
      case 0x03: words = { _ in [offset << 20 | word & 0x7000 | rd | opcode] }
      case 0x23: words = { _ in [(offset >> 5) << 25 | word & 0x1F0_7000 | (offset & 31) << 7 | opcode] }
      case 0x63: words = { [word & 0x1FF_F000 | $0 << 7 | opcode] }
      case 0x6F: words = { [$0 << 20 | rd | opcode] }
      // auipc x9, 0; jalr rd, target(x9), which clears bit 0 of the sum
      case 0x67: words = { [9 << 7 | 0x17, ($0 | odd) << 20 | 9 << 15 | rd | opcode] }
      case 0x13, 0x17, 0x33, 0x37: words = { _ in [word & ~(31 << 7) | rd] }
      default: continue
      }
      blocks.append((size, words))
      size += words(4).count
    }
    let back = -4 * size
    blocks.append((size, { _ in [(back >> 20 & 1) << 31 | (back >> 1 & 0x3FF) << 21 | (back >> 11 & 1) << 20 | back & 0xFF000 | 0x6F] }))
    return blocks.indices.flatMap { index in
      // Less than 32 bytes, so that the offset lies in four bits of a branch.
      let target = min(index + Int.random(in: 1...3, using: &random), blocks.count - 1)
      return blocks[index].words(4 * (blocks[target].start - blocks[index].start))
    }
  }
}
