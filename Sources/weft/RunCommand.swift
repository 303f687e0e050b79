// weft run: inputs in, outputs and top classes out.

import ArgumentParser
import Emit
import Foundation
import Machine
import Mapper
import Model
import Verify

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Runs a model on an input and shows the outputs.",
    discussion: """
      An input is raw bytes as the network takes them (.bin), or a NumPy array (.npy) of int8, or of float32 values
      that are quantized. Several inputs: --input once for each, in the model's order.

      Example:
        weft run model.tflite --input image.npy --simulator verilator
      """)

  @Argument(help: "\(modelHelp.dropLast()), or a directory that `weft compile` made.") var model: String
  @Option(help: "An input, .npy or .bin.") var input: [String] = []
  @Option(help: "verilator, icarus, in-process (needs no tool), or interpreter; by default the golden kernels compute the outputs.")
  var simulator: String?
  @Option(name: .long, help: "A named configuration or a configuration file, by default edge64; a bundle has its own.") var config: String?
  @OptionGroup var reference: ReferenceOption
  @OptionGroup var rounding: RoundingOption
  @OptionGroup var constants: ConstantChannelsOption
  @Option(name: [.short, .customLong("output")], help: "A file for the raw bytes of all outputs, one after the other.") var output: String?
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    if let simulator { _ = try simulatorKind(simulator) }
    guard !input.isEmpty else { throw ValidationError("--input is missing; name a .npy or .bin file") }
    guard simulator != nil || !constants.keepConstantChannels else {
      throw ValidationError("--keep-constant-channels needs --simulator: the golden kernels compute all channels anyway")
    }
  }

  func run() throws {
    let progress = Progress()
    let path = modelPath(model)
    let bundle = OutputBundle.isBundle(model)
      ? try Design(bundle: model, config: config, reference: reference, rounding: rounding, constants: constants) : nil
    let graph = try bundle?.mapping.network ?? loadModel(contentsOf: path, reference: reference.interpreter, rounding: rounding.rule)
    complain(about: graph, path: path)
    guard input.count == graph.inputs.count else {
      throw UsageError("\(path): the network has \(graph.inputs.count) inputs, \(input.count) given; name one --input for each")
    }
    let file = try output.map { name throws(FileError) in try OutputFile(name, inputs: [path] + input) }
    let inputs = try zip(input, graph.inputs).map { try InputFile($0).bytes(for: $1, of: graph) }
    var outputs: [[UInt8]] = [], cycles: Int?, configuration = ""
    if let simulator = try simulator.map({ try simulatorKind($0) }) {
      progress.say(bundle == nil ? "mapping" : "reading")
      let design = try bundle
        ?? Design(
          try compileGraph(
            graph, path: path, try Configuration.load(nameOrPath: config ?? "edge64"), from: config ?? "edge64", constants: constants))
      configuration = config ?? design.mapping.hardware.configuration.name
      let request = VerificationRequest(
        design.mapping, images: design.images, verilog: design.verilog, samples: [VerificationSample(inputs: inputs)], simulator: simulator)
      let report = try verify(request) { progress.say($0) }
      progress.clear()
      outputs = report.outputs.first ?? []
      cycles = report.cycles.first
      if !report.passed {
        throw CheckFailed(
          message: "\(path): \(simulator.rawValue) differs from the golden kernels in \(report.mismatches) elements; `weft verify` says where")
      }
    } else {
      let tensors = try GoldenModel(graph).run(inputs: inputs)
      outputs = graph.results.map { tensors[$0] ?? [] }
    }
    try file?.write(Array(outputs.joined()))
    if json {
      print(OrderedJSON.text(info(graph, outputs, cycles)), terminator: "")
    } else {
      print(text(graph, outputs), terminator: "")
      if let cycles { print("\(cycles.grouped) cycles on \(configuration)") }
    }
  }

  /// The five largest elements, largest first.
  private func top(_ tensor: Tensor, _ bytes: [UInt8]) -> [(index: Int, value: Float)] {
    let values = tensor.numbers(bytes)
    let order = values.indices.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
    return order.prefix(5).map { ($0, values[$0]) }
  }

  private func text(_ graph: Graph, _ outputs: [[UInt8]]) -> String {
    var text = ""
    for (tensor, bytes) in zip(graph.results, outputs) {
      let value = graph.tensors[tensor]
      let role = graph.outputs.contains(tensor) ? "output" : "result"
      text += "\(role) \(graph.label(tensor)), \(value.shape.map(String.init).joined(separator: "×")):\n"
      let stored = value.stored(bytes)
      text += "  \(stored.prefix(64).joined(separator: " "))\(stored.count > 64 ? " … (\(stored.count) values)" : "")\n"
      for (index, value) in top(value, bytes) { text += "  \(index): \(value)\n" }
    }
    for node in graph.partition.remaining { text += "stopped before operator \(node.index) \(node.operation.name), which is left to the host\n" }
    return text
  }

  private struct Info: Encodable {
    struct Element: Encodable {
      var index: Int
      var value: Float
    }
    /// Elements as they are stored.
    enum Values: Encodable {
      case integers([Int]), floats([Float])

      init(_ tensor: Tensor, _ bytes: [UInt8]) {
        self = tensor.type == .float32 ? .floats(tensor.numbers(bytes)) : .integers(tensor.integers(bytes))
      }

      func encode(to encoder: any Encoder) throws {
        switch self {
        case .integers(let values): try values.encode(to: encoder)
        case .floats(let values): try values.encode(to: encoder)
        }
      }
    }
    struct Output: Encodable {
      var tensor: Int
      var name: String
      var shape: [Int]
      var type: String
      var values: Values
      var top: [Element]
    }
    var model: String
    @OrNull var simulator: String?
    @OrNull var cycles: Int?
    var outputs: [Output]
    /// Operators that are left to the host.
    var remaining: [String]
  }

  private func info(_ graph: Graph, _ outputs: [[UInt8]], _ cycles: Int?) -> Info {
    Info(
      model: graph.name, simulator: simulator, cycles: cycles,
      outputs: zip(graph.results, outputs).map { tensor, bytes in
        let value = graph.tensors[tensor]
        return Info.Output(
          tensor: tensor, name: value.name, shape: value.shape, type: value.type.description, values: Info.Values(value, bytes),
          top: top(value, bytes).map { Info.Element(index: $0.index, value: $0.value) })
      }, remaining: graph.partition.remaining.map { $0.operation.name })
  }
}
