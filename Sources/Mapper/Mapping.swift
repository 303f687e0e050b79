// The result of compiling a network: a program, the contents of the memories, and what happens where.
//
// Everything that a host loads is here (program, weights, parameters, tables), and everything that
// a person or a checker wants to know about it: which step writes which tensor, where tensors lie in feature
// memory and for how long, and how many cycles each step should take.

import Machine
import Model

/// One `run` or command of the scalar unit of the program.
public struct Step: Sendable, Equatable, Codable {
  /// Position among the steps; the number that the instruction carries and the trace port shows.
  public var index: Int
  /// The layer it belongs to, an index into `Mapping.layers`.
  public var layer: Int
  /// The tensor it writes, wholly or in part.
  public var outputTensor: Int
  /// Where that tensor lies in its buffer.
  public var output: View
  /// Feature-memory address of byte 0 of the buffer: a trace address less this is the byte of the buffer.
  public var bufferAddress: Int
  /// With a fused addition or table, the tensor before it, element by element at the same places.
  public var before: Int?
  /// Cycles from the end of the step before to the end of this one.
  public var predictedCycles: Int
}

/// One operator that runs on the hardware; fused operators belong to the layer that does their work.
public struct Layer: Sendable, Equatable, Codable {
  /// The name of the tensor it makes, or the operator's name and number.
  public var name: String
  /// `CONV_2D`, or `CONV_2D + ADD`.
  public var operatorName: String
  /// The operators' numbers in the file, in the order of execution.
  public var nodes: [Int]
  public var steps: Range<Int>
  /// Multiply-accumulates as the field counts them, those on padding included.
  public var macs: Int
  /// Of these, those that are left without constant channels.
  public var computedMACs: Int
  /// Channels of its output that are constant and not computed.
  public var removedChannels: Int
  /// Bytes that it moves and computes nothing of; 0 for a layer that computes.
  public var copiedBytes: Int
  public var predictedCycles: Int
  /// What takes most of its time: `array`, `reads`, `post` or `latency`.
  public var bound: String
}

/// Where a tensor lies in feature memory, and while which steps.
public struct Placement: Sendable, Equatable, Codable {
  public var tensor: Int
  public var address: Int
  public var bytes: Int
  /// Step indices; −1 is before the program, the number of steps after it.
  public var live: ClosedRange<Int>
}

/// A program word and what it is for.
public struct ProgramLine: Sendable, Equatable {
  public var instruction: Instruction
  /// Without newlines; may be empty.
  public var comment: String

  public init(instruction: Instruction, comment: String) { (self.instruction, self.comment) = (instruction, comment) }
}

/// A network compiled for one accelerator.
public struct Mapping: Sendable {
  /// The network as the user has it, with what the host does.
  public var network: Graph
  /// What of it runs on the accelerator.
  public var graph: Graph
  public var hardware: Hardware
  public var program: [ProgramLine]
  /// The weight memory: words of N·C bytes, byte (n, t) of a word at n·C + t.
  public var weights: [UInt8]
  /// Of these words, those that each element needs: what lies beyond is zero and need not be there.
  public var weightDepths: [Int]
  /// The parameter memory: Q words per entry.
  public var parameters: [ParameterWord]
  /// The scalar unit's tables, 256 words each.
  public var scalarTables: [[UInt32]]
  /// The post unit's tables, 256 bytes each, by the input's bits.
  public var byteTables: [[UInt8]]
  public var steps: [Step]
  public var layers: [Layer]
  public var placements: [Placement]
  /// Where the tensors lie that have no bytes of their own (reshaped, concatenated, split and sliced ones), and those of which not all channels are
  /// stored: a view then has the stored elements.
  public var views: [Int: View]
  /// Tensors of which some channels are constant and not stored.
  public var channels: [Int: StoredChannels]
  /// How tensors of int16 lie.
  public var int16: [Int: Int16Rows]
  public var featureMemoryPeakBytes: Int
  /// Where outputs differ from those of ONNX Runtime; none for networks of other formats, and for mappings that were written down.
  public var roundings = RoundingDifferences()

  /// A mapping from its parts, for one that was written down.
  /// - Parameter network: validated.
  public init(
    network: Graph, hardware: Hardware, program: [ProgramLine], weights: [UInt8], weightDepths: [Int], parameters: [ParameterWord],
    scalarTables: [[UInt32]],
    byteTables: [[UInt8]], steps: [Step], layers: [Layer], placements: [Placement], views: [Int: View],
    channels: [Int: StoredChannels], int16: [Int: Int16Rows], featureMemoryPeakBytes: Int
  ) {
    (self.network, graph) = (network, network.partition.accelerator)
    (self.hardware, self.program, self.weights, self.parameters) = (hardware, program, weights, parameters)
    self.weightDepths = weightDepths
    (self.scalarTables, self.byteTables, self.steps, self.layers) = (scalarTables, byteTables, steps, layers)
    (self.placements, self.views, self.channels, self.int16) = (placements, views, channels, int16)
    self.featureMemoryPeakBytes = featureMemoryPeakBytes
  }

  public var predictedCycles: Int { steps.reduce(0) { $0 + $1.predictedCycles } }
  public var macs: Int { layers.reduce(0) { $0 + $1.macs } }
  /// Of these, those that are left without constant channels.
  public var computedMACs: Int { layers.reduce(0) { $0 + $1.computedMACs } }
  /// Bytes of weight memory that the network needs.
  public var weightBytes: Int { weightDepths.reduce(0, +) * hardware.configuration.dotProduct }

  /// Where a tensor lies in its buffer.
  public func view(of tensor: Int) -> View { views[tensor] ?? View(whole: tensor, graph.tensors[tensor].shape) }

  /// How many bytes a tensor has where it lies: fewer than elements when it has constant channels.
  public func storedBytes(of tensor: Int) -> Int {
    let bytes = graph.tensors[tensor].byteCount
    return channels[tensor]?.stored(of: bytes) ?? bytes
  }

  /// The bytes of a tensor in the order in which they lie: of int16 rows of high and of low bytes, else the elements.
  /// - Parameter bytes: little-endian elements in C order; others than the tensor has stay as they are.
  public func stored(_ bytes: [UInt8], of tensor: Int) -> [UInt8] {
    guard let rows = int16[tensor], bytes.count == graph.tensors[tensor].byteCount else { return bytes }
    return rows.stored(bytes)
  }

  /// Little-endian elements in C order, from the bytes in the order in which they lie.
  public func loaded(_ bytes: [UInt8], of tensor: Int) -> [UInt8] {
    guard let rows = int16[tensor], bytes.count == graph.tensors[tensor].byteCount else { return bytes }
    return rows.loaded(bytes)
  }

  /// The byte of its output tensor, in the order in which they lie, that a step writes in a byte of the buffer; nil when there is none.
  public func element(at byte: Int, of step: Step) -> Int? {
    step.output.element(at: byte).map { channels[step.outputTensor]?.element(at: $0) ?? $0 }
  }

  /// The byte of its buffer that holds a byte of a tensor, of `stored`; nil for an element that is not stored, because it is always `constant`.
  public func byte(of element: Int, in tensor: Int) -> Int? {
    guard let channels = channels[tensor] else { return view(of: tensor).byte(of: element) }
    return channels.constant(of: element) == nil ? view(of: tensor).byte(of: channels.place(of: element)) : nil
  }

  /// The only value of an element that is not stored; nil for one that is.
  public func constant(of element: Int, in tensor: Int) -> UInt8? {
    channels[tensor]?.constant(of: element).map { UInt8(bitPattern: $0) }
  }

  /// The feature-memory address of a tensor's bytes; nil for constants, for tensors that fusing made disappear, and for those
  /// whose bytes do not lie one behind the other or are not all there. Inputs and outputs of the graph always have one.
  public func address(of tensor: Int) -> Int? {
    let view = view(of: tensor)
    guard view.isContiguous, channels[tensor] == nil else { return nil }
    return placements.first { $0.tensor == view.buffer }.map { $0.address + view.offset }
  }
}

/// Why a network cannot be compiled.
public struct MappingError: Error, Hashable, CustomStringConvertible, Sendable {
  /// The network's name.
  public var source: String
  /// One line: what, where (operator, tensor), what to do.
  public var message: String
  public init(source: String, message: String) { (self.source, self.message) = (source, message) }
  public var description: String { "\(source): \(message)" }
}
