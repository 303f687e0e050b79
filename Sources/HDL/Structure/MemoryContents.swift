/// What a memory holds when the power comes on.
extension Memory {
  public struct Contents {
    /// Wide enough for the number, whatever the memory.
    let words: [(pattern: BitVector, isNegative: Bool)]
    let file: String?

    /// Nothing in particular.
    public static var undefined: Contents { Contents(words: [], file: nil) }
    /// The first words; the rest is undefined. Negative numbers stand for their two's complement.
    public static func words(_ words: [some BinaryInteger]) -> Contents { Contents(words, nil) }
    /// As `words`, but the Verilog reads them with `$readmemh` from a file of that name, whose text is in
    /// `VerilogPrinter.memoryFiles`.
    public static func file(_ name: String, _ words: [some BinaryInteger]) -> Contents { Contents(words, name) }
    /// A file of hexadecimal words that comes from elsewhere: to the simulator the memory is undefined.
    public static func file(_ name: String) -> Contents { Contents(words: [], file: name) }

    private init(words: [(pattern: BitVector, isNegative: Bool)], file: String?) {
      self.words = words
      self.file = file
    }
    private init(_ words: [some BinaryInteger], _ file: String?) {
      self.init(words: words.map { (BitVector(exactPattern: $0, width: $0.bitWidth + 1), $0 < 0) }, file: file)
    }

    func fill(_ memory: inout MemoryRecord, in graph: Graph) {
      if words.count > memory.depth {
        graph.report("memory '\(memory.name)' has \(memory.depth) words, and its contents \(words.count); make it deeper", at: memory.location)
      }
      for (index, word) in words.enumerated() {
        let needed = word.pattern.minimalWidth(isSigned: word.isNegative)
        if needed > memory.width {
          graph.report("word \(index) of the contents of memory '\(memory.name)' needs \(needed) bits, and a word has \(memory.width); widen the memory", at: memory.location)
          break
        }
      }
      memory.initial = words.prefix(memory.depth).map { $0.pattern.resized(to: memory.width, isSigned: $0.isNegative) }
      memory.initialFile = file
    }
  }
}
