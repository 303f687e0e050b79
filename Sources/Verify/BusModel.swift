// What a host must see: registers and memories in bytes, as docs/registers.md describes them.
//
// Written from that page and apart from the hardware. It knows nothing of time: a run is either over or endless.

import Emit
import Machine

/// The registers and memories of an accelerator.
struct BusModel {
  let hardware: Hardware
  /// Every window's bytes, those of holes included, which stay as they are.
  private(set) var memories: [RegisterMap.Region: [UInt8]] = [:]
  private(set) var isBusy = false
  private var isDone = false, hasFailed = false
  private var code = 0
  /// Nil where the page does not say which word it is.
  private var place: Int? = 0
  private var enabled: UInt32 = 0, events: UInt32 = 0, limit: UInt32 = .max

  /// - Parameter contents: of the windows, word by word.
  init(_ hardware: Hardware, contents: [RegisterMap.Region: [UInt32]]) {
    self.hardware = hardware
    for (region, words) in contents {
      memories[region] = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
    }
  }

  /// What a read gives.
  struct Answer: Equatable {
    var isOkay: Bool
    var data: UInt32 = 0
    /// Bits that are compared.
    var mask: UInt32 = .max
  }

  /// The word at a byte address of a window.
  func word(_ region: RegisterMap.Region, _ offset: Int) -> UInt32 {
    let bytes = memories[region] ?? []
    return MemoryImages.words(littleEndian: Array(bytes[offset..<offset + 4]))[0]
  }

  /// - Returns: whether it is answered OKAY.
  mutating func write(_ address: Int, _ data: UInt32, strobe: Int) -> Bool {
    let offset = address & 0xFF_FFFC
    guard let region = RegisterMap.Region(rawValue: address >> 24) else { return false }
    if region == .registers { return writeRegister(offset, data, strobe) }
    guard !isBusy, offset < hardware.windowBytes(of: region) else { return false }
    if region == .parameters, offset % 16 == 12 { return true }
    for lane in 0..<4 where strobe >> lane & 1 == 1 {
      memories[region]?[offset + lane] = UInt8(truncatingIfNeeded: data >> UInt32(8 * lane))
    }
    return true
  }

  private mutating func writeRegister(_ offset: Int, _ data: UInt32, _ strobe: Int) -> Bool {
    guard let register = RegisterMap.Register(rawValue: offset / 4) else { return false }
    let lanes = Self.bits(of: strobe)
    switch register {
    case .control:
      let written = Int(data & lanes)
      if written & RegisterMap.controlReset != 0 {
        (isBusy, isDone, hasFailed, code, place) = (false, false, false, 0, 0)
      } else if written & RegisterMap.controlStart != 0, !isBusy {
        start()
      }
    case .interruptEnable: enabled = (enabled & ~lanes | data & lanes) & 3
    case .interruptStatus: events &= ~(data & lanes)
    case .limit: limit = limit & ~lanes | data & lanes
    default: break
    }
    return true
  }

  /// The bits of a word that a strobe writes.
  static func bits(of strobe: Int) -> UInt32 {
    var bits: UInt32 = 0
    for lane in 0..<4 where strobe >> lane & 1 == 1 { bits |= 0xFF << UInt32(8 * lane) }
    return bits
  }

  func read(_ address: Int) -> Answer {
    let offset = address & 0xFF_FFFC
    switch RegisterMap.Region(rawValue: address >> 24) {
    case .registers: return readRegister(offset)
    case .features where !isBusy && offset < hardware.featureBytes: return Answer(isOkay: true, data: word(.features, offset))
    default: return Answer(isOkay: false)
    }
  }

  private func readRegister(_ offset: Int) -> Answer {
    guard let register = RegisterMap.Register(rawValue: offset / 4) else { return Answer(isOkay: false) }
    func okay(_ value: Int, mask: UInt32 = .max) -> Answer { Answer(isOkay: true, data: UInt32(truncatingIfNeeded: value), mask: mask) }
    let c = hardware.configuration
    switch register {
    case .identity: return okay(Int(RegisterMap.identity))
    case .version: return okay(RegisterMap.version)
    case .fingerprint: return okay(Int(hardware.fingerprint))
    case .array: return okay(c.pixels | c.channels << 8 | c.dotProduct << 16 | c.postLanes << 24)
    case .control: return okay(0)
    case .status:
      return okay(
        (isBusy ? RegisterMap.statusBusy : 0) | (isDone ? RegisterMap.statusDone : 0)
          | (hasFailed ? RegisterMap.statusError : 0) | RegisterMap.statusProgramCheck)
    case .error: return place.map { okay(code | $0 << 8) } ?? okay(code, mask: 0xFF)
    case .interruptEnable: return okay(Int(enabled))
    case .interruptStatus: return okay(Int(events))
    // Time is not modelled.
    case .cyclesLow, .cyclesHigh, .stalls: return okay(0, mask: 0)
    case .featureBytes: return okay(hardware.featureBytes)
    case .weightBytes: return okay(hardware.weightWindowBytes)
    case .parameterChannels: return okay(hardware.parameterEntries * c.postLanes)
    case .programWords: return okay(hardware.programWords)
    case .limit: return okay(Int(limit))
    }
  }

  /// The reset wire: memories stay.
  mutating func reset() {
    (isBusy, isDone, hasFailed, code, place) = (false, false, false, 0, 0)
    (enabled, events, limit) = (0, 0, .max)
  }

  /// The endless program has reached its limit.
  mutating func reachLimit() { fail(.runLimit, place: nil) }

  /// A program of nothing but words that set registers runs until one is no instruction, or off its memory; any other is
  /// taken for endless.
  private mutating func start() {
    (isDone, hasFailed, code, place) = (false, false, 0, 0)
    let flags = LayerMode(of: hardware)
    for index in 0..<hardware.programWords {
      if index == hardware.programWords - 1 { return fail(.programOverrun, place: index) }
      switch Instruction(word: word(.program, 4 * index)) {
      case .set(.at(\.modeBits), let value)? where !flags.isSuperset(of: LayerMode(rawValue: value)): return fail(.illegalInstruction, place: index)
      case .set?: continue
      case nil: return fail(.illegalInstruction, place: index)
      default:
        isBusy = true
        return
      }
    }
  }

  private mutating func fail(_ code: RegisterMap.ErrorCode, place: Int?) {
    (isBusy, hasFailed, self.code, self.place) = (false, true, code.rawValue, place)
    events |= UInt32(RegisterMap.errorHappenedMask)
  }
}

extension RegisterMap {
  /// The bit of an error in `interruptStatus` and `interruptEnable`.
  fileprivate static let errorHappenedMask = 2
}
