/// Conditions over lists, as generators make them.

/// Whether all conditions hold; true for none.
func all(_ conditions: [Bit]) -> Bit { conditions.dropFirst().reduce(conditions.first ?? true, &) }

/// Whether one of the conditions holds; false for none.
func any(_ conditions: [Bit]) -> Bit { conditions.dropFirst().reduce(conditions.first ?? false, |) }

extension String {
  /// `isbuffer` after 2: `isBuffer`.
  func capitalized(after count: Int) -> String {
    let rest = dropFirst(count)
    return prefix(count) + rest.prefix(1).uppercased() + rest.dropFirst()
  }
}
