import Foundation
import HDL
import Testing

/// The Swift compiler, and the module that these tests were built with.
enum Compiler {
  /// The directory of `HDL.swiftmodule`, beside the test bundle.
  static let modules: String? = {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") }
    guard let bundle, let end = bundle.range(of: "/", options: .backwards, range: bundle.startIndex..<(bundle.range(of: ".xctest")?.lowerBound ?? bundle.endIndex))
    else { return nil }
    let directory = String(bundle[..<end.lowerBound])
    return [directory + "/Modules", directory].first { FileManager.default.fileExists(atPath: $0 + "/HDL.swiftmodule") }
  }()

  static var isAvailable: Bool {
    if modules == nil { print("\(Tool.isGate ? "MISSING" : "SKIPPED"): the built module HDL was not found, so nothing shows what does not compile") }
    return Tool.available(.swiftc) && (modules != nil || Tool.isGate)
  }

  /// What the compiler prints about these files; it warns of expressions that take longer than so many milliseconds.
  static func typecheck(_ files: [(name: String, text: String)], slowestExpression: Int) throws -> String {
    try withTemporaryDirectory { directory in
      for file in files { try file.text.write(to: directory.appendingPathComponent("\(file.name).swift"), atomically: true, encoding: .utf8) }
      let options = ["-typecheck", "-whole-module-optimization", "-swift-version", "6", "-I", modules ?? ".", "-Xfrontend", "-warn-long-expression-type-checking=\(slowestExpression)"]
      return try Tool.swiftc.run(options + files.map { "\($0.name).swift" }, in: directory).output
    }
  }

  /// The errors of type-checking `source` after `import HDL`, without places; nil if the compiler cannot be run here.
  static func errors(_ source: String) throws -> [String]? {
    guard isAvailable else { return nil }
    return try typecheck([("fixture", "import HDL\n" + source)], slowestExpression: 5_000).split(separator: "\n").compactMap { line in
      line.contains("fixture.swift:") ? line.range(of: ": error: ").map { String(line[$0.upperBound...]) } : nil
    }
  }
}
