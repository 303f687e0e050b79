import HDL

/// What in a printed text no person would have written: lines that need scrolling, and names that say the same words again and again.
func unreadable(_ text: String, columns: Int = 120) -> [String] {
  var found: [String] = []
  var seen: Set<Substring> = []
  for line in text.split(separator: "\n") {
    if line.count > columns { found.append("\(line.count) columns: \(line.prefix(60))…") }
    let code = line.prefix { $0 != "\"" }.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
    for name in code.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }) where seen.insert(name).inserted {
      if repeatsWords(name) { found.append("repeated words: \(name)") }
    }
  }
  return found
}

/// Whether some words stand twice in a row, or one of them three times: `sum_value_sum_value`. An instance `axi` may have a port
/// `axi`, and `cell_0_0_0` is a place.
private func repeatsWords(_ name: Substring) -> Bool {
  let words = name.split(separator: "_")
  func repeats(_ length: Int, _ times: Int) -> Bool {
    words.indices.contains { start in
      if start + length * times > words.count || words[start..<start + length].allSatisfy({ $0.allSatisfy(\.isNumber) }) { return false }
      return (start..<start + length * (times - 1)).allSatisfy { words[$0] == words[$0 + length] }
    }
  }
  return repeats(1, 3) || (2...max(2, words.count)).contains { repeats($0, 2) }
}
