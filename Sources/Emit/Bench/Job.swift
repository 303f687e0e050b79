// A list of commands for a test bench, made from what a host wants to do.

import Machine

/// A job in the making.
public struct Job: Sendable {
  /// All but the end.
  public private(set) var commands: [BenchCommand] = []

  public init() {}

  /// The file: little-endian 32-bit words.
  public var bytes: [UInt8] {
    var out: [UInt8] = []
    for command in commands + [.end] {
      for word in command.words {
        for shift in stride(from: UInt32(0), to: 32, by: 8) { out.append(UInt8(truncatingIfNeeded: word >> shift)) }
      }
    }
    return out
  }

  public mutating func write(_ address: Int, _ value: UInt32, strobe: Int = 15) {
    commands.append(.write(address: address, strobe: strobe, data: value))
  }
  public mutating func write(_ register: RegisterMap.Register, _ value: Int) {
    write(RegisterMap.Region.registers.base + register.address, UInt32(truncatingIfNeeded: value))
  }

  /// Fills a window.
  public mutating func load(_ image: MemoryImage) {
    let written = image.written
    guard !written.isEmpty else { return }
    commands.append(.writeBlock(address: image.region.base, run: image.usedWords, step: image.groupWords * 4, words: written))
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
      let words = MemoryImages.words(littleEndian: Array(bytes[at..<(at + 4 * wholeWords)]))
      commands.append(.writeBlock(address: base + address + at, run: 1, step: 4, words: words))
      at += 4 * wholeWords
    }
    if at < bytes.count {
      let word = partial(at, bytes.count - at)
      write(word.address, word.value, strobe: word.strobe)
    }
  }

  /// Reads words; the results have them by address.
  public mutating func read(_ address: Int, count: Int) { commands.append(.readBlock(address: address, count: count)) }
  public mutating func read(_ register: RegisterMap.Register) { read(register.address, count: 1) }

  /// Reads the words that hold these bytes of the feature memory.
  public mutating func readFeatures(_ address: Int, count: Int) {
    guard count > 0 else { return }
    let first = address / 4, last = (address + count - 1) / 4
    read(RegisterMap.Region.features.base + first * 4, count: last - first + 1)
  }

  /// Reads a word and compares the bits of `mask`.
  public mutating func check(_ address: Int, _ expected: UInt32, mask: UInt32 = .max) {
    commands.append(.check(address: address, mask: mask, data: expected))
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

  public mutating func start() {
    commands.append(.start(address: RegisterMap.Register.control.address, data: UInt32(RegisterMap.controlStart)))
  }

  /// Waits until the run has ended, in success or error.
  public mutating func wait(_ waiting: BenchCommand.Waiting, limit: Int) {
    commands.append(
      .wait(
        waiting, limit: limit, address: RegisterMap.Register.status.address,
        mask: UInt32(RegisterMap.statusDone | RegisterMap.statusError)))
  }

  public mutating func reset(cycles: Int = 4) { commands.append(.reset(cycles: cycles)) }
  public mutating func idle(cycles: Int) { commands.append(.idle(cycles: cycles)) }
  public mutating func mark(sample: Int) { commands.append(.sample(sample)) }
  /// From here on valid and ready signals wait with `probability` of 256 in each cycle.
  public mutating func waitStates(seed: UInt32, probability: Int) {
    commands.append(.waitStates(seed: seed, probability: probability))
  }
}
