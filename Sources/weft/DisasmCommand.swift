// weft disasm: a program for people.

import ArgumentParser
import Emit
import Foundation
import Model

struct DisasmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disasm", abstract: "Prints a program as assembly.", discussion: "Example:\n  weft disasm rtl-out/my-network/program.hex")

  @Argument(help: "A program.hex, or the directory that holds it.") var file: String

  func run() throws {
    let path = OutputBundle.isBundle(file) ? file + "/program.hex" : file
    guard let words = MemoryImage.words(hexText: try readFile(path, limit: 1 << 26)), !words.isEmpty else {
      throw UsageError("\(path): is not a program: lines of eight hexadecimal digits are expected; name a program.hex")
    }
    print(disassembly(words), terminator: "")
  }
}
