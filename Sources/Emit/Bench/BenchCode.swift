// How the numbers of commands and records reach the benches: as constants of C++ and Verilog and as a table for people.

/// Numbers of the bench protocol.
protocol BenchCode: RawRepresentable<UInt32>, CaseIterable {
  /// What the names of the constants begin with.
  static var kind: String { get }
  /// In camel case.
  var name: String { get }
  /// The words that follow the number.
  var operands: String { get }
  /// A few words, or some lines of them; empty where the name says it.
  var meaning: String { get }
}

extension BenchCode {
  var operands: String { "" }
  var meaning: String { "" }

  /// `  commandWriteBlock = 1,` for each: enumerators of C++.
  static var enumerators: String {
    allCases.map { "  \(kind)\($0.name.prefix(1).uppercased())\($0.name.dropFirst()) = \($0.rawValue)," }.joined(separator: "\n")
  }

  /// `  localparam [31:0] COMMAND_WRITE_BLOCK = 1;` for each: constants of Verilog.
  static var localParameters: String {
    allCases.map { "  localparam [31:0] \(kind.uppercased())_\(upperSnake($0.name)) = \($0.rawValue);" }.joined(separator: "\n")
  }

  /// Number, name, operands and meaning of each, as lines of a comment.
  static var commentTable: String {
    func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
    var lines: [String] = []
    for code in allCases {
      let number = "\(code.rawValue)", words = upperSnake(code.name).lowercased().replacing("_", with: " ")
      let head = String(repeating: " ", count: 5 - number.count) + number + " " + padded(words, 16) + padded(code.operands, 38)
      let meaning = code.meaning.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in meaning.enumerated() { lines.append((index == 0 ? head : padded("", head.count)) + line) }
    }
    return lines.map { "//" + String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
  }
}

/// `WRITE_BLOCK` of `writeBlock`.
func upperSnake(_ name: String) -> String {
  name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1)" : $1.uppercased() }
}
