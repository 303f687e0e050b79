// Names of models come from other people's files. Before one becomes part of a path, of C or of Verilog it
// keeps only letters, digits, underscores and hyphens.

/// `name` as a directory or file name: ASCII letters, digits, `_` and `-`, at most 64 of them, never empty.
public func safeFileName(_ name: String) -> String {
  let kept = name.unicodeScalars.map { scalar -> Character in
    let good = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-")
    return good ? Character(scalar) : "_"
  }
  let text = String(kept.prefix(64))
  return text.isEmpty || text.allSatisfy({ $0 == "-" || $0 == "_" }) ? "model" : text
}

/// `text` for a comment in C, Verilog or assembly: printable ASCII, and nothing that could end the comment.
public func safeComment(_ text: String) -> String {
  var out = ""
  for scalar in text.unicodeScalars.prefix(200) {
    out.unicodeScalars.append(scalar.isASCII && scalar.value >= 32 && scalar.value < 127 ? scalar : "_")
  }
  return out.replacing("*/", with: "* /").replacing("/*", with: "/ *").replacing("\\", with: "/")
}

/// `name` as a part of a C identifier, lower case.
public func cIdentifier(_ name: String) -> String {
  let text = String(safeFileName(name).lowercased().map { $0 == "-" ? "_" : $0 })
  return text.first.map { $0.isNumber } == true ? "n" + text : text
}
