import Emit
import Foundation
import Machine
import Mapper
import Model
import TestTools
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
    return (0..<count).map { VerificationSample(inputs: set.inputs(ofSample: $0, for: graph), expected: set.expected(ofSample: $0, for: graph)) }
  }
}

/// Whether tests with simulations are to be run.
let hasVerilator = TestTools.Tool.available(.verilator, .compiler, .make)
let hasIcarus = TestTools.Tool.available(.iverilog, .vvp)

/// A gate: the sigmoid of a layer and the hyperbolic tangent of the input, added.
func gatedNetwork() -> Graph {
  func tensor(_ name: String, _ shape: [Int], _ scale: Float, _ zero: Int, _ constant: [UInt8]? = nil) -> Tensor {
    Tensor(name: name, shape: shape, type: .int8, quantization: Quantization(scale: scale, zeroPoint: zero), constant: constant)
  }
  let weights = (0..<64 * 64).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 8) }
  return Graph(
    name: "gate",
    tensors: [
      tensor("x", [1, 64], 0.03, 4), tensor("w", [64, 64], 0.01, 0, weights), tensor("sum", [1, 64], 0.04, -7),
      tensor("gate", [1, 64], 1 / 256, -128), tensor("state", [1, 64], 1 / 128, 0), tensor("y", [1, 64], 1 / 96, -20),
    ],
    nodes: [
      Node(index: 0, operation: FullyConnected(), inputs: [0, 1], outputs: [2]),
      Node(index: 1, operation: UnaryFunction("LOGISTIC"), inputs: [2], outputs: [3]),
      Node(index: 2, operation: UnaryFunction("TANH"), inputs: [0], outputs: [4]),
      Node(index: 3, operation: Addition(), inputs: [3, 4], outputs: [5]),
    ], inputs: [0], outputs: [5])
}

/// Sums of two tensors of 65,536 elements of scale 1/64, one for each output scale.
func additionsOfAllPairs(outputScales: [Float]) -> Graph {
  func tensor(_ name: String, _ scale: Float, _ zero: Int) -> Tensor {
    Tensor(name: name, shape: [1, 65_536], type: .int8, quantization: Quantization(scale: scale, zeroPoint: zero))
  }
  return Graph(
    name: "sums",
    tensors: [tensor("x1", 1 / 64, 0), tensor("x2", 1 / 64, 3)] + outputScales.enumerated().map { tensor("y\($0)", $1, $0 * 5 - 4) },
    nodes: outputScales.indices.map { Node(index: $0, operation: Addition(), inputs: [0, 1], outputs: [2 + $0]) },
    inputs: [0, 1], outputs: outputScales.indices.map { 2 + $0 })
}
