/// What memories hold at first: a list in the text, or a file beside it.
extension VerilogModule {
  func memoryContents(_ index: Int) -> String? {
    let memory = graph.memories[index]
    let name = names.memories[index]
    if let file = memory.initialFile { return "  initial $readmemh(\(literal(file)), \(name));\n" }
    if memory.initial.isEmpty { return nil }
    return process("initial", memory.initial.enumerated().map { "\(name)[\($0)] = \(pattern($1));" })
  }
}

extension VerilogPrinter {
  /// The files that memories with `Memory.Contents.file` are read from, by name: a word on each line, in hexadecimal.
  public static func memoryFiles(_ design: Design) -> [(name: String, text: String)] {
    var files: [String: String] = [:]
    for memory in design.modules.flatMap(\.graph.memories) where !memory.initial.isEmpty {
      guard let name = memory.initialFile else { continue }
      files[name] = memory.initial.map { $0.hexadecimal + "\n" }.joined()
    }
    return files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
