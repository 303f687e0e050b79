// The compiler: a network and a configuration become a mapping.

import Machine
import Model

/// Compiles a validated graph for a configuration.
///
/// - Throws: `MappingError` when an operator does not fit the machine, `ConfigurationError` when the configuration
///   is invalid or a fixed size is too small.
public func map(_ graph: Graph, for configuration: Configuration) throws -> Mapping {
  try configuration.validate(source: configuration.name)
  let reach = 1 << (Configuration.addressBits - 1)
  for tensor in graph.activations where graph.tensors[tensor].byteCount > reach {
    throw MappingError(
      source: graph.name,
      message: "\(graph.label(tensor)) has \(graph.tensors[tensor].byteCount) bytes, feature memory at most \(reach); "
        + "use a smaller input")
  }
  let plans = try LayerPlans(graph)
  var lowering = Lowering(graph, configuration, aliases: plans.aliases)
  let layers = plans.plans
  var stepRanges: [Range<Int>] = []
  for (index, plan) in layers.enumerated() {
    let first = lowering.steps.count
    try lowering.lower(plan, layer: index)
    stepRanges.append(first..<lowering.steps.count)
  }

  guard !lowering.steps.isEmpty else {
    throw MappingError(
      source: graph.name, message: "nothing to compute: every output is an input reshaped; give a network with a layer that computes")
  }

  let memory = MemoryPlan(lowering.memoryDemands())
  let addresses = Dictionary(memory.placements.map { ($0.tensor, $0.address) }, uniquingKeysWith: { first, _ in first })
  let addressMask = 1 << Configuration.addressBits - 1
  func address(_ place: TensorPlace) -> Int { ((addresses[place.tensor] ?? 0) + place.offset) & addressMask }

  let timing = Timing(configuration, hasByteTables: lowering.byteTables.count > 0)
  var code = CodeGeneration()
  var steps: [Step] = []
  var times: [StepCycles] = []
  for (index, draft) in lowering.steps.enumerated() {
    let plan = layers[draft.layer]
    var fields = draft.fields
    fields.feed.base = address(draft.input)
    fields.end.base = address(draft.output)
    var notes: [LayerField: String] = [
      .at(\.feed.base): "reads \(graph.label(plan.input))", .at(\.end.base): "writes \(graph.label(plan.output))",
    ]
    if let residual = draft.residual {
      fields.addition.base = address(residual)
      notes[.at(\.addition.base)] = "adds \(graph.label(residual.tensor))"
    }
    let detail = draft.detail.isEmpty ? "" : " (\(draft.detail))"
    code.add(
      fields, draft.command, index: index,
      comment: "layer \(draft.layer) \(plan.operatorName): \(plan.name(in: graph))\(detail)", notes: notes)
    times.append(lowering.cycles.time(of: draft.command, fields, timing))
    steps.append(
      Step(
        index: index, layer: draft.layer, outputTensor: draft.output.tensor,
        outputBase: addresses[draft.output.tensor] ?? 0, sumTensor: draft.sumTensor, predictedCycles: 0))
  }
  code.finish()
  schedule(&steps, times, code.stepWords)

  let hardware = try Hardware(
    configuration,
    for: Hardware.Demand(
      accumulatorBits: lowering.accumulatorBits, featureBytes: memory.peakBytes, weightWords: lowering.weights.words,
      parameterEntries: lowering.parameters.entries, programWords: code.program.count,
      scalarTables: lowering.scalarTables.count, byteTables: lowering.byteTables.count))
  return Mapping(
    graph: graph, hardware: hardware, program: code.program, weights: lowering.weights.bytes,
    parameters: lowering.parameters.words, scalarTables: lowering.scalarTables.tables,
    byteTables: lowering.byteTables.tables, steps: steps,
    layers: zip(layers, stepRanges).map { plan, range in
      var time = StepCycles()
      for step in range { time += times[step] }
      return Layer(
        name: plan.name(in: graph), operatorName: plan.operatorName, nodes: plan.nodes.map(\.index), steps: range,
        macs: plan.nodes.reduce(0) { $0 + $1.operation.multiplyAccumulates($1, in: graph) },
        predictedCycles: steps[range].reduce(0) { $0 + $1.predictedCycles }, bound: time.bound)
    },
    placements: memory.placements, aliases: plans.aliases, featureMemoryPeakBytes: memory.peakBytes)
}

/// When each step ends: its registers are set while the step before runs, one word a cycle.
private func schedule(_ steps: inout [Step], _ times: [StepCycles], _ words: [Int]) {
  var end = Timing.countStart, accepted = Timing.programStart - 1
  for index in steps.indices {
    let ready = accepted + words[index]
    accepted = index == 0 ? ready : max(ready, end + Timing.stepGap)
    let finish = accepted + times[index].cycles
    steps[index].predictedCycles = finish - end
    end = finish
  }
}

extension LayerPlan {
  /// `CONV_2D`, or `CONV_2D + ADD`.
  var operatorName: String { nodes.map(\.operation.name).joined(separator: " + ") }

  /// What people call the layer: the name of its output.
  func name(in graph: Graph) -> String {
    let name = graph.tensors[output].name.filter { $0 != "\n" && $0 != "\r" }
    return name.isEmpty ? "\(node.operation.name)_\(node.index)" : String(name.prefix(80))
  }
}

extension Lowering {
  /// The root tensors that need memory, with the steps in which they live.
  func memoryDemands() -> [MemoryDemand] {
    var first: [Int: Int] = [:], last: [Int: Int] = [:]
    func touch(_ tensor: Int, _ time: Int) {
      first[tensor] = min(first[tensor] ?? time, time)
      last[tensor] = max(last[tensor] ?? time, time)
    }
    for (index, step) in steps.enumerated() {
      touch(step.input.tensor, index)
      touch(step.output.tensor, index)
      if let residual = step.residual { touch(residual.tensor, index) }
    }
    for tensor in graph.inputs { touch(root(tensor), -1) }
    for tensor in graph.outputs where !graph.tensors[root(tensor)].isConstant { touch(root(tensor), steps.count) }
    return first.keys.sorted().map {
      MemoryDemand(tensor: $0, bytes: graph.tensors[$0].byteCount, live: (first[$0] ?? 0)...(last[$0] ?? 0))
    }
  }
}
