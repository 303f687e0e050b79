// weft disasm: a program for people.

import ArgumentParser
import Emit
import Foundation
import Model

struct DisasmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disasm", abstract: "Prints a program as assembly.", discussion: "Example:\n  weft disasm rtl-out/my-network/program.hex")

  @Argument(help: "A program.hex, or a directory that `weft compile` made: then with the compiler's comments.") var file: String

  func run() throws {
    if OutputBundle.isBundle(file) {
      let bundle = try CompiledBundle(file)
      print(Listing(bundle.images[.program]?.words ?? [], program: bundle.mapping.program).text, terminator: "")
      return
    }
    guard let words = MemoryImage.words(hexText: try readFile(file, limit: 1 << 26)), !words.isEmpty else {
      throw UsageError("\(file): is not a program: lines of eight hexadecimal digits are expected; name a program.hex")
    }
    print(Listing(words).text, terminator: "")
  }
}
