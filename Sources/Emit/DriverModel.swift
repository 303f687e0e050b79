// `driver/model.h`: a network as data of a C program.
//
// All names carry that of the network and a hash of its contents, so that one program, or even one file, may include the
// headers of several networks.

import Machine
import Mapper
import Model

/// `model.h`: the images as constant arrays, tables of inputs and outputs, and the network that the driver loads.
public func driverModel(_ mapping: Mapping, _ images: MemoryImages) -> [UInt8] {
  let graph = mapping.graph
  let inputs = tensorTable(graph.inputs, mapping), outputs = tensorTable(graph.outputs, mapping)
  let name = modelName(mapping, images, inputs + outputs), guardName = name.uppercased() + "_H"
  var out: [UInt8] = []
  func add(_ text: String) { out += text.utf8 }
  add(
    licensedC(
      """
      /* The network '\(safeComment(graph.name))' for configuration '\(mapping.hardware.configuration.name)'. Made by weft \(toolVersion).
       * Include it in one file only. In that file `weft_network` is short for the first network that it includes; a
       * second one has its long name alone. */
      #ifndef \(guardName)
      #define \(guardName)

      #include "weft.h"


      """))
  for (region, part) in windowParts {
    let words = images[region]?.written ?? []
    add("static const uint32_t \(name)_\(part)[\(max(1, words.count))] = {")
    if words.isEmpty { add("0") }
    for (index, word) in words.enumerated() {
      add(index % 8 == 0 ? "\n  0x" : " 0x")
      for shift in stride(from: 28, through: 0, by: -4) { out.append(hexDigit(word >> UInt32(shift))) }
      add("u,")
    }
    add("\n};\n\n")
  }
  for (part, tensors, table) in [("inputs", graph.inputs, inputs), ("outputs", graph.outputs, outputs)] {
    add("static const weft_tensor \(name)_\(part)[\(max(1, tensors.count))] = {\n\(table)};\n\n")
  }
  add(
    """
    static const weft_model \(name) = {
      "\(safeFileName(graph.name))",
      0x\(hexadecimal(mapping.hardware.fingerprint))u,
      \(name)_program, \(images[.program]?.written.count ?? 0)u,
      \(name)_weights, \(images[.weights]?.written.count ?? 0)u,
      \(name)_parameters, \((images[.parameters]?.written.count ?? 0) / 3)u,
      \(name)_scalar_tables, \(images[.scalarTables]?.written.count ?? 0)u,
      \(name)_byte_tables, \(images[.byteTables]?.written.count ?? 0)u,
      \(name)_inputs, \(graph.inputs.count)u,
      \(name)_outputs, \(graph.outputs.count)u,
    };

    #ifndef weft_network
    #define weft_network \(name)
    #endif

    #endif

    """)
  return out
}

private let windowParts: [(RegisterMap.Region, String)] = [
  (.program, "program"), (.weights, "weights"), (.parameters, "parameters"), (.scalarTables, "scalar_tables"),
  (.byteTables, "byte_tables"),
]

/// `weft_digits_resnet_1a2b3c4d`, with a hash of everything that the header holds.
private func modelName(_ mapping: Mapping, _ images: MemoryImages, _ tables: String) -> String {
  var hash = SHA256()
  for (region, part) in windowParts {
    hash.update(part.utf8)
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
      + "\(value.byteCount)u, \(shape.count)u, {\(sizes)}, \(cFloat(value.scale)), \(value.zeroPoint)},\n"
  }
  return tensors.isEmpty ? "  {0, 0, 0, 0, {0}, 0.0f, 0},\n" : text
}

private func cFloat(_ value: Float) -> String {
  guard value.isFinite else { return "0.0f" }
  let text = "\(value)"
  return (text.contains(".") || text.contains("e") ? text : text + ".0") + "f"
}
