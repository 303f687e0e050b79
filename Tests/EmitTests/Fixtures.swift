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

/// Two layers of sums; of the three channels between them the second one is always 9.
func networkWithAConstant() -> Graph {
  func tensor(_ name: String, _ shape: [Int], _ scale: Float, _ zero: Int, _ constant: [UInt8]? = nil) -> Tensor {
    Tensor(name: name, shape: shape, type: .int8, quantization: Quantization(scale: scale, zeroPoint: zero), constant: constant)
  }
  return Graph(
    name: "constant",
    tensors: [
      tensor("x", [1, 2], 0.05, 3), tensor("w", [3, 2], 0.01, 0, [90, 200, 0, 0, 30, 40]), tensor("sums", [1, 3], 0.04, 9),
      tensor("v", [2, 3], 0.01, 0, [50, 60, 200, 30, 190, 20]), tensor("y", [1, 2], 0.03, -5),
    ],
    nodes: [
      Node(index: 0, operation: FullyConnected(), inputs: [0, 1], outputs: [2]),
      Node(index: 1, operation: FullyConnected(), inputs: [2, 3], outputs: [4]),
    ], inputs: [0], outputs: [4])
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
