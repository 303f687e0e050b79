// Programs for people: address, word, assembly, comment.

import Machine
import Mapper

extension Artifact {
  static let listing = Artifact(ofNetwork: "program.lst", "the program, readable") { network, _ in
    Array(licensed(Listing(network.mapping.program).text, comment: ";").utf8)
  }
}

/// A program, a line a word: address, word, assembly, comment.
public struct Listing {
  public private(set) var text = "; address  word      instruction\n"

  /// Every word with the compiler's comment.
  public init(_ program: [ProgramLine]) {
    for (address, line) in program.enumerated() {
      add(address, line.instruction.word, line.instruction.assembly, comment: line.comment)
    }
  }

  /// Words from a file; what is no instruction is shown as a word.
  /// - Parameter program: what the compiler wrote, for its comments on the words that are still there.
  public init(_ words: [UInt32], program: [ProgramLine] = []) {
    var checksum = ProgramChecksum()
    for (address, word) in words.enumerated() {
      if program.indices.contains(address), program[address].instruction.word == word {
        add(address, word, program[address].instruction.assembly, comment: program[address].comment)
      } else if let instruction = Instruction(word: word) {
        add(address, word, instruction.assembly, comment: Self.comment(instruction, checksum.value))
      } else {
        add(address, word, ".word 0x\(hexadecimal(word))", comment: "not an instruction")
      }
      checksum.add(word)
    }
  }

  /// - Parameter checksum: that of all words before.
  private static func comment(_ instruction: Instruction, _ checksum: Int) -> String {
    if case .command(.halt, let expected, _) = instruction, expected != checksum {
      return "wrong checksum: that of the words above is \(checksum)"
    }
    guard case .set(let field, let value) = instruction else { return "" }
    return field == .at(\.modeBits) ? LayerMode(rawValue: value).name : field.summary
  }

  private mutating func add(_ address: Int, _ word: UInt32, _ assembly: String, comment: String) {
    text += "  \(hexadecimal(UInt32(truncatingIfNeeded: address)).suffix(6))   \(hexadecimal(word))  " + assembly
    if !comment.isEmpty { text += String(repeating: " ", count: max(1, 36 - assembly.count)) + "; " + safeComment(comment) }
    text += "\n"
  }
}
