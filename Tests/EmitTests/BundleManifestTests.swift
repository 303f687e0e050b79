import Foundation
import Testing

@testable import Emit

@Suite struct BundleManifestTests {
  private func manifest(_ change: (String) -> String = { $0 }) throws -> BundleManifest? {
    let text = String(decoding: try #require(try Digits.bundle().files.last { $0.path == "manifest.json" }).bytes, as: UTF8.self)
    return BundleManifest(Array(change(text).utf8))
  }

  @Test func saysWhatTheBundleIsOfAndWhatIsInIt() throws {
    let read = try #require(try manifest())
    #expect(read.subject == .network("digits_resnet") && read.isSealed)
    #expect(read.hashes.count == (try Digits.bundle().files.count) - 1)
    #expect(read.hashes["rtl/weft_top.v"] == SHA256.hex(Array("module weft_top;\nendmodule\n".utf8)))
  }

  @Test func anEditBreaksTheSeal() throws {
    let edits: [(String) -> String] = [
      { $0.replacingOccurrences(of: "\"top\"", with: "\"remark\": 1, \"top\"") }, { $0.replacingOccurrences(of: "  \"top\"", with: "   \"top\"") }, { $0 + "\n" },
      { $0.replacingOccurrences(of: "\"seal\": \"", with: "\"seal\": \"0") },
    ]
    for edit in edits { #expect(try #require(try manifest(edit)).isSealed == false) }
  }

  @Test(arguments: ["../x", "/etc/passwd", "rtl/../../x", "", "rtl//x", "./x", "manifest.json"])
  func aManifestThatReachesOutIsNone(_ path: String) throws {
    #expect(try manifest { $0.replacingOccurrences(of: "\"rtl/weft_top.v\"", with: "\"\(path)\"") } == nil)
  }

  @Test func whatIsNoManifestIsNone() {
    for text in ["", "{}", "[]", "{\"format\": \"weft-bundle-2\"}", "{\"format\": \"npm\", \"configuration\": \"x\", \"files\": []}"] {
      #expect(BundleManifest(Array(text.utf8)) == nil, "\(text)")
    }
  }

  /// An older bundle may be replaced; one of a later version is not understood.
  @Test func otherFormats() throws {
    func format(_ name: String) throws -> BundleManifest? { try manifest { $0.replacingOccurrences(of: Manifest.currentFormat, with: name) } }
    #expect(try format("weft-bundle-1") != nil && format("weft-bundle-3") == nil)
  }
}
