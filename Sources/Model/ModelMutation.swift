// Small damages to a model file or to a loaded graph, for the fuzzer.
//
// Byte mutations aim at the structure of a file (tables, offsets, names, small
// constants): nine tenths of a model are weights, where damage means nothing.

/// Random damage.
package enum ModelMutation {
  // MARK: Mutations of bytes

  /// The parts of a file that are not contents of buffers over 64 bytes: tables, vtables, names, small constants.
  package static func structure(of bytes: [UInt8]) -> [Range<Int>] {
    var contents: [Range<Int>] = []
    do throws(ModelError) {
      if let buffers = try FlatBuffer(bytes).root().vector(4, "buffers", elementSize: 4) {
        for index in 0..<buffers.count {
          if let data = try buffers.table(index).vector(0, "data", elementSize: 1), data.byteCount > 64 {
            contents.append(data.start..<(data.start + data.byteCount))
          }
        }
      }
    } catch {
      return [0..<bytes.count]
    }
    var ranges: [Range<Int>] = []
    var position = 0
    for range in contents.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > position { ranges.append(position..<range.lowerBound) }
      position = max(position, range.upperBound)
    }
    if position < bytes.count { ranges.append(position..<bytes.count) }
    return ranges
  }

  private static let integers: [UInt32] = [
    0, 1, 2, 3, 4, 8, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
    0xFFFF_FFFE, 0x4000_0000,
  ]
  private static let floats: [Float] = [
    0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, .leastNormalMagnitude,
    .greatestFiniteMagnitude, 1e-30, 1e30, 1 / 256, 0.5,
  ]

  package static func mutate(_ bytes: inout [UInt8], _ structure: [Range<Int>], _ random: inout SplitMix64) {
    let total = structure.reduce(0) { $0 + $1.count }
    guard total > 0, !bytes.isEmpty else { return }
    func place(_ random: inout SplitMix64) -> Int {
      var rest = Int.random(in: 0..<total, using: &random)
      for range in structure {
        if rest < range.count { return min(range.lowerBound + rest, bytes.count - 1) }
        rest -= range.count
      }
      return 0
    }
    func store(_ value: UInt32, size: Int, at position: Int) {
      for index in 0..<size where position + index < bytes.count {
        bytes[position + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index))
      }
    }
    let position = place(&random)
    switch random.next() % 10 {
    case 0: bytes[position] ^= 1 << UInt8(truncatingIfNeeded: random.next() % 8)
    case 1: bytes[position] = UInt8(truncatingIfNeeded: random.next())
    case 2:
      let delta = UInt8(truncatingIfNeeded: Int.random(in: -4...4, using: &random))
      bytes[position] = bytes[position] &+ delta
    case 3: store(integers.randomElement(using: &random) ?? 0, size: 2, at: position & ~1)
    case 4, 5: store(integers.randomElement(using: &random) ?? 0, size: 4, at: position & ~3)
    case 6: store((floats.randomElement(using: &random) ?? 0).bitPattern, size: 4, at: position & ~3)
    case 7:
      // Another word of the file: offsets, lengths and numbers that are plausible elsewhere.
      let source = place(&random) & ~3
      for index in 0..<4 where source + index < bytes.count && (position & ~3) + index < bytes.count {
        bytes[(position & ~3) + index] = bytes[source + index]
      }
    case 8: store(UInt32(truncatingIfNeeded: Int.random(in: -16...16, using: &random)), size: 4, at: position & ~3)
    default:
      if random.next() % 4 == 0 {
        bytes.removeLast(min(Int.random(in: 1...64, using: &random), bytes.count - 1))
      } else {
        bytes[position] = 0
      }
    }
  }

  // MARK: Mutations of a graph

  private static let sizes = [-1, 0, 1, 2, 3, 5, 7, 8, 64, 255, 65_536, 1 << 20, 1 << 31, Int.max]

  package static func mutate(_ graph: inout Graph, _ random: inout SplitMix64) {
    guard let tensor = graph.tensors.indices.randomElement(using: &random),
      let node = graph.nodes.indices.randomElement(using: &random)
    else { return }
    let index = [-7, -1, 0, 1, tensor, graph.tensors.count].randomElement(using: &random) ?? 0
    let size = sizes.randomElement(using: &random) ?? 0
    switch random.next() % 14 {
    case 0:
      if let dimension = graph.tensors[tensor].shape.indices.randomElement(using: &random) {
        graph.tensors[tensor].shape[dimension] = size
      }
    case 1: graph.tensors[tensor].shape.append(size)
    case 2: if !graph.tensors[tensor].shape.isEmpty { graph.tensors[tensor].shape.removeLast() }
    case 3: graph.tensors[tensor].type = ElementType.allCases.randomElement(using: &random) ?? .int8
    case 4: graph.tensors[tensor].quantization.scales = [floats.randomElement(using: &random) ?? 0]
    case 5:
      let zeroPoint = [Int.min, -129, -128, 127, 128, 300, size].randomElement(using: &random) ?? 0
      graph.tensors[tensor].quantization.zeroPoints = [zeroPoint]
    case 6: graph.tensors[tensor].quantization.dimension = size
    case 7: graph.tensors[tensor].quantization.scales.append(1)
    case 8: graph.tensors[tensor].constant = graph.tensors[tensor].constant?.dropLast(3)
    case 9: graph.tensors[tensor].constant = graph.tensors[tensor].isConstant ? nil : [1, 2, 3]
    case 10:
      if let position = graph.nodes[node].inputs.indices.randomElement(using: &random) {
        graph.nodes[node].inputs[position] = index
      }
    case 11: graph.nodes[node].inputs.append(index)
    case 12:
      if let position = graph.nodes[node].outputs.indices.randomElement(using: &random) {
        graph.nodes[node].outputs[position] = index
      }
    default:
      // Constants in a shape that still fits: both sizes of a matrix exchanged.
      graph.tensors[tensor].shape.reverse()
    }
  }
}
