// weft inspect: what a model file holds and whether it can be compiled.

import ArgumentParser
import Emit
import Foundation
import Model

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Shows layers, shapes, MACs, bytes, quantization, and what is supported.",
    discussion: "Example:\n  weft inspect model.tflite")

  @Argument(help: "The model, a .tflite file.") var model: String
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let path = modelPath(model)
    let graph = try readTFLite(contentsOf: path)
    let problems: [Int: ModelError]
    do throws(ModelError) {
      problems = try graph.operatorProblems()
    } catch {
      throw error.located(in: path)
    }
    let rows = graph.nodes.indices.map { position in Row(graph, position, problem: problems[position]) }
    if json { print(value(graph, rows).text, terminator: "") } else { print(text(graph, rows), terminator: "") }
    if let first = problems.keys.min(), let problem = problems[first] { throw problem.located(in: path) }
  }

  /// One operator.
  private struct Row {
    var index: Int, operatorName: String, output: Tensor?, outputIndex: Int?
    var macs: Int, parameterBytes: Int, problem: String?

    init(_ graph: Graph, _ position: Int, problem: ModelError?) {
      let node = graph.nodes[position]
      index = node.index
      operatorName = node.operation.name
      outputIndex = node.outputs.first
      output = node.outputs.first.map { graph.tensors[$0] }
      macs = problem == nil ? node.operation.multiplyAccumulates(node, in: graph) : 0
      parameterBytes = Set(node.inputs).reduce(0) { $0 + ($1 >= 0 && graph.tensors[$1].isConstant ? graph.tensors[$1].byteCount : 0) }
      self.problem = problem?.message
    }
  }

  private func shape(_ tensor: Tensor?) -> String {
    guard let tensor else { return "-" }
    return tensor.shape.isEmpty ? "scalar" : tensor.shape.map(String.init).joined(separator: "×")
  }

  private func quantization(_ tensor: Tensor?) -> String {
    guard let tensor, !tensor.quantization.scales.isEmpty else { return "-" }
    return "\(tensor.scale) (\(tensor.zeroPoint))"
  }

  private func text(_ graph: Graph, _ rows: [Row]) -> String {
    var table = [["#", "operator", "output", "type", "scale (zero point)", "MACs", "constants", "supported"]]
    for row in rows {
      table.append([
        "\(row.index)", row.operatorName, shape(row.output), row.output?.type.description ?? "-", quantization(row.output),
        grouped(row.macs), grouped(row.parameterBytes), row.problem == nil ? "yes" : "no",
      ])
    }
    func io(_ label: String, _ tensors: [Int]) -> String {
      tensors.map {
        "\(label) \(graph.label($0)): \(shape(graph.tensors[$0])) \(graph.tensors[$0].type), scale (zero point) \(quantization(graph.tensors[$0]))\n"
      }.joined()
    }
    return "\(graph.name)\n" + io("input ", graph.inputs) + io("output", graph.outputs) + aligned(table, left: [1, 2, 3, 4, 7])
      + "total: \(rows.count) operators, \(grouped(rows.reduce(0) { $0 + $1.macs })) MACs, \(grouped(graph.parameterBytes)) bytes of constants, "
      + "largest feature map \(grouped(largest(graph))) bytes\n"
  }

  private func largest(_ graph: Graph) -> Int { graph.activations.map { graph.tensors[$0].byteCount }.max() ?? 0 }

  private func value(_ graph: Graph, _ rows: [Row]) -> JSONValue {
    func tensor(_ index: Int) -> JSONValue {
      let tensor = graph.tensors[index]
      return [
        "tensor": .integer(index), "name": .string(tensor.name), "shape": .array(tensor.shape.map(JSONValue.integer)),
        "type": .string(tensor.type.description), "scale": .number(Double("\(tensor.scale)") ?? 0), "zeroPoint": .integer(tensor.zeroPoint),
      ]
    }
    return [
      "model": .string(graph.name), "inputs": .array(graph.inputs.map(tensor)), "outputs": .array(graph.outputs.map(tensor)),
      "macs": .integer(rows.reduce(0) { $0 + $1.macs }), "parameterBytes": .integer(graph.parameterBytes),
      "largestActivationBytes": .integer(largest(graph)), "supported": .boolean(rows.allSatisfy { $0.problem == nil }),
      "layers": .array(
        rows.map { row in
          [
            "index": .integer(row.index), "operator": .string(row.operatorName), "output": row.outputIndex.map(tensor) ?? .null,
            "macs": .integer(row.macs), "parameterBytes": .integer(row.parameterBytes),
            "problem": row.problem.map(JSONValue.string) ?? .null,
          ]
        }),
    ]
  }
}
