/// Guesses what was meant by a name that does not exist.

/// `; did you mean 'x'?` for the candidate that is nearest to `name`, or those that are equally near; the list of all if
/// none is near.
package func didYouMean(_ name: String, among candidates: [String]) -> String {
  let ranked = candidates.map { (name: $0, distance: editDistance(name, $0)) }
  guard let best = ranked.map(\.distance).min() else { return "" }
  // A third of the letters may be wrong; more is a different word.
  if best <= max(1, name.count / 3) {
    return "; did you mean \(ranked.filter { $0.distance == best }.map(\.name.quoted).joined(separator: " or "))?"
  }
  return "; there is \(candidates.map { "'\($0)'" }.joined(separator: ", "))"
}

/// How many letters must be changed, added, dropped, or swapped with their neighbour, ignoring case.
package func editDistance(_ a: String, _ b: String) -> Int {
  let x = Array(a.lowercased()), y = Array(b.lowercased())
  var rows = [Array(0...y.count)]
  for i in 1..<(x.count + 1) {
    var row = [i]
    for j in 1..<(y.count + 1) {
      var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1))
      if i > 1, j > 1, x[i - 1] == y[j - 2], x[i - 2] == y[j - 1] { best = min(best, rows[i - 2][j - 2] + 1) }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[x.count][y.count]
}
