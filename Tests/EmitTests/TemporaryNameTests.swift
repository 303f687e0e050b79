import Foundation
import Testing

@testable import Emit

@Suite struct TemporaryNameTests {
  @Test func staleAreThoseOfProcessesThatAreGone() throws {
    let scratch = try Scratch()
    let own = TemporaryName.make("b", .partial)
    #expect(own == ".b.\(getpid()).partial")
    for name in [own, ".b.1.partial", ".b.999999999.partial", ".b.x.partial", ".b..partial", ".b.999999999.old", ".bb.999999999.partial", "b"] {
      try "".write(toFile: scratch.path(name), atomically: false, encoding: .utf8)
    }
    #expect(Set(TemporaryName.stale("b", .partial, in: scratch.url.path)) == [own, ".b.999999999.partial"])
  }

  @Test func aNameAsLongAsNamesMayBeHasTemporaryOnes() {
    let name = TemporaryName.make(String(repeating: "x", count: 255), .partial)
    #expect(name.utf8.count < 100)
    #expect(name != TemporaryName.make(String(repeating: "x", count: 254), .partial))
  }
}
