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

  @Argument(help: "\(modelHelp)") var model: String
  @Option(name: .long, help: "A named configuration or a configuration file that the model must fit, too.") var config: String?
  @OptionGroup var constants: ConstantChannelsOption
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let path = modelPath(model)
    let graph = try readModel(contentsOf: path)
    var problems: [Int: ModelError] = [:]
    var general = graph.problems.map(\.message)
    var failure: (any Error)?, report: NetworkReport?
    do {
      problems = try graph.operatorProblems()
      if let error = graph.summary(of: problems) { throw error }
      try graph.validate()
      let configuration = try Configuration.load(nameOrPath: config ?? "edge64")
      report = NetworkReport(try compileGraph(graph, path: path, configuration, from: config ?? path, constants: constants))
    } catch let error as ModelError {
      failure = error.located(in: path)
      if problems.isEmpty, graph.problems.isEmpty { general.append(error.message) }
    } catch {
      failure = error
      general.append((error as? MappingError)?.message ?? (error as? ConfigurationError)?.message ?? "\(error)")
    }
    let host = failure == nil ? graph.partition : nil
    let rows = (graph.nodes.enumerated().map { Row(graph, $0.element, problem: problems[$0.offset], host) }
      + graph.folded.map { Row(graph, $0, place: .folded) } + graph.unread.map { Row(graph, $0, place: .unread) }).sorted { $0.index < $1.index }
    let isSupported = failure == nil
    if json {
      print(OrderedJSON.text(info(graph, rows, general, isSupported, report)), terminator: "")
    } else {
      print(text(graph, rows, general, report), terminator: "")
    }
    if let failure { throw failure }
    complain(about: graph, path: path)
  }

  /// One operator.
  private struct Row {
    var index: Int, operatorName: String, output: Tensor?, outputIndex: Int?
    var macs: Int, parameterBytes: Int, problem: String?
    var place: Place

    /// Where it runs.
    enum Place: String, Encodable {
      case accelerator, host
      /// On the host, and not computed by this tool.
      case left
      /// Evaluated when the file is read.
      case folded
      /// Nobody reads what it makes.
      case unread
    }

    init(_ graph: Graph, _ node: Node, problem: ModelError?, _ partition: Partition?) {
      func has(_ nodes: [Node]) -> Bool { nodes.contains { $0.index == node.index } }
      let place: Place = partition.map { has($0.before + $0.after) ? .host : has($0.remaining) ? .left : .accelerator } ?? .accelerator
      self.init(graph, node, place: place)
      self.problem = problem?.message
    }

    init(_ graph: Graph, _ node: Node, place: Place) {
      self.place = place
      index = node.index
      operatorName = node.operation.name
      outputIndex = node.outputs.first
      output = node.outputs.first.flatMap { graph.tensors.indices.contains($0) ? graph.tensors[$0] : nil }
      macs = node.operation.multiplyAccumulates(node, in: graph)
      parameterBytes = Set(node.inputs).reduce(0) {
        $0 &+ (graph.tensors.indices.contains($1) && graph.tensors[$1].isConstant ? graph.tensors[$1].byteCount : 0)
      }
    }

    /// What a person reads.
    var support: String {
      if problem != nil { return "no" }
      switch place {
      case .accelerator: return "yes"
      case .host: return "on the host"
      case .left: return "left to the host"
      case .folded: return "folded"
      case .unread: return "not read"
      }
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

  private func text(_ graph: Graph, _ rows: [Row], _ general: [String], _ report: NetworkReport?) -> String {
    var table = [["#", "operator", "output", "type", "scale (zero point)", "MACs", "constants", "supported"]]
    for row in rows {
      table.append([
        "\(row.index)", row.operatorName, shape(row.output), row.output?.type.description ?? "-", quantization(row.output),
        row.macs.grouped, row.parameterBytes.grouped, row.support,
      ])
    }
    func io(_ label: String, _ tensors: [Int]) -> String {
      tensors.filter(graph.tensors.indices.contains).map {
        "\(label) \(graph.label($0)): \(shape(graph.tensors[$0])) \(graph.tensors[$0].type), scale (zero point) \(quantization(graph.tensors[$0]))\n"
      }.joined()
    }
    return "\(graph.name)\n" + io("input ", graph.inputs) + io("output", graph.outputs) + TextTable(table, left: [1, 2, 3, 4, 7]).text
      + "total: \(rows.count) operators, \((rows.reduce(0) { $0 &+ $1.macs }).grouped) MACs, \(graph.parameterBytes.grouped) bytes of constants, "
      + "largest feature map \(largest(graph).grouped) bytes\n"
      + (report?.constantChannels.map { "\(config ?? "edge64"): \($0)\n" } ?? "")
      + (rows.compactMap(\.problem) + general).map { "problem: \($0)\n" }.joined()
  }

  private func largest(_ graph: Graph) -> Int { graph.activations.map { graph.tensors[$0].byteCount }.max() ?? 0 }

  private struct Info: Encodable {
    struct Layer: Encodable {
      var index: Int
      var operatorName: String
      @OrNull var output: TensorInfo?
      var macs: Int
      var parameterBytes: Int
      var place: Row.Place
      @OrNull var problem: String?

      private enum CodingKeys: String, CodingKey { case index, operatorName = "operator", output, macs, parameterBytes, place, problem }
    }
    var model: String
    var inputs: [TensorInfo?], outputs: [TensorInfo?]
    var macs: Int
    /// Of these, those that are left without constant channels; null for a network that cannot be compiled.
    @OrNull var computedMACs: Int?
    @OrNull var removedChannels: Int?
    var parameterBytes: Int
    var largestActivationBytes: Int
    var supported: Bool
    var problems: [String]
    var warnings: [String]
    var layers: [Layer]
  }

  private func info(_ graph: Graph, _ rows: [Row], _ general: [String], _ isSupported: Bool, _ report: NetworkReport?) -> Info {
    func tensor(_ index: Int) -> TensorInfo? { graph.tensors.indices.contains(index) ? TensorInfo(index, in: graph) : nil }
    return Info(
      model: graph.name, inputs: graph.inputs.map(tensor), outputs: graph.outputs.map(tensor), macs: rows.reduce(0) { $0 &+ $1.macs },
      computedMACs: report?.computedMACs, removedChannels: report?.removedChannels, parameterBytes: graph.parameterBytes,
      largestActivationBytes: largest(graph), supported: isSupported, problems: general,
      warnings: isSupported ? graph.warnings : [],
      layers: rows.map {
        Info.Layer(
          index: $0.index, operatorName: $0.operatorName, output: $0.outputIndex.flatMap(tensor), macs: $0.macs,
          parameterBytes: $0.parameterBytes, place: $0.place, problem: $0.problem)
      })
  }
}
