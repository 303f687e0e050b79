// Files that are wrong in one way each: the class, one line, quickly, and never a trap.

import Foundation
import Model
import Testing

@Suite struct BadFilesTests {
  struct Manifest: Decodable {
    struct File: Decodable, CustomTestStringConvertible {
      var file: String
      var expect: String
      var error_class: String
      var testDescription: String { file }
    }
    var files: [File]
  }

  static let files: [Manifest.File] = {
    let data = FileManager.default.contents(atPath: Corpus.fixture("bad/manifest.json")) ?? Data()
    return (try? JSONDecoder().decode(Manifest.self, from: data))?.files ?? []
  }()

  @Test func thereAreFiles() {
    #expect(Self.files.count >= 36)
  }

  @Test(arguments: files)
  func eachFileHasItsClass(file: Manifest.File) throws {
    let path = Corpus.fixture("bad/\(file.file)")
    let start = Date()
    var outcome = "ok"
    var message = ""
    do throws(ModelError) {
      _ = try loadTFLite(contentsOf: path)
    } catch {
      outcome = error.category.rawValue
      message = error.description
      #expect(error.file == path)
    }
    #expect(Date().timeIntervalSince(start) < 2)
    print("\(file.file) [\(outcome)] \(message.replacingOccurrences(of: path, with: ""))  <- \(file.expect)")
    #expect(outcome == file.error_class, "expected: \(file.expect), got: \(message)")
    #expect(!message.contains { $0.isNewline })
  }
}
