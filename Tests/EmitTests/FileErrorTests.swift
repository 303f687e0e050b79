import Foundation
import Testing

@testable import Emit

@Suite struct FileErrorTests {
  @Test func theKernelsReasonsAreSentences() {
    for code: Int32 in [EACCES, ENOSPC, EDQUOT, EFBIG, EROFS, ENOENT, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG, EBUSY, EIO, 12345] {
      let text = FileError.cannotWrite("x", code).description
      #expect(text.hasPrefix("x: cannot be written: ") && !text.contains("\n"))
    }
  }

  @Test func foundationsErrorsBecomeOneLine() throws {
    let missing = #expect(throws: (any Error).self) { try Data(contentsOf: URL(fileURLWithPath: "/nonexistent/file")) }
    let error = try #require(missing.flatMap { FileError($0) })
    #expect(error.path == "/nonexistent/file" && error.description.hasPrefix("/nonexistent/file: cannot be read or written: "))
    #expect(FileError(CancellationError()) == nil)
  }
}
