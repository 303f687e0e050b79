// The list of commands that the test benches carry out; testbenches/harness.cpp describes it.

import Machine

/// A job in the making: 32-bit words.
public struct Job: Sendable {
  public private(set) var words: [UInt32] = []

  public init() {}

  /// How a job waits for the end of a run.
  public enum Waiting: Sendable { case interrupt, polling }

  /// The file.
  public var bytes: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(words.count * 4 + 4)
    for word in words + [0] {
      for shift in stride(from: UInt32(0), to: 32, by: 8) { out.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    return out
  }

  private mutating func add(_ command: UInt32, _ operands: Int...) {
    words.append(command)
    words += operands.map { UInt32(truncatingIfNeeded: $0) }
  }

  public mutating func write(_ address: Int, _ value: UInt32, strobe: Int = 15) { add(2, address, strobe, Int(value)) }
  public mutating func write(_ register: RegisterMap.Register, _ value: Int) {
    write(RegisterMap.Region.registers.base + register.address, UInt32(truncatingIfNeeded: value))
  }

  /// Fills a window.
  public mutating func load(_ image: MemoryImage) {
    let written = image.written
    guard !written.isEmpty else { return }
    add(1, image.region.base, image.usedWords, image.groupWords * 4, written.count)
    words += written
  }

  /// Writes bytes at any byte address of the feature memory.
  public mutating func writeFeatures(_ address: Int, _ bytes: [UInt8]) {
    let base = RegisterMap.Region.features.base
    var at = 0
    func partial(_ at: Int, _ count: Int) -> (address: Int, value: UInt32, strobe: Int) {
      let lane = (address + at) % 4
      let value = (0..<count).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * (lane + $1)) }
      return (base + address + at - lane, value, ((1 << count) - 1) << lane)
    }
    if address % 4 != 0, !bytes.isEmpty {
      let head = min(bytes.count, 4 - address % 4)
      let word = partial(0, head)
      write(word.address, word.value, strobe: word.strobe)
      at = head
    }
    let wholeWords = (bytes.count - at) / 4
    if wholeWords > 0 {
      add(1, base + address + at, 1, 4, wholeWords)
      words += MemoryImages.words(littleEndian: Array(bytes[at..<(at + 4 * wholeWords)]))
      at += 4 * wholeWords
    }
    if at < bytes.count {
      let word = partial(at, bytes.count - at)
      write(word.address, word.value, strobe: word.strobe)
    }
  }

  /// Reads words; the results have them by address.
  public mutating func read(_ address: Int, count: Int) { add(3, address, count) }
  public mutating func read(_ register: RegisterMap.Register) { read(register.address, count: 1) }

  /// Reads the words that hold these bytes of the feature memory.
  public mutating func readFeatures(_ address: Int, count: Int) {
    guard count > 0 else { return }
    let first = address / 4, last = (address + count - 1) / 4
    read(RegisterMap.Region.features.base + first * 4, count: last - first + 1)
  }

  /// Reads a word and compares the bits of `mask`.
  public mutating func check(_ address: Int, _ expected: UInt32, mask: UInt32 = .max) {
    add(4, address, Int(mask), Int(expected))
  }

  /// Compares bytes of the feature memory.
  public mutating func checkFeatures(_ address: Int, _ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    for word in (address / 4)...((address + bytes.count - 1) / 4) {
      var value: UInt32 = 0, mask: UInt32 = 0
      for lane in 0..<4 where bytes.indices.contains(4 * word + lane - address) {
        value |= UInt32(bytes[4 * word + lane - address]) << UInt32(8 * lane)
        mask |= 0xFF << UInt32(8 * lane)
      }
      check(RegisterMap.Region.features.base + 4 * word, value, mask: mask)
    }
  }

  public mutating func start() { add(5, RegisterMap.Register.control.address, RegisterMap.controlStart) }

  /// Waits until the run has ended, in success or error.
  public mutating func wait(_ waiting: Waiting, limit: Int) {
    add(
      6, waiting == .interrupt ? 1 : 0, limit, RegisterMap.Register.status.address,
      RegisterMap.statusDone | RegisterMap.statusError)
  }

  public mutating func reset(cycles: Int = 4) { add(7, cycles) }
  public mutating func idle(cycles: Int) { add(8, cycles) }
  public mutating func mark(sample: Int) { add(9, sample) }
  /// From here on valid and ready signals wait with `probability` of 256 in each cycle.
  public mutating func waitStates(seed: Int, probability: Int) { add(10, seed, probability) }
}
