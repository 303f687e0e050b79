// What can go wrong with a program on its way into the accelerator: flipped bits, foreign words, words in the wrong place.
//
// A fault is a set of words that stand in the program memory in place of the right ones. The same seed gives the same faults.

import Machine
import Model

/// Words that are loaded over a good program.
public struct ProgramFault: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable {
    /// One bit flipped.
    case bit
    /// One to six words of random bits.
    case words
    /// One to six registers set to random values that they can hold.
    case values
    /// Two words in each other's place.
    case swap
    /// The program ends too early; behind it, the memory holds zeros.
    case truncated
    /// From some word on, the memory holds the program of another time: the same words, moved.
    case stale
  }

  /// What repeats it: `7.31` is bit 31 of word 7, `170` the random fault of that number.
  public var name: String
  public var kind: Kind
  /// By the index of the word, the wrong ones.
  public var changes: [Int: UInt32]

  /// `3: 0x80000000`, in the order of the program.
  public var description: String {
    let shown = changes.sorted { $0.key < $1.key }.prefix(6).map { "\($0.key): 0x\(String($0.value, radix: 16))" }
    return "\(kind.rawValue) \(name) (\(shown.joined(separator: ", "))\(changes.count > 6 ? ", …" : ""))"
  }
}

/// Makes faults of one program.
public struct ProgramFaults: Sendable {
  /// The program memory as it is loaded: the program, then zeros.
  public let memory: [UInt32]
  /// Words of the program itself.
  public let count: Int
  public let seed: UInt64

  /// - Parameter memoryWords: size of the program memory.
  public init(_ program: [UInt32], memoryWords: Int, seed: UInt64) {
    memory = program + [UInt32](repeating: 0, count: max(0, memoryWords - program.count))
    count = program.count
    self.seed = seed
  }

  /// Every bit of every word of the program, one at a time.
  public var bits: [ProgramFault] {
    (0..<count).flatMap { word in
      (0..<32).map { ProgramFault(name: "\(word).\($0)", kind: .bit, changes: [word: memory[word] ^ 1 << UInt32($0)]) }
    }
  }

  /// The random fault of a number; it always changes something.
  public func random(_ number: Int) -> ProgramFault {
    var random = SplitMix64(seed: seed &* 0x9E37_79B9 &+ UInt64(number))
    let kinds = ProgramFault.Kind.allCases.filter { $0 != .bit }
    while true {
      let kind = kinds[Int.random(in: kinds.indices, using: &random)]
      let changes = changes(of: kind, &random).filter { memory[$0.key] != $0.value }
      if !changes.isEmpty { return ProgramFault(name: "\(number)", kind: kind, changes: changes) }
    }
  }

  private func changes(of kind: ProgramFault.Kind, _ random: inout SplitMix64) -> [Int: UInt32] {
    func word() -> Int { Int.random(in: 0..<count, using: &random) }
    var changes: [Int: UInt32] = [:]
    switch kind {
    case .bit:
      let place = word()
      changes[place] = memory[place] ^ 1 << UInt32.random(in: 0..<32, using: &random)
    case .words:
      for _ in 0..<Int.random(in: 1...6, using: &random) { changes[word()] = UInt32.random(in: 0 ... .max, using: &random) }
    case .values:
      // Half of the values go to the register that the word sets already, half to any.
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = word()
        var field = LayerField.all[Int.random(in: LayerField.all.indices, using: &random)]
        if Bool.random(using: &random), case .set(let same, _)? = Instruction(word: memory[place]) { field = same }
        changes[place] = Instruction.set(field, Int.random(in: field.range, using: &random)).word
      }
    case .swap:
      let (one, other) = (word(), word())
      changes[one] = memory[other]
      changes[other] = memory[one]
    case .truncated:
      for place in word()..<count { changes[place] = 0 }
    case .stale:
      let from = word(), distance = Int.random(in: 1...24, using: &random) * (Bool.random(using: &random) ? 1 : -1)
      for place in from..<count { changes[place] = memory[(place + distance + memory.count) % memory.count] }
    }
    return changes
  }

  /// A fault after which every `halt` carries the checksum of the words before it, as if the program had been meant so.
  public func sealed(_ fault: ProgramFault) -> ProgramFault {
    var words = memory.enumerated().map { fault.changes[$0.offset] ?? $0.element }
    var checksum = ProgramChecksum()
    for place in words.indices {
      if case .command(.halt, _, _)? = Instruction(word: words[place]) { words[place] = Instruction.halt(checksum: checksum.value).word }
      checksum.add(words[place])
    }
    var fault = fault
    fault.changes = [:]
    for place in words.indices where words[place] != memory[place] { fault.changes[place] = words[place] }
    return fault
  }
}
