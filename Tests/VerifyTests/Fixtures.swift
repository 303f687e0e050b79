import Emit
import Foundation
import Machine
import Mapper
import Model
import Verify

/// The embedded network, its vectors and its hardware.
enum Digits {
  static let repository = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  static let directory = repository + "/Examples/digits_resnet"
  static let path = directory + "/model.tflite"

  static func mapping(_ configuration: String = "edge16") throws -> Mapping {
    try Mapper.map(try loadTFLite(contentsOf: path), for: try Configuration.load(nameOrPath: configuration))
  }

  static func samples(_ count: Int) throws -> [VerificationSample] {
    let set = try VectorSet.load(directory)
    let graph = try loadTFLite(contentsOf: path)
    return (0..<count).map { VerificationSample(inputs: set.inputs(ofSample: $0, for: graph), expected: set.expected(ofSample: $0)) }
  }
}

/// Whether simulations can be run here.
let hasVerilator = Tool.verilator.isInstalled && Tool.compiler.isInstalled && Tool.make.isInstalled
let hasIcarus = Tool.iverilog.isInstalled && Tool.vvp.isInstalled
