// Random accesses to the bus: any address, alignment, window and strobe, while nothing runs and while a program does.
//
// Addresses favour what goes wrong: the edges of memories, the first words beyond, and where an address wraps to when high
// bits are not looked at. A few bytes are kept to values that mean something (`meaningful`), because a program that shows
// what is in a memory could not tell meaningless ones from each other.

import Machine
import Model

/// Something a host does.
indirect enum BusAccess: Sendable, Hashable {
  case write(address: Int, data: UInt32, strobe: Int)
  case read(address: Int)
  /// A program without end is loaded, started and stopped; the accesses come while it runs.
  case run(during: [BusAccess], end: Ending)
  /// The reset wire, not the control register.
  case reset

  /// How a program without end is stopped.
  enum Ending: Sendable, Hashable {
    case reset
    /// By a word with both bits, `start` and `reset`.
    case resetWithStart
    case limit
  }

  /// Accesses with those during runs.
  var count: Int { if case .run(let during, _) = self { 1 + during.count } else { 1 } }

  var description: String {
    func hex(_ value: Int) -> String { "0x" + String(value, radix: 16) }
    return switch self {
    case .write(let address, let data, let strobe):
      "write \(hex(address)) strobe \(String(16 | strobe, radix: 2).dropFirst()) data \(hex(Int(data)))"
    case .read(let address): "read \(hex(address))"
    case .run(let during, let end): "run, stopped by \(end) [\(during.map(\.description).joined(separator: "; "))]"
    case .reset: "reset"
    }
  }
}

/// Makes random accesses for one accelerator.
struct BusAccesses {
  let hardware: Hardware
  private var random: SplitMix64

  init(_ hardware: Hardware, seed: UInt64) {
    self.hardware = hardware
    random = SplitMix64(seed: seed)
  }

  /// A sequence of about `count` accesses.
  mutating func sequence(_ count: Int) -> [BusAccess] {
    var accesses: [BusAccess] = [], made = 0
    while made < count {
      let access: BusAccess
      switch below(200) {
      case 0..<2:
        let during = (0..<1 + below(12)).map { _ in single(whileBusy: true) }
        access = .run(during: during, end: [.reset, .resetWithStart, .limit][below(3)])
      case 2: access = .reset
      default: access = single(whileBusy: false)
      }
      accesses.append(access)
      made += access.count
    }
    return accesses
  }

  /// The contents of all windows before the first access, each word as the host writes it.
  mutating func contents() -> [RegisterMap.Region: [UInt32]] {
    var contents: [RegisterMap.Region: [UInt32]] = [:]
    for region in RegisterMap.Region.allCases where region != .registers {
      contents[region] = (0..<hardware.windowBytes(of: region) / 4).map { meaningful(region.base + 4 * $0, word()) }
    }
    return contents
  }

  /// A seed and a chance, of 256, for wait states; often none.
  mutating func waitStates() -> (seed: Int, probability: Int) { (below(1 << 30), [0, 0, 64, 160][below(4)]) }

  private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
  private mutating func word() -> UInt32 { UInt32.random(in: 0 ... .max, using: &random) }

  private mutating func single(whileBusy: Bool) -> BusAccess {
    let address = address()
    if below(3) == 0 { return .read(address: address) }
    let strobe = below(3) == 0 ? 15 : below(2) == 0 ? 1 << below(4) : below(16)
    var data = word()
    if below(4) == 0 { data &= 0x0303_0303 }
    data = meaningful(address, data)
    if whileBusy, address >> 24 == 0 {
      // What would end the run is its last word, and a limit that may be reached in time or not says nothing.
      if address & ~3 == RegisterMap.Register.control.address { data &= ~UInt32(RegisterMap.controlReset) }
      if address & ~3 == RegisterMap.Register.limit.address { return .read(address: address) }
    }
    return .write(address: address, data: data, strobe: strobe)
  }

  private mutating func address() -> Int {
    let number = below(10) == 0 ? below(16) : below(7)
    let base = number << 24
    guard let region = RegisterMap.Region(rawValue: number) else { return base + below(1 << 24) }
    let size = hardware.windowBytes(of: region)
    let inside = size == 0 ? below(64) : below(size)
    let offset: Int
    switch below(8) {
    case 0..<4: offset = inside
    case 4: offset = size + below(16) - 8
    case 5: offset = size + below(max(64, size))
    // Where high bits are not looked at, this is the word inside.
    case 6: offset = inside | 1 << (below(24))
    default: offset = below(1 << 24)
    }
    return base + max(0, offset) & 0xFF_FFFF
  }

  /// The data with the bytes that must mean something made so: opcodes of the program set registers, multipliers
  /// are positive, shifts are from 1 to 62 with the double rounding that needs more than 31, and a limit is so long that
  /// only the endless program reaches it.
  func meaningful(_ address: Int, _ data: UInt32) -> UInt32 {
    switch RegisterMap.Region(rawValue: address >> 24) {
    case .program: return data & 0xFF_FFFF | (data >> 24) % UInt32(LayerField.all.count) << 24
    case .parameters where address % 16 / 4 == 1: return data & 0x7FFF_FFFF
    case .parameters where address % 16 / 4 == 2:
      let shift = 1 + (data & 63) % 62
      return data & ~0x7F | shift | (shift > 31 ? data & 64 : 0)
    case .registers where address & ~3 == RegisterMap.Register.limit.address: return data | UInt32(Self.leastLimit)
    default: return data
    }
  }

  /// Cycles that no run of a few hundred words takes. One bit of the second byte: whatever the strobe, it stays set.
  static let leastLimit = 0x1000
}
