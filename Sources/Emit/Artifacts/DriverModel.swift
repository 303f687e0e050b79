// `driver/model.h`: a network as data of a C program.
//
// All names carry that of the network and a hash of its contents, so that one program, or even one file, may include the
// headers of several networks.

import Machine
import Mapper
import Model

/// `model.h`: the images as constant arrays, tables of inputs and outputs, and the network that the driver loads.
public func driverModel(_ mapping: Mapping, _ images: MemoryImages) -> String {
  let graph = mapping.graph
  let inputs = tensorTable(graph.inputs, mapping), outputs = tensorTable(graph.outputs, mapping)
  let states = stateTables(mapping)
  let name = modelName(mapping, images, inputs + outputs + states.values + states.rows("state"))
  func count(_ region: RegisterMap.Region) -> Int { images[region]?.written.count ?? 0 }
  return licensedC(
    Template(PackageResources.model_h).filled([
      "GRAPH": safeComment(graph.name), "CONFIGURATION": mapping.hardware.configuration.name, "VERSION": toolVersion,
      "GUARD": name.uppercased() + "_H", "NAME": name, "TITLE": safeFileName(graph.name),
      "FINGERPRINT": hexadecimal(mapping.hardware.fingerprint),
      "ARRAYS": windowParts.map { array("\(name)_\($0.snakeName)", images[$0]?.written ?? []) }.joined(separator: "\n"),
      "INPUTS": inputs, "INPUT_ROWS": "\(max(1, graph.inputs.count))", "INPUT_COUNT": "\(graph.inputs.count)",
      "STATE_VALUES": states.values.replacing("@NAME@", with: name), "STATES": states.rows(name),
      "STATE_ROWS": "\(max(1, graph.states.count))", "STATE_COUNT": "\(graph.states.count)",
      "OUTPUTS": outputs, "OUTPUT_ROWS": "\(max(1, graph.outputs.count))", "OUTPUT_COUNT": "\(graph.outputs.count)",
      "PROGRAM_WORDS": "\(count(.program))", "WEIGHT_WORDS": "\(count(.weights))", "PARAMETER_CHANNELS": "\(count(.parameters) / (ParameterWord.bits / 32))",
      "SCALAR_TABLE_WORDS": "\(count(.scalarTables))", "BYTE_TABLE_WORDS": "\(count(.byteTables))",
    ]))
}

/// The definition of an array of words, eight to a line; C has no empty arrays.
private func array(_ name: String, _ words: [UInt32]) -> String {
  var out = Array("static const uint32_t \(name)[\(max(1, words.count))] = {".utf8)
  if words.isEmpty { out += "0".utf8 }
  for (index, word) in words.enumerated() {
    out += (index % 8 == 0 ? "\n  0x" : " 0x").utf8
    for shift in stride(from: 28, through: 0, by: -4) { out.append(hexDigit(word >> UInt32(shift))) }
    out += "u,".utf8
  }
  return String(decoding: out, as: UTF8.self) + "\n};\n"
}

/// What a network fills.
private let windowParts: [RegisterMap.Region] = [.program, .weights, .parameters, .scalarTables, .byteTables]

/// `weft_digits_resnet_1a2b3c4d`, with a hash of everything that the header holds.
private func modelName(_ mapping: Mapping, _ images: MemoryImages, _ tables: String) -> String {
  var hash = SHA256()
  for region in windowParts {
    hash.update(region.snakeName.utf8)
    hash.update(images[region]?.hexBytes ?? [])
  }
  hash.update((tables + hexadecimal(mapping.hardware.fingerprint)).utf8)
  return "weft_\(cIdentifier(mapping.graph.name).prefix(40))_\(hash.hex().prefix(8))"
}

/// The initializers of `weft_tensor`s.
private func tensorTable(_ tensors: [Int], _ mapping: Mapping) -> String {
  var text = ""
  for tensor in tensors {
    let value = mapping.graph.tensors[tensor]
    let shape = value.shape.count <= 6 ? value.shape : [value.elementCount]
    let sizes = shape.isEmpty ? "1" : shape.map { "\($0)u" }.joined(separator: ", ")
    text +=
      "  {\"\(safeComment(value.name).replacing("\"", with: "'").replacing("?", with: "_"))\", \(mapping.address(of: tensor) ?? 0)u, "
      + "\(value.byteCount)u, \(shape.count)u, {\(sizes)}, \(cFloat(value.scale)), \(value.zeroPoint), \(conversion(tensor, mapping)), "
      + "\(mapping.int16[tensor]?.length ?? 0)u},\n"
  }
  return tensors.isEmpty ? "  {0, 0, 0, 0, {0}, 0.0f, 0, WEFT_INT8, 0, 0, 0, 0},\n" : text
}

/// What a `weft_tensor` says of the network's own end: the type that the network has there, its zero point, and the factor of the rescaling.
private func conversion(_ tensor: Int, _ mapping: Mapping) -> String {
  guard let end = mapping.network.partition.end(of: tensor, in: mapping.network) else {
    let value = mapping.graph.tensors[tensor], one = QuantizedMultiplier(1)
    return "WEFT_\(value.type.description.uppercased()), \(value.zeroPoint), \(one.multiplier), \(one.exponent)"
  }
  let value = mapping.network.tensors[end.tensor]
  let factor = (end.node.operation as? Quantize).flatMap { value.type == .float32 ? nil : $0.rescaling(end.node, in: mapping.network).multiplier }
  let toEven = (end.node.operation as? Quantize)?.halvesToEven == true && value.type == .float32
  return "WEFT_\(value.type.description.uppercased()), \(value.zeroPoint), \(factor?.multiplier ?? (toEven ? 1 : 0)), \(factor?.exponent ?? 0)"
}

/// The first values of state, and the rows of its table.
private func stateTables(_ mapping: Mapping) -> (values: String, rows: (String) -> String) {
  let states = mapping.graph.states
  let values = states.enumerated().map { index, state in
    "static const uint8_t @NAME@_state_\(index)[\(state.initial.count)] = {\(mapping.stored(state.initial, of: state.tensor).map(String.init).joined(separator: ", "))};\n"
  }
  return (
    values.joined(),
    { name in
      states.isEmpty ? "  {0, 0, 0},\n"
        : states.enumerated().map { index, state in
          "  {\(mapping.address(of: state.tensor) ?? 0)u, \(state.initial.count)u, \(name)_state_\(index)},\n"
        }.joined()
    }
  )
}

private func cFloat(_ value: Float) -> String {
  guard value.isFinite else { return "0.0f" }
  let text = "\(value)"
  return (text.contains(".") || text.contains("e") ? text : text + ".0") + "f"
}
