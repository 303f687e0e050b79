// Programs for people: address, word, assembly, comment.

import Machine
import Mapper

extension Artifact {
  static let listing = Artifact(ofNetwork: "program.lst", "the program, readable") { network, _ in
    Array(licensed(Emit.listing(network.mapping.program), comment: ";").utf8)
  }
}

/// `program.lst`: every word with its assembly and the compiler's comment.
public func listing(_ program: [ProgramLine]) -> String {
  var text = "; address  word      instruction\n"
  for (address, line) in program.enumerated() {
    text += listingLine(address, line.instruction.word, line.instruction.assembly, comment: line.comment)
  }
  return text
}

/// The listing of words without comments; what is no instruction is shown as a word.
public func disassembly(_ words: [UInt32]) -> String {
  var text = "; address  word      instruction\n"
  var checksum = ProgramChecksum()
  for (address, word) in words.enumerated() {
    if let instruction = Instruction(word: word) {
      text += listingLine(address, word, instruction.assembly, comment: comment(instruction, checksum.value))
    } else {
      text += listingLine(address, word, ".word 0x\(hexadecimal(word))", comment: "not an instruction")
    }
    checksum.add(word)
  }
  return text
}

/// - Parameter checksum: that of all words before.
private func comment(_ instruction: Instruction, _ checksum: Int) -> String {
  if case .command(.halt, let expected) = instruction, expected != checksum {
    return "wrong checksum: that of the words above is \(checksum)"
  }
  guard case .set(let field, let value) = instruction else { return "" }
  return field == .at(\.modeBits) ? LayerMode(rawValue: value).name : field.summary
}

private func listingLine(_ address: Int, _ word: UInt32, _ assembly: String, comment: String) -> String {
  let head = "  \(hexadecimal(UInt32(truncatingIfNeeded: address)).suffix(6))   \(hexadecimal(word))  "
  if comment.isEmpty { return head + assembly + "\n" }
  let padded = assembly + String(repeating: " ", count: max(1, 36 - assembly.count))
  return head + padded + "; " + safeComment(comment) + "\n"
}
