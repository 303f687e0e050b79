import Emit
import Foundation
import Machine
import Mapper
import Model

/// The embedded network, mapped.
enum Digits {
  static let repository = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  static let path = repository + "/Examples/digits_resnet/model.tflite"

  static func bytes() throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  static func mapping(_ configuration: String = "edge64") throws -> Mapping {
    try Mapper.map(try loadTFLite(contentsOf: path), for: try Configuration.load(nameOrPath: configuration))
  }

  /// A bundle with a stand-in for the hardware, which other tests generate.
  static func bundle() throws -> OutputBundle {
    try OutputBundle(try mapping(), model: try bytes(), verilog: [VerilogFile(name: "weft_top", text: "module weft_top;\nendmodule\n")])
  }
}

/// C without a warning.
let strictC = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror"]

/// A directory that is removed at the end.
final class Scratch {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("weft-test-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }
  func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}
