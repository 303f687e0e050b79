// What must hold between a compilation that was read and the network it is of, so that nothing that uses one meets an index
// that points nowhere or a size that does not fit.

import Machine
import Mapper
import Model

/// Checks a compilation that was read; each check throws `FileError` with the place.
struct CompilationCheck {
  let compilation: Compilation
  let graph: Graph
  /// How messages name the file.
  let path: String

  /// More than any cycle count, multiply-accumulates or bytes here.
  private static let largest = 1 << 40
  static let largestSize = 1 << 24

  private func require(_ condition: Bool, _ place: String) throws(FileError) {
    guard condition else { throw .damaged(path, place) }
  }

  /// The hardware: the configuration with the sizes that the file says.
  func hardware(_ configuration: Configuration) throws(FileError) -> Hardware {
    let info = compilation.hardware
    let sizes = [
      info.featureMemoryBytes, info.weightMemoryBytes, info.parameterEntries, info.programWords, info.scalarTables, info.byteTables,
    ] + info.weightDepths
    try require(
      (16...Configuration.int16AccumulatorBits).contains(info.accumulatorBits) && info.weightDepths.count == configuration.elements
        && sizes.allSatisfy { (0...Self.largestSize).contains($0) }, "hardware")
    let needed = compilation.weightDepths
    try require(
      needed.count == info.weightDepths.count && zip(needed, info.weightDepths).allSatisfy { 0 <= $0 && $0 <= $1 }, "weightDepths")
    let extensions = Extensions(Extensions.Kind.allCases.filter { info.extensions.contains("\($0)") })
    let hardware = Hardware(
      configuration: configuration, accumulatorBits: info.accumulatorBits,
      featureRows: info.featureMemoryBytes / configuration.memoryLanes,
      weightDepths: info.weightDepths, parameterEntries: info.parameterEntries,
      programWords: info.programWords, scalarTables: info.scalarTables, byteTables: info.byteTables, extensions: extensions)
    try require(compilation.configuration == configuration.name, "configuration")
    try require(cleanedText(compilation.model) == compilation.model, "model")
    if HardwareInfo(hardware) != info { throw .otherVersion(path) }
    return hardware
  }

  /// The program: instructions that run the steps in order and end as programs do.
  func program(_ hardware: Hardware) throws(FileError) -> [ProgramLine] {
    var lines: [ProgramLine] = [], runs = 0
    try require(compilation.program.count <= hardware.programWords, "program")
    for (index, line) in compilation.program.enumerated() {
      guard let instruction = Instruction(word: line.word) else { throw .damaged(path, "program.\(index)") }
      lines.append(ProgramLine(instruction: instruction, comment: line.comment))
      guard case .command(let command, let step, _) = instruction, command != .halt else { continue }
      try require(step == runs, "program.\(index)")
      runs += 1
    }
    let words = compilation.program.map(\.word)
    try require(runs == compilation.steps.count && Instruction.sealed(words.dropLast()) == words, "program")
    return lines
  }

  /// Channels that are not stored: of tensors between others, whole rows of them, with a view of the rest.
  /// - Returns: them by tensor.
  func channels() throws(FileError) -> [Int: StoredChannels] {
    var channels: [Int: StoredChannels] = [:]
    let wanted = Set(graph.inputs + graph.outputs + graph.states.flatMap { [$0.tensor, $0.next] })
    for (index, constants) in compilation.constantChannels.enumerated() {
      let place = "constantChannels.\(index)", tensor = constants.tensor
      guard let stored = constants.stored else { throw .damaged(path, place) }
      try require(graph.tensors.indices.contains(tensor) && !wanted.contains(tensor) && channels[tensor] == nil, place + ".tensor")
      let bytes = graph.tensors[tensor].byteCount
      try require(bytes == graph.tensors[tensor].elementCount && bytes % stored.count == 0, place + ".channels")
      try require(compilation.views.contains { $0.tensor == tensor }, place + ".tensor")
      channels[tensor] = stored
    }
    return channels
  }

  /// Rows of int16, of every such tensor.
  /// - Returns: them by tensor.
  func int16Rows() throws(FileError) -> [Int: Int16Rows] {
    var rows: [Int: Int16Rows] = [:]
    for (index, pair) in compilation.int16.enumerated() {
      let place = "int16.\(index)"
      try require(graph.tensors.indices.contains(pair.tensor) && rows[pair.tensor] == nil, place + ".tensor")
      let tensor = graph.tensors[pair.tensor], length = pair.rows.length
      try require(tensor.type == .int16 && length > 0 && tensor.elementCount % length == 0, place + ".rows")
      rows[pair.tensor] = pair.rows
    }
    try require(graph.activations.allSatisfy { graph.tensors[$0].type != .int16 || rows[$0] != nil }, "int16")
    return rows
  }

  /// Layers and steps: which belongs to which, what is written, how long it takes.
  func steps() throws(FileError) {
    let steps = compilation.steps, layers = compilation.layers, nodes = Set(graph.nodes.map(\.index))
    for (index, step) in steps.enumerated() {
      let place = "steps.\(index)"
      try require(step.index == index, place + ".index")
      try require(layers.indices.contains(step.layer) && layers[step.layer].steps.contains(index), place + ".layer")
      try require((0...Self.largest).contains(step.predictedCycles), place + ".predictedCycles")
      for tensor in [step.outputTensor, step.before ?? step.outputTensor] {
        try require(
          graph.tensors.indices.contains(tensor) && graph.tensors[tensor].byteCount == graph.tensors[step.outputTensor].byteCount,
          place + (tensor == step.before ? ".before" : ".outputTensor"))
      }
      try require(fits(step.output, step.outputTensor, isWritten: true), place + ".output")
      let placement = compilation.placements.first { $0.tensor == step.output.buffer }
      try require(placement?.address == step.bufferAddress, place + ".bufferAddress")
    }
    for (index, layer) in layers.enumerated() {
      let place = "layers.\(index)"
      try require(
        layer.steps.lowerBound >= 0 && layer.steps.upperBound <= steps.count && steps[layer.steps].allSatisfy { $0.layer == index },
        place + ".steps")
      try require(layer.predictedCycles == steps[layer.steps].reduce(0) { $0 + $1.predictedCycles }, place + ".predictedCycles")
      try require((0...Self.largest).contains(layer.macs), place + ".macs")
      try require((0...layer.macs).contains(layer.computedMACs), place + ".computedMACs")
      try require((0...Self.largest).contains(layer.removedChannels), place + ".removedChannels")
      try require((0...Self.largest).contains(layer.copiedBytes), place + ".copiedBytes")
      try require(layer.nodes.allSatisfy(nodes.contains), place + ".nodes")
      try require([layer.name, layer.operatorName, layer.bound].allSatisfy { cleanedText($0) == $0 }, place + ".name")
    }
  }

  /// Placements and views: bytes that are there.
  func places(_ hardware: Hardware) throws(FileError) {
    let bytes = hardware.featureBytes
    try require((0...bytes).contains(compilation.featureMemoryPeakBytes), "featureMemoryPeakBytes")
    for (index, placement) in compilation.placements.enumerated() {
      try require(graph.tensors.indices.contains(placement.tensor), "placements.\(index).tensor")
      let size = stored(graph.tensors[placement.tensor].byteCount, of: placement.tensor)
      try require(placement.bytes == size, "placements.\(index).bytes")
      try require((0...bytes).contains(placement.address) && placement.address + size <= bytes, "placements.\(index).address")
      try require(
        placement.live.lowerBound >= -1 && placement.live.upperBound <= compilation.steps.count, "placements.\(index).live")
    }
    for (index, view) in compilation.views.enumerated() {
      try require(fits(view.view, view.tensor, isWritten: false), "views.\(index)")
    }
  }

  /// Tensors as the model has them, and inputs and outputs where a host reaches them.
  func tensors(_ mapping: Mapping) throws(FileError) {
    let expected = graph.activations.map { TensorInfo($0, in: mapping) }
    try require(compilation.tensors.count == expected.count, "tensors")
    for (index, pair) in zip(compilation.tensors, expected).enumerated() { try require(pair.0 == pair.1, "tensors.\(index)") }
    for tensor in (graph.inputs + graph.outputs).filter({ !graph.tensors[$0].isConstant }) {
      try require(mapping.address(of: tensor) != nil, "placements")
    }
  }

  /// Whether a view has all elements of the tensor, and each in its buffer.
  private func fits(_ view: View, _ tensor: Int, isWritten: Bool) -> Bool {
    guard graph.tensors.indices.contains(tensor), graph.tensors.indices.contains(view.buffer), view.shape.count == view.strides.count
    else { return false }
    let range = -Self.largestSize...Self.largestSize
    guard range.contains(view.offset), view.shape.count <= 16 else { return false }
    var count = 1, least = view.offset, most = view.offset
    for (size, stride) in zip(view.shape, view.strides) {
      guard (1...Self.largestSize).contains(size), range.contains(stride), !isWritten || size == 1 || stride > 0 else { return false }
      count *= size
      guard count <= Self.largestSize else { return false }
      if stride < 0 { least += (size - 1) * stride } else { most += (size - 1) * stride }
    }
    return count == stored(graph.tensors[tensor].byteCount, of: tensor) && least >= 0
      && most < stored(graph.tensors[view.buffer].byteCount, of: view.buffer)
  }

  /// Of `elements` of a tensor, those that are stored.
  private func stored(_ elements: Int, of tensor: Int) -> Int {
    compilation.constantChannels.first { $0.tensor == tensor }?.stored?.stored(of: elements) ?? elements
  }
}
