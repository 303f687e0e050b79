import Emit
import Machine
import Mapper
import Model
import Reference
import Testing

@testable import Verify

/// Every field of a layer does something, and the same in hardware and in the reference machine: also with values that the
/// compiler never gives it.
@Suite struct FieldEffectTests {
  /// What became of a byte.
  private struct Byte: Hashable { var step: Int, address: Int, value: UInt8, before: UInt8 }

  /// A program in which one field has another value for one step.
  private struct Variant {
    var field: LayerField
    var mapping: Mapping
    var inputs: [[UInt8]]
    var expected: Set<Byte>
  }

  /// - Parameter adds: in the post unit; else sums are the scalar unit's.
  private static func hardware(adds: Bool) throws -> Hardware {
    var configuration = Configuration(
      name: "small", pixels: 2, channels: 2, dotProduct: 2, memoryLanes: 8, postLanes: 2, patchDepth: 16)
    configuration.units.residual = adds
    var hardware = try Hardware(standalone: configuration)
    hardware.extensions.formUnion([.int16, .int16Arithmetic])
    return hardware
  }

  /// Small layers of every kind that has fields of its own; more channels than elements, strides as long as a dot product.
  private static func layers(_ kinds: [RandomLayer.Kind]) -> [RandomLayer] {
    kinds.enumerated().map { index, kind in
      var layer = RandomLayer(seed: UInt64(100 + index))
      (layer.kind, layer.height, layer.width, layer.channels, layer.outputs) = (kind, 4, 6, 6, kind == .depthwise ? 1 : 7)
      (layer.kernelHeight, layer.kernelWidth, layer.strideHeight, layer.strideWidth) = (2, 3, 1, 2)
      (layer.dilationHeight, layer.dilationWidth, layer.same, layer.activation) = (1, 1, true, 0)
      (layer.inputZero, layer.outputZero, layer.bias) = (3, -5, true)
      (layer.weights, layer.inputs, layer.scales) = (.uniform, .uniform, .fitting)
      // A function that is no limit.
      if kind == .convolutionTable { layer.seed = 32 }
      return layer
    }
  }

  /// - Parameter fill: what stands where nobody has written.
  private func referenceBytes(_ mapping: Mapping, _ inputs: [[UInt8]], fill: UInt8 = 0) throws(MachineFault) -> Set<Byte> {
    var machine = ReferenceMachine(mapping, inputs: [])
    machine.load([UInt8](repeating: fill, count: mapping.hardware.featureBytes), at: 0)
    for (tensor, bytes) in zip(mapping.graph.inputs, inputs) {
      if let address = mapping.address(of: tensor) { machine.load(mapping.stored(bytes, of: tensor), at: address) }
    }
    return Set(
      try machine.run(mapping.program.map(\.instruction)).map {
        Byte(step: $0.step, address: $0.address, value: $0.value, before: $0.before)
      })
  }

  /// The program with `field` at `value` for the command at `index`, and as before from there on.
  private func changed(_ mapping: Mapping, at index: Int, _ field: LayerField, from old: Int, to value: Int) -> Mapping {
    var result = mapping
    result.program.insert(ProgramLine(instruction: .set(field, old), comment: ""), at: index + 1)
    result.program.insert(ProgramLine(instruction: .set(field, value), comment: ""), at: index)
    let last = result.program.count - 1
    result.program[last].instruction = .halt(checksum: ProgramChecksum(of: result.program.dropLast().map(\.instruction.word)).value)
    return result
  }

  /// The program with outputs of int16 where it has a `run`, the low bytes of each beyond the high ones of all.
  private func withInt16Outputs(_ mapping: Mapping) throws -> Mapping {
    let index = try #require(mapping.program.firstIndex { if case .command(.run, _, _) = $0.instruction { true } else { false } })
    var fields = LayerFields.start
    for line in mapping.program[..<index] { if case .set(let field, let value) = line.instruction { fields[field] = value } }
    let mode = changed(mapping, at: index, .at(\.modeBits), from: fields.modeBits, to: fields.modeBits | LayerMode.int16Output.rawValue)
    return changed(mode, at: index + 1, .at(\.end.int16Step), from: 0, to: 512)
  }

  /// Changes each field of `unseen` that a step reads until something else is written.
  /// - Parameter int16: whether the outputs of its `run` are made int16.
  private func variants(
    of networks: [(graph: Graph, inputs: [[UInt8]])], on hardware: Hardware, int16: Bool = false, _ unseen: inout Set<LayerField>, _ refused: inout Set<LayerField>
  ) throws -> [Variant] {
    var variants: [Variant] = []
    for (graph, inputs) in networks {
      let mapped = try Mapper.map(graph, on: hardware)
      let mapping = int16 ? try withInt16Outputs(mapped) : mapped
      let usual = try referenceBytes(mapping, inputs)
      var fields = LayerFields.start
      for (index, line) in mapping.program.enumerated() {
        if case .set(let field, let value) = line.instruction { fields[field] = value }
        guard case .command(let command, _, _) = line.instruction else { continue }
        for field in LayerFields.read(by: command, fields.mode) where unseen.contains(field) {
          let old = fields[field]
          for value in [old - 1, old / 2, 1, 0, old + 1, old * 2, old + 64, old - 64, field.range.upperBound] {
            guard value != old, field.range.contains(value) else { continue }
            let other = changed(mapping, at: index, field, from: old, to: value)
            do throws(MachineFault) {
              let bytes = try referenceBytes(other, inputs)
              // Nothing is known of what was read where nobody has written.
              guard bytes != usual, try referenceBytes(other, inputs, fill: 0x5A) == bytes else { continue }
              variants.append(Variant(field: field, mapping: other, inputs: inputs, expected: bytes))
              unseen.remove(field)
              break
            } catch {
              refused.insert(field)
            }
          }
        }
      }
    }
    return variants
  }

  /// A sum, a product that becomes int8, and a sigmoid of int16, of two rows each.
  private static func arithmeticOfInt16() -> Graph {
    func tensor(_ name: String, _ type: ElementType, _ scale: Float) -> Tensor {
      Tensor(name: name, shape: [1, 2, 1, 5], type: type, quantization: Quantization(scale: scale, zeroPoint: type == .int8 ? 3 : 0))
    }
    var product = Multiplication()
    product.narrows = true
    return Graph(
      name: "int16",
      tensors: [
        tensor("x", .int16, 0.0003), tensor("y", .int16, 0.0002), tensor("sum", .int16, 0.0004), tensor("sigmoid", .int16, 0x1p-15),
        tensor("product", .int8, 0.01), tensor("tangent", .int16, 0x1p-15),
      ],
      nodes: [
        Node(index: 0, operation: Addition(), inputs: [0, 1], outputs: [2]), Node(index: 1, operation: Int16Sigmoid(isTangent: false), inputs: [2], outputs: [3]),
        Node(index: 2, operation: product, inputs: [3, 0], outputs: [4]), Node(index: 3, operation: Int16Sigmoid(isTangent: true), inputs: [1], outputs: [5]),
      ],
      inputs: [0, 1], outputs: [4, 5])
  }

  private func expectTheSameInHardware(_ variants: [Variant], _ hardware: Hardware) throws {
    let workloads = variants.enumerated().map { number, variant in
      Workload(mapping: variant.mapping, images: MemoryImages(variant.mapping), samples: [Workload.Sample(number, variant.inputs)])
    }
    let runs = try SimulatorKind.inProcess.simulator(for: hardware).run([workloads], HostBehaviour())[0].samples
    for (number, variant) in variants.enumerated() {
      let run = try #require(runs.first { $0.sample == number })
      let written = Set(
        run.writes.flatMap { write in
          zip(write.data, write.before).enumerated().map { Byte(step: write.step, address: write.address + $0, value: $1.0, before: $1.1) }
        })
      let differs = written.symmetricDifference(variant.expected).count
      #expect(differs == 0, "\(variant.field.assemblyName): the machines differ in \(differs) writes; \(run.problems)")
    }
  }

  @Test func everyFieldMattersInBothMachines() throws {
    var unseen = Set(LayerField.all), refused = Set<LayerField>(), count = 0
    for (adds, kinds): (Bool, [RandomLayer.Kind]) in [
      (true, [.convolution, .depthwise, .maxPool, .convolutionAdd, .convolutionProduct, .convolutionTable, .softmax]), (false, [.add]),
    ] {
      let hardware = try Self.hardware(adds: adds)
      func networks(_ kinds: [RandomLayer.Kind]) throws -> [(graph: Graph, inputs: [[UInt8]])] {
        try Self.layers(kinds).map { layer in
          let graph = try layer.graph()
          return (graph, layer.inputBytes(graph))
        }
      }
      let int16 = Self.arithmeticOfInt16()
      let variants = try variants(of: networks(kinds), on: hardware, &unseen, &refused)
        + variants(of: networks(adds ? [.convolution] : []), on: hardware, int16: true, &unseen, &refused)
        + variants(of: [(int16, int16.inputs.map { tensor in (0..<20).map { UInt8(truncatingIfNeeded: 91 * $0 + 7 * tensor + 30) } })], on: hardware, &unseen, &refused)
      count += variants.count
      try expectTheSameInHardware(variants, hardware)
    }
    // Of some the machine accepts the one value only that the others imply.
    let ignored = unseen.subtracting(refused).map(\.assemblyName).sorted()
    #expect(ignored.isEmpty, "nothing depends on \(ignored)")
    #expect(count > LayerField.all.count * 2 / 3, "only \(count) of \(LayerField.all.count) fields can be changed; refused: \(unseen.map(\.assemblyName).sorted())")
  }
}
