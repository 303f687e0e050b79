import Foundation
import HDL
import Testing

/// What the Swift compiler says about a piece of a description: some mistakes shall not even compile.
enum Compiler {
  /// The errors of type-checking `source` after `import HDL`, without places; nil if the compiler cannot be run here.
  static func errors(_ source: String) throws -> [String]? {
    // The module lies beside the executable that contains this test.
    let modules = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("Modules")
    guard FileManager.default.fileExists(atPath: modules.appendingPathComponent("HDL.swiftmodule").path) else {
      print("SKIPPED: the compiled module HDL was not found, so what must not compile is not proven")
      return nil
    }
    return try withTemporaryDirectory { directory in
      try ("import HDL\n" + source).write(to: directory.appendingPathComponent("fixture.swift"), atomically: true, encoding: .utf8)
      let (_, output) = try Tool.swiftc.run(["-typecheck", "-swift-version", "6", "-I", modules.path, "fixture.swift"], in: directory)
      return output.split(separator: "\n").compactMap { line in
        line.contains("fixture.swift:") ? line.range(of: ": error: ").map { String(line[$0.upperBound...]) } : nil
      }
    }
  }
}
