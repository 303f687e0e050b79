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

  @Argument(help: "The model, a .tflite file.") var model: String
  @Option(help: "An input, .npy or .bin.") var input: [String] = []
  @Option(help: "verilator, icarus, in-process (needs no tool), or interpreter; by default the golden kernels compute the outputs.")
  var simulator: String?
  @OptionGroup var hardware: ConfigurationOption
  @OptionGroup var reference: ReferenceOption
  @Option(name: [.short, .customLong("output")], help: "A file for the raw bytes of all outputs, one after the other.") var output: String?
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    if let simulator { _ = try simulatorKind(simulator) }
    guard !input.isEmpty else { throw ValidationError("--input is missing; name a .npy or .bin file") }
  }

  func run() throws {
    let progress = Progress()
    let path = modelPath(model)
    let bytes = try readModelFile(path)
    let graph = try loadTFLite(bytes: bytes, name: path, reference: reference.interpreter)
    complain(about: graph, path: path)
    guard input.count == graph.inputs.count else {
      throw UsageError("\(path): the network has \(graph.inputs.count) inputs, \(input.count) given; name one --input for each")
    }
    let file = try output.map { name throws(FileError) in try OutputFile(name, inputs: [path] + input) }
    let inputs = try zip(input, graph.inputs).map { try readInput($0, graph, $1) }
    var outputs: [[UInt8]] = [], cycles: Int?
    if let simulator = try simulator.map({ try simulatorKind($0) }) {
      progress.say("mapping")
      let mapping = try compileModel(
        bytes, path: path, try hardware.load(), from: hardware.config, reference: reference.interpreter)
      let request = VerificationRequest(mapping, samples: [VerificationSample(inputs: inputs)], simulator: simulator)
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
      outputs = graph.outputs.map { tensors[$0] ?? graph.tensors[$0].constant ?? [] }
    }
    try file?.write(Array(outputs.joined()))
    if json { print(value(graph, outputs, cycles).text, terminator: "") } else { print(text(graph, outputs, cycles), terminator: "") }
  }

  /// Real values of an output.
  private func real(_ tensor: Tensor, _ bytes: [UInt8]) -> [Float] {
    bytes.map { tensor.scale * Float(Int(Int8(bitPattern: $0)) - tensor.zeroPoint) }
  }

  /// The five largest elements, largest first.
  private func top(_ tensor: Tensor, _ bytes: [UInt8]) -> [(index: Int, value: Float)] {
    let values = real(tensor, bytes)
    let order = values.indices.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
    return order.prefix(5).map { ($0, values[$0]) }
  }

  private func text(_ graph: Graph, _ outputs: [[UInt8]], _ cycles: Int?) -> String {
    var text = ""
    for (tensor, bytes) in zip(graph.outputs, outputs) {
      let value = graph.tensors[tensor]
      text += "output \(graph.label(tensor)), \(value.shape.map(String.init).joined(separator: "×")):\n"
      let shown = bytes.prefix(64).map { String(Int8(bitPattern: $0)) }.joined(separator: " ")
      text += "  \(shown)\(bytes.count > 64 ? " … (\(bytes.count) values)" : "")\n"
      for (index, value) in top(value, bytes) { text += "  \(index): \(value)\n" }
    }
    if let cycles { text += "\(grouped(cycles)) cycles on \(hardware.config)\n" }
    return text
  }

  private func value(_ graph: Graph, _ outputs: [[UInt8]], _ cycles: Int?) -> JSONValue {
    [
      "model": .string(graph.name), "simulator": simulator.map(JSONValue.string) ?? .null, "cycles": JSONValue(cycles),
      "outputs": .array(
        zip(graph.outputs, outputs).map { tensor, bytes in
          let value = graph.tensors[tensor]
          return [
            "tensor": .integer(tensor), "name": .string(value.name), "shape": .array(value.shape.map(JSONValue.integer)),
            "values": .array(bytes.map { .integer(Int(Int8(bitPattern: $0))) }),
            "top": .array(top(value, bytes).map { ["index": .integer($0.index), "value": .number(Double("\($0.value)") ?? 0)] }),
          ]
        }),
    ]
  }

  private func readInput(_ path: String, _ graph: Graph, _ tensor: Int) throws -> [UInt8] {
    let target = graph.tensors[tensor]
    let bytes = try readFile(path, limit: 1 << 28)
    if path.hasSuffix(".npy") || path.hasSuffix(".npz") {
      let array = try NumPyArray(bytes, path: path)
      try array.check(target.shape, label: graph.label(tensor))
      return try array.quantized(for: target, warn: StandardStreams.complain)
    }
    guard bytes.count == target.byteCount else {
      throw UsageError("\(path): has \(bytes.count) bytes, the input needs \(target.byteCount) (\(graph.label(tensor)), shape \(target.shape))")
    }
    return bytes
  }
}
