import Emit
import Machine
import Testing

@Suite struct BundleReadMeTests {
  private func text(_ path: String) throws -> String {
    String(decoding: try #require(Digits.bundle().files.first { $0.path == path }).bytes, as: UTF8.self)
  }

  @Test func itNamesEveryFile() throws {
    let readMe = try text("README.md")
    for file in try Digits.bundle().files.map(\.path) {
      let directory = file.split(separator: "/").first.map(String.init) ?? file
      let isNamed = readMe.contains("`\(file)`") || (directory != file && readMe.contains("`\(directory)/`"))
      #expect(isNamed || file == "README.md", "\(file) is not described")
    }
  }

  /// Formats and figures are those of this network.
  @Test func itDescribesFormatsAndTheRun() throws {
    let readMe = try text("README.md"), mapping = try Digits.mapping()
    for image in MemoryImages(mapping).images {
      #expect(readMe.contains("| `\(image.fileName)` | 0x\(hexadecimal(UInt32(image.region.base))) | \(image.words.count) |"))
    }
    #expect(readMe.contains("takes \(mapping.predictedCycles) clock cycles"))
    #expect(readMe.contains(hexadecimal(mapping.hardware.fingerprint)) && readMe.contains("top is `weft_top`"))
    for index in mapping.graph.inputs + mapping.graph.outputs {
      let address = UInt32(RegisterMap.Region.features.base + (mapping.address(of: index) ?? -1))
      #expect(readMe.contains("| 0x\(hexadecimal(address)) | \(mapping.graph.tensors[index].byteCount) |"))
    }
    for code in RegisterMap.ErrorCode.allCases where code != .none { #expect(readMe.contains("| \(code.rawValue) | \(code.summary) |")) }
  }

  @Test func theRegistersAreThoseOfTheOneDescription() throws {
    #expect(try text("registers.md") == "<!-- SPDX-License-Identifier: 0BSD -->\n" + registerReference())
  }
}
