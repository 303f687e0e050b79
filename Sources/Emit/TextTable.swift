// Tables and figures for terminals, documents and spreadsheets.

/// Columns padded to the same width.
public struct TextTable {
  private let rows: [[String]]
  private let left: Set<Int>

  /// - Parameter left: columns that begin at the left; the others, numbers, end at the right.
  public init(_ rows: [[String]], left: Set<Int> = [0]) { (self.rows, self.left) = (rows, left) }

  public var text: String {
    Self.padded(rows, left).map { cells in
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// The same as a Markdown table, whose first row is its head; what Markdown would read as its own in a cell is escaped.
  public var markdown: String {
    let cells = rows.map { $0.map(markdownText) }
    guard let head = cells.first else { return "" }
    let lines = Self.padded([head, head.map { _ in "---" }] + cells.dropFirst(), left).enumerated().map { index, cells in
      guard index == 1 else { return cells }
      // A colon says on which side the numbers end.
      return cells.enumerated().map { column, cell in
        String(repeating: "-", count: cell.count - 1) + (left.contains(column) ? "-" : ":")
      }
    }
    return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  /// The cells of every row, as wide as their columns.
  private static func padded(_ rows: [[String]], _ left: Set<Int>) -> [[String]] {
    guard let columns = rows.map(\.count).max() else { return [] }
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, field in
        let space = String(repeating: " ", count: widths[column] - field.count)
        return left.contains(column) ? field + space : space + field
      }
    }
  }
}

/// A text of somebody else's in Markdown: escaped where it would be read as more than text.
func markdownText(_ text: String) -> String {
  String(text.flatMap { "\\`*[]<>|&".contains($0) ? ["\\", $0] : [$0] })
}

extension Int {
  /// 1234567 → 1,234,567.
  package var grouped: String {
    var digits = String(magnitude), groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// Bytes as `15.6 KiB`, or `120 B`.
  package var kibibytes: String { self < 1024 ? "\(self) B" : (Double(self) / 1024).decimal(1) + " KiB" }
}

extension Double {
  /// `0.8234` → `82.3 %`.
  package var percent: String { (self * 100).decimal(1) + " %" }

  /// With so many digits after the point.
  package func decimal(_ digits: Int) -> String {
    guard isFinite, abs(self) < 1e15 else { return "-" }
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((abs(self) * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let sign = self < 0 && scaled > 0 ? "-" : ""
    return digits == 0 ? sign + String(scaled)
      : sign + "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}

extension String {
  /// The end of a long name; names of layers differ there.
  package func shortened(to limit: Int) -> String { count <= limit ? self : "…" + suffix(limit - 1) }
}

/// A cell: quoted where it must be, and with an apostrophe before what a spreadsheet would run as a formula.
func csvField(_ text: String) -> String {
  let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains($0) } ?? false
  let cell = isFormula ? "'" + text : text
  return cell.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
    ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
}
