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
    var words: [Int] = []
    while words.count < count - 3 {
      let word = wild(), opcode = word & 0x7F, size = 1 << (word >> 12 & 3), ahead = 4 * Int.random(in: 1...min(6, count - 1 - words.count), using: &random)
      // Nothing writes x9, the base of jumps.
      let rd = word >> 7 & 31 == 9 ? 10 << 7 : word & 31 << 7, middle = word & 0x1FF_F000
      switch opcode {
      case 0x03: words.append(word & 0x7000 | random.bits(12) / size * size << 20 | rd | opcode)
      case 0x23:
        let offset = random.bits(12) / size * size
        words.append(word & 0x1F0_7000 | (offset >> 5) << 25 | (offset & 31) << 7 | opcode)
      case 0x63: words.append(middle | ahead << 7 | opcode)
      case 0x6F: words.append(ahead << 20 | rd | opcode)
      case 0x67:
        let target = 4 * Int.random(in: 1...min(6, count - 2 - words.count), using: &random)
        // auipc x9, 0; jalr rd, target + 4(x9)
        words += [9 << 7 | 0x17, (target + 4) << 20 | 9 << 15 | rd | opcode]
      case 0x13, 0x33, 0x17, 0x37: words.append(word & ~(31 << 7) | rd)
      default: break
      }
    }
    while words.count < count - 1 { words.append(0x0000_0013) }
    let back = -4 * (count - 1)
    return words + [(back >> 20 & 1) << 31 | (back >> 1 & 0x3FF) << 21 | (back >> 11 & 1) << 20 | (back >> 12 & 0xFF) << 12 | 0x6F]
  }
}
