import HDL
import Testing

/// What elaboration says about a module, word for word.
///
/// What is unread is only looked for where a test is about that. Lines are relative to the module's `base`, so that the tests survive edits above them.
protocol HasBase { static var base: Int { get } }

func expectFindings<M: Module & HasBase>(
  _ module: M, _ expected: String..., allowingUnread: Bool = true, file: String = #fileID, sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
  #expect(findings(module, allowingUnread: allowingUnread, file: file) == expected, sourceLocation: sourceLocation)
}

func findings<M: Module & HasBase>(_ module: M, allowingUnread: Bool = true, file: String = #fileID) -> [String] {
  do {
    _ = try elaborate(module, allowingUnread: allowingUnread)
    return []
  } catch {
    return error.diagnostics.map { diagnostic in
      let line = diagnostic.location.map { "+\($0.line - M.base)" } ?? "nowhere"
      #expect(diagnostic.location?.file == file)
      #expect(error.description.contains(diagnostic.description))
      return "\(line): \(diagnostic.message)"
    }
  }
}
