import Foundation

/// The language guide as a list of blocks, and the Swift sources that hold its snippets.
///
/// A fenced block may have a name, in a comment on the line before it. Snippets stand in the sources letter for letter,
/// indented as their place there needs.
struct GuideDocument {
  struct Block {
    let chapter: URL
    let name: String?
    let language: String
    let lines: [String]
    /// The lines of the chapter between the fences.
    let range: Range<Int>

    var text: String { lines.map { $0 + "\n" }.joined() }
    /// For messages.
    var place: String { "\(chapter.lastPathComponent):\(range.lowerBound)" }
  }
  /// A snippet where it is compiled.
  private struct Copy {
    let file: String
    let lines: Range<Int>
  }
  let chapters: [URL]
  let blocks: [Block]
  private let sources: [(name: String, lines: [String])]
  private let copies: [Copy]

  init() throws {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let docs = here.appendingPathComponent("../../../docs").standardizedFileURL
    let files = FileManager.default
    chapters = try [docs.appendingPathComponent("hdl.md")]
      + files.contentsOfDirectory(atPath: docs.appendingPathComponent("hdl").path).filter { $0.hasSuffix(".md") }.sorted()
      .map { docs.appendingPathComponent("hdl").appendingPathComponent($0) }
    blocks = try chapters.flatMap { chapter in GuideDocument.blocks(of: try String(contentsOf: chapter, encoding: .utf8), chapter) }
    sources = try files.contentsOfDirectory(atPath: here.path).filter { $0.hasSuffix(".swift") }.sorted().map { name in
      (name, GuideDocument.lines(of: try String(contentsOf: here.appendingPathComponent(name), encoding: .utf8)))
    }
    let sources = sources
    copies = blocks.filter { $0.language == "swift" }.compactMap { GuideDocument.copy(of: $0.lines, in: sources) }
  }

  static func lines(of text: String) -> [String] { text.components(separatedBy: "\n") }

  static func blocks(of text: String, _ chapter: URL) -> [Block] {
    let lines = lines(of: text)
    var blocks: [Block] = []
    var begin: Int?
    for (index, line) in lines.enumerated() where line.hasPrefix("```") {
      guard let first = begin else {
        begin = index
        continue
      }
      let before = first > 0 ? lines[first - 1] : ""
      let name = before.hasPrefix("<!-- ") && before.hasSuffix(" -->") ? String(before.dropFirst(5).dropLast(4)) : nil
      blocks.append(
        Block(
          chapter: chapter, name: name, language: String(lines[first].dropFirst(3)), lines: Array(lines[first + 1..<index]),
          range: first + 1..<index))
      begin = nil
    }
    return blocks
  }

  /// Whether a snippet stands in the sources, so that it is compiled.
  func isCompiled(_ snippet: [String]) -> Bool { GuideDocument.copy(of: snippet, in: sources) != nil }

  /// Imports stand at the head of a file; everything else in one piece, with the same indentation on each line.
  private static func copy(of snippet: [String], in sources: [(name: String, lines: [String])]) -> Copy? {
    let imports = snippet.filter { $0.hasPrefix("import ") }
    let body = Array(snippet.drop { $0.isEmpty || $0.hasPrefix("import ") })
    guard let head = body.first else { return nil }
    for source in sources where imports.allSatisfy(source.lines.contains) {
      for begin in source.lines.indices where source.lines[begin].hasSuffix(head) && begin + body.count <= source.lines.count {
        let indentation = source.lines[begin].dropLast(head.count)
        if !indentation.allSatisfy({ $0 == " " }) { continue }
        let range = begin..<begin + body.count
        if zip(source.lines[range], body).allSatisfy({ $0 == ($1.isEmpty ? "" : indentation + $1) }) {
          // Counted as the reader of the snippet does.
          return Copy(file: source.name, lines: begin - (snippet.count - body.count)..<range.upperBound)
        }
      }
    }
    return nil
  }

  /// `text` with places in the sources as places in the snippets: `Example.swift:3`.
  func readersView(_ text: String) -> String {
    GuideDocument.lines(of: text).map { line in
      guard let start = line.range(of: "HDLTests/Guide") else { return line }
      let place = line[start.lowerBound...].prefix { $0 != " " && $0 != "\"" }
      let parts = place.split(separator: ":")
      guard parts.count > 1, let number = Int(parts[1]),
        let copy = copies.first(where: { "HDLTests/\($0.file)" == parts[0] && $0.lines.contains(number - 1) })
      else { return line }
      let rest = line[line.index(start.lowerBound, offsetBy: parts[0].count + 1 + parts[1].count)...]
      return line[..<start.lowerBound] + "Example.swift:\(number - copy.lines.lowerBound)" + rest
    }.joined(separator: "\n")
  }
}
