// `manifest.json`: what a bundle was made from, where everything lies, and the hash of every file.

import Machine
import Mapper
import Model

extension Artifact {
  static let manifest = Artifact(
    BundleManifest.fileName, stage: .hashes,
    summary: { "what this was made from, " + ($0.network == nil ? "" : "tensors and their places, ") + "the hash of every file" }
  ) { contents, made in
    let value = contents.network.map {
      Emit.manifest($0.mapping, modelHash: SHA256.hex($0.model), top: contents.top, files: made)
    } ?? Emit.manifest(contents.hardware, top: contents.top, files: made)
    return [BundleFile(path: BundleManifest.fileName, text: BundleManifest.sealed(value.text))]
  }
}

/// The name of the format, in every manifest.
public let manifestFormat = "weft-bundle-1"

extension Hardware {
  /// The sizes, as manifests list them.
  public var json: JSONValue {
    [
      "fingerprint": .string("0x" + hexadecimal(fingerprint)), "accumulatorBits": .integer(accumulatorBits),
      "featureMemoryBytes": .integer(featureBytes), "weightMemoryBytes": .integer(weightBytes),
      "parameterEntries": .integer(parameterEntries), "programWords": .integer(programWords),
      "scalarTables": .integer(scalarTables), "byteTables": .integer(byteTables),
    ]
  }
}

/// The host's address space.
public let memoryMapValue: JSONValue = [
  "windows": .array(
    RegisterMap.Region.allCases.map { ["name": .string("\($0)"), "base": .string("0x" + hexadecimal(UInt32($0.base)))] }),
  "registers": .array(
    RegisterMap.addressMap().registers.map { register in
      [
        "name": .string(register.name), "address": .integer(register.address), "summary": .string(register.summary),
        "fields": .array(
          register.fields.map {
            [
              "name": .string($0.name), "lowBit": .integer($0.bits.lowerBound), "bits": .integer($0.bits.count),
              "access": .string($0.access.rawValue), "summary": .string($0.summary),
            ]
          }),
      ]
    }),
]

/// The manifest of a compiled network.
/// - Parameter files: everything else in the bundle.
func manifest(_ mapping: Mapping, modelHash: String, top: String, files: [BundleFile]) -> JSONValue {
  let graph = mapping.graph
  func describe(_ tensor: Int) -> JSONValue {
    let value = graph.tensors[tensor]
    return [
      "tensor": .integer(tensor), "name": .string(value.name), "address": JSONValue(mapping.address(of: tensor)),
      "bytes": .integer(value.byteCount), "shape": .array(value.shape.map(JSONValue.integer)),
      "type": .string(value.type.description), "scale": .number(exact(value.scale)), "zeroPoint": .integer(value.zeroPoint),
    ]
  }
  return [
    "format": .string(manifestFormat),
    "tool": ["name": "weft", "version": .string(toolVersion)],
    "model": ["name": .string(graph.name), "sha256": .string(modelHash), "reference": .string(graph.reference.rawValue)],
    "configuration": .string(mapping.hardware.configuration.name),
    "hardware": mapping.hardware.json,
    "top": .string(top),
    "inputs": .array(graph.inputs.map(describe)),
    "outputs": .array(graph.outputs.map(describe)),
    "placements": .array(
      mapping.placements.map {
        [
          "tensor": .integer($0.tensor), "name": .string(graph.tensors[$0.tensor].name), "address": .integer($0.address),
          "bytes": .integer($0.bytes), "firstStep": .integer($0.live.lowerBound), "lastStep": .integer($0.live.upperBound),
        ]
      }),
    "memoryMap": memoryMapValue,
    "files": fileValues(files),
  ]
}

/// The manifest of hardware without a network.
func manifest(_ hardware: Hardware, top: String, files: [BundleFile]) -> JSONValue {
  [
    "format": .string(manifestFormat), "tool": ["name": "weft", "version": .string(toolVersion)],
    "configuration": .string(hardware.configuration.name), "hardware": hardware.json, "top": .string(top),
    "memoryMap": memoryMapValue, "files": fileValues(files),
  ]
}

private func fileValues(_ files: [BundleFile]) -> JSONValue {
  .array(
    files.map { ["path": .string($0.path), "bytes": .integer($0.bytes.count), "sha256": .string(SHA256.hex($0.bytes))] })
}

/// The shortest decimal of a Float, as a Double that prints the same.
func exact(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
