// The reference page of configuration files: docs/configuration.md. The help of `weft config` says the same.

/// The page, in Markdown, made from `ConfigurationField` and the named configurations.
public func configurationReference() -> String {
  var text = """
    # Configuration files
    How much of everything an accelerator has. `weft config edge64 > mine.json` prints one to change, `--config mine.json` takes it.
    A key with a point lies in an object: `"units": {"residual": true}`. Every key but `limits`, `mergedElements` and `finishedTiles` must be there.

    | key | value | counted in | meaning |
    |---|---|---|---|

    """
  for field in ConfigurationField.all { text += "| `\(field.key)` | \(field.range) | \(field.unit) | \(field.summary) |\n" }
  text += """

    N·C is at least 4 and N at most 256. `"auto"` becomes what the network needs, rounded up to a power of two.

    ## Named configurations
    | name | P | K | C | V | Q | R | F | MACs a cycle |
    |---|---|---|---|---|---|---|---|---|

    """
  for named in Configuration.named {
    let factors = [named.pixels, named.channels, named.dotProduct, named.memoryLanes, named.postLanes, named.mergedElements, named.finishedTiles,
      named.macs]
    text += "| `\(named.name)` | \(factors.map(String.init).joined(separator: " | ")) |\n"
  }
  return text
}

/// The keys for a help text, a line each.
public func configurationHelp() -> String {
  let width = ConfigurationField.all.map(\.key.count).max() ?? 0
  return ConfigurationField.all.map { field in
    let padding = String(repeating: " ", count: width - field.key.count)
    return "\(field.key)\(padding)  \(field.summary)\(field.unit.isEmpty ? "" : ", in \(field.unit)"): \(field.range)"
  }.joined(separator: "\n")
}
