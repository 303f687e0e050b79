// weft inspect: what a model file holds and whether it can be compiled.
//
// The layers are listed whatever is wrong with them; the problems follow, found by the same checks that `weft compile`
// makes, and end with its error.

import ArgumentParser
import Emit
import Foundation
import Machine
import Mapper
import Model

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Shows layers, shapes, MACs, bytes, quantization, and what is supported.",
    discussion: """
      The model is checked as `weft compile` checks it; without --config only for what no configuration can run.

      Example:
        weft inspect model.tflite
      """)

  @Argument(help: "The model, a .tflite file.") var model: String
  @Option(name: .long, help: "A named configuration or a configuration file that the model must fit, too.") var config: String?
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let path = modelPath(model)
    let graph = try readModel(contentsOf: path)
    var problems: [Int: ModelError] = [:]
    var general = graph.problems.map(\.message)
    var failure: (any Error)?
    do {
      problems = try graph.operatorProblems()
      if let error = graph.summary(of: problems) { throw error }
      try graph.validate()
      let configuration = try Configuration.load(nameOrPath: config ?? "edge64")
      _ = try compileGraph(graph, path: path, configuration, from: config ?? path)
    } catch let error as ModelError {
      failure = error.located(in: path)
      if problems.isEmpty, graph.problems.isEmpty { general.append(error.message) }
    } catch {
      failure = error
      general.append((error as? MappingError)?.message ?? (error as? ConfigurationError)?.message ?? "\(error)")
    }
    let rows = graph.nodes.indices.map { position in Row(graph, position, problem: problems[position]) }
    let isSupported = failure == nil
    if json {
      print(value(graph, rows, general, isSupported).text, terminator: "")
    } else {
      print(text(graph, rows, general), terminator: "")
    }
    if let failure { throw failure }
    complain(about: graph, path: path)
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
      output = node.outputs.first.flatMap { graph.tensors.indices.contains($0) ? graph.tensors[$0] : nil }
      macs = node.operation.multiplyAccumulates(node, in: graph)
      parameterBytes = Set(node.inputs).reduce(0) {
        $0 &+ (graph.tensors.indices.contains($1) && graph.tensors[$1].isConstant ? graph.tensors[$1].byteCount : 0)
      }
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

  private func text(_ graph: Graph, _ rows: [Row], _ general: [String]) -> String {
    var table = [["#", "operator", "output", "type", "scale (zero point)", "MACs", "constants", "supported"]]
    for row in rows {
      table.append([
        "\(row.index)", row.operatorName, shape(row.output), row.output?.type.description ?? "-", quantization(row.output),
        grouped(row.macs), grouped(row.parameterBytes), row.problem == nil ? "yes" : "no",
      ])
    }
    func io(_ label: String, _ tensors: [Int]) -> String {
      tensors.filter(graph.tensors.indices.contains).map {
        "\(label) \(graph.label($0)): \(shape(graph.tensors[$0])) \(graph.tensors[$0].type), scale (zero point) \(quantization(graph.tensors[$0]))\n"
      }.joined()
    }
    return "\(graph.name)\n" + io("input ", graph.inputs) + io("output", graph.outputs) + aligned(table, left: [1, 2, 3, 4, 7])
      + "total: \(rows.count) operators, \(grouped(rows.reduce(0) { $0 &+ $1.macs })) MACs, \(grouped(graph.parameterBytes)) bytes of constants, "
      + "largest feature map \(grouped(largest(graph))) bytes\n"
      + (rows.compactMap(\.problem) + general).map { "problem: \($0)\n" }.joined()
  }

  private func largest(_ graph: Graph) -> Int { graph.activations.map { graph.tensors[$0].byteCount }.max() ?? 0 }

  private func value(_ graph: Graph, _ rows: [Row], _ general: [String], _ isSupported: Bool) -> JSONValue {
    func tensor(_ index: Int) -> JSONValue {
      guard graph.tensors.indices.contains(index) else { return .null }
      let tensor = graph.tensors[index]
      return [
        "tensor": .integer(index), "name": .string(tensor.name), "shape": .array(tensor.shape.map(JSONValue.integer)),
        "type": .string(tensor.type.description), "scale": .number(Double("\(tensor.scale)") ?? 0), "zeroPoint": .integer(tensor.zeroPoint),
      ]
    }
    return [
      "model": .string(graph.name), "inputs": .array(graph.inputs.map(tensor)), "outputs": .array(graph.outputs.map(tensor)),
      "macs": .integer(rows.reduce(0) { $0 &+ $1.macs }), "parameterBytes": .integer(graph.parameterBytes),
      "largestActivationBytes": .integer(largest(graph)), "supported": .boolean(isSupported),
      "problems": .array(general.map(JSONValue.string)), "warnings": .array((isSupported ? graph.warnings : []).map(JSONValue.string)),
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
