// The compiler: a network and a configuration become a mapping.

import Machine
import Model

/// Compiles a validated graph for a configuration.
///
/// - Parameters:
///   - policy: which of the possible layouts windows get.
///   - keepsConstantChannels: whether channels that can have one value only are computed and stored all the same.
/// - Throws: `MappingError` when an operator does not fit the machine, `ConfigurationError` when the configuration
///   is invalid or does not hold the network, with what does.
public func map(
  _ graph: Graph, for configuration: Configuration, policy: LayoutPolicy = .leastCycles, keepsConstantChannels: Bool = false
) throws -> Mapping {
  do {
    return try map(graph, configuration, policy, keepsConstantChannels, on: nil)
  } catch let error as ConfigurationError where error.advice != nil {
    throw error.saying(whatHolds(configuration, policy) { try? map(graph, $0, $1, keepsConstantChannels, on: nil).hardware })
  }
}

/// Compiles a validated graph for hardware that is there already, which may be larger than the network needs.
///
/// - Throws: `MappingError` when an operator does not fit the machine, `ConfigurationError` when the hardware is too small.
public func map(_ graph: Graph, on hardware: Hardware, policy: LayoutPolicy = .leastCycles) throws -> Mapping {
  try map(graph, hardware.configuration, policy, false, on: hardware)
}

private func map(
  _ graph: Graph, _ configuration: Configuration, _ policy: LayoutPolicy, _ keepsConstantChannels: Bool, on present: Hardware?
) throws -> Mapping {
  try configuration.validate(source: configuration.name)
  let graph = graph.compiled
  try requireReach(graph)
  let part = graph.partition.accelerator
  let rewrites = Rewrite.all.filter { !(keepsConstantChannels && $0.name == Rewrite.removeConstantChannels.name) }
  let (network, lowering) = try lowered(part, rewrites, configuration, policy)
  let plans = network.plans.compactMap { $0 }
  try network.requireReadableOutputs()
  let memory = MemoryPlan(lowering.memoryDemands())
  let weights = lowering.weights.placed
  let tables = present?.byteTables ?? lowering.byteTables.count, extensions = present?.extensions ?? lowering.extensions
  let program = Program(lowering, plans, memory, weights, Timing(configuration, hasByteTables: tables > 0, hasProducts: extensions.contains(.products)))
  let demand = Hardware.Demand(
    accumulatorBits: network.accumulatorBits, featureBytes: memory.peakBytes, weightWords: weights.depths[0], weightDepths: weights.depths,
    parameterEntries: lowering.parameters.entries, programWords: program.lines.count,
    scalarTables: max(lowering.scalarTables.count, lowering.extensions.contains(.int16Arithmetic) ? 1 : 0), byteTables: lowering.byteTables.count, extensions: lowering.extensions)
  try present?.require(demand)
  let hardware = try present ?? Hardware(configuration, for: demand)
  var mapping = Mapping(
    network: graph, hardware: hardware, program: program.lines, weights: weights.bytes, weightDepths: weights.depths,
    parameters: lowering.parameters.words, scalarTables: lowering.scalarTables.tables,
    byteTables: lowering.byteTables.tables, steps: program.steps, layers: program.layers(plans, in: part, network.channels),
    placements: memory.placements + network.nextStates(memory.placements), views: network.views, channels: network.channels, int16: network.int16,
    featureMemoryPeakBytes: memory.peakBytes)
  mapping.roundings = network.roundings
  return mapping
}

/// The layers of a graph as steps, with weights within their budget where the policy keeps it and layouts can.
private func lowered(
  _ graph: Graph, _ rewrites: [Rewrite], _ configuration: Configuration, _ policy: LayoutPolicy
) throws -> (network: Network, lowering: Lowering) {
  let operators = try Network(graph)
  func rewritten(_ policy: LayoutPolicy) throws -> Network {
    var network = operators
    for rewrite in rewrites { try rewrite.run(&network, configuration, policy) }
    return network
  }
  func lower(_ network: Network, _ decided: [Int]? = nil) throws -> Lowering {
    var lowering = try Lowering(network, configuration, policy, decided: decided)
    for case let plan? in network.plans { try lowering.add(plan) }
    return lowering
  }
  let network = try rewritten(policy), fastest = try lower(network), budget = WeightBudget(operators, configuration).bytes
  guard policy.keepsBudget, fastest.weightBytes > budget else { return (network, fastest) }
  // Views may be where they are for layouts that cannot stay: in cycles for 1,024 words, from what few layers notice to what few pay.
  let prices = [64, 256, 1024, 4096, 16384]
  let others = try prices.map { price in
    let network = try rewritten(.priced(price))
    return (network, try lower(network))
  }
  let kept = try ([(network, fastest)] + others).compactMap { network, lowering -> (network: Network, lowering: Lowering)? in
    var lowering = lowering, words = lowering.choices.reduce(0) { $0 + $1.takenWords }
    // What layers have in common is stored once, and may be no longer where layouts are others: then there is less to choose from.
    for _ in 0..<4 where lowering.weightBytes > budget {
      words -= dividedUp(lowering.weightBytes - budget, configuration.dotProduct)
      guard let decided = LayoutChoice.fewestCycles(of: lowering.choices, words: words) else { return nil }
      lowering = try lower(network, decided)
    }
    return lowering.weightBytes <= budget ? (network, lowering) : nil
  }
  let timed = kept.map { network, lowering in
    var lowering = lowering
    return (network: network, lowering: lowering, cycles: lowering.predictedCycles())
  }
  return timed.min { $0.cycles < $1.cycles }.map { ($0.network, $0.lowering) } ?? (network, fastest)
}

extension Lowering {
  /// Bytes that the weights need.
  fileprivate var weightBytes: Int { weights.placed.depths.reduce(0, +) * configuration.dotProduct }
}

extension Network {
  /// The next value of a state lies where the state lies.
  fileprivate func nextStates(_ placements: [Placement]) -> [Placement] {
    graph.states.compactMap { state in
      placements.first { $0.tensor == state.tensor }.map {
        Placement(tensor: state.next, address: $0.address, bytes: $0.bytes, live: $0.live)
      }
    }
  }

  /// Refuses outputs that lie in a state, because its next value is there when they are read.
  fileprivate func requireReadableOutputs() throws(MappingError) {
    let states = Set(graph.states.map(\.tensor))
    for output in graph.outputs where states.contains(view(of: output)?.buffer ?? output) {
      throw MappingError(
        source: graph.name,
        message: "\(graph.label(output)) is an output and the old value of a state, which its new value replaces; give out what is assigned")
    }
  }
}

/// Refuses tensors that addresses cannot reach.
private func requireReach(_ graph: Graph) throws(MappingError) {
  let reach = 1 << (Configuration.addressBits - 1)
  for tensor in graph.activations where graph.tensors[tensor].byteCount > reach {
    throw MappingError(
      source: graph.name,
      message: "\(graph.label(tensor)) has \(graph.tensors[tensor].byteCount) bytes, feature memory at most \(reach); use a smaller input")
  }
}

extension Network {
  /// Where the tensors lie that have no bytes of their own, or fewer than elements.
  fileprivate var views: [Int: View] {
    Dictionary(uniqueKeysWithValues: Set(places.keys).union(channels.keys).union(int16.keys).compactMap { tensor in view(of: tensor).map { (tensor, $0) } })
  }
}

extension LayerFields {
  /// Bytes of the aligning buffer that a stream may leave empty: beside a read there is room for eight steps or fewer.
  fileprivate func reserves(_ configuration: Configuration) -> [Int] {
    guard !mode.contains(.columns) else { return [] }
    let stepBytes = mode.mergedElements * configuration.dotProduct
    return [8, 6, 5, 4, 3, 2, 1].map { configuration.streamBufferBytes - configuration.memoryLanes - $0 * stepBytes }.filter { $0 > 0 }
  }
}

/// A step that begins so long after the one before and takes this time, and the schedule as far as its end.
private struct TimedStep {
  var fields: LayerFields
  var wait: Int, time: StepCycles
  var schedule: Schedule
}

/// The program, and what each of its steps is.
private struct Program {
  var lines: [ProgramLine]
  var steps: [Step] = []
  private var times: [StepCycles] = []

  init(_ lowering: Lowering, _ plans: [LayerPlan], _ memory: MemoryPlan, _ weights: WeightImage.Placed, _ timing: Timing) {
    let graph = lowering.network.graph, configuration = lowering.configuration, addressMask = 1 << Configuration.addressBits - 1
    let addresses = Dictionary((memory.placements + lowering.network.nextStates(memory.placements)).map { ($0.tensor, $0.address) }, uniquingKeysWith: { first, _ in first })
    func address(_ place: BufferPlace) -> Int { ((addresses[place.buffer] ?? 0) + place.offset) & addressMask }
    var cycles = lowering.cycles
    var code = CodeGeneration(), schedule = Schedule(Overlap(configuration: configuration, timing: timing))
    for (index, draft) in lowering.steps.enumerated() {
      let plan = plans[draft.layer]
      var fields = draft.fields
      fields.feed.base = address(draft.input)
      switch draft.output {
      case .buffer(let place): fields.end.base = address(place)
      case .weights(let block, let offset):
        fields.end.base = Configuration.firstWeightAddress + weights.addresses[block] * configuration.weightWordBytes + offset
      }
      if draft.command == .run { fields.weights.base = weights.addresses[fields.weights.base] }
      var notes: [LayerField: String] = [
        .at(\.feed.base): "reads \(graph.label(draft.source))", .at(\.end.base): "writes \(graph.label(plan.output))",
      ]
      if case .weights = draft.output { notes[.at(\.end.base)] = "writes weights" }
      if let residual = draft.residual {
        fields.addition.base = address(residual)
        let verb = !fields.mode.contains(.product) ? "adds" : draft.command == .run ? "multiplies by" : "takes off"
        notes[.at(\.addition.base)] = "\(verb) \(graph.label(residual.buffer))"
      }
      func timed(_ fields: LayerFields) -> TimedStep {
        var schedule = schedule
        let run: OverlappingRun? =
          draft.command == .run
          ? OverlappingRun(
            fields: fields, edges: cycles.time(of: draft.command, fields, timing).edges, writesWeights: draft.output.isWeights) : nil
        let wait = schedule.wait(of: run)
        let time = schedule.add(run, words: code.words(of: fields, draft.command), wait: wait) {
          cycles.time(of: draft.command, fields, timing, behind: $0)
        }
        return TimedStep(fields: fields, wait: wait, time: time, schedule: schedule)
      }
      var step = timed(fields)
      // Who reads far ahead waits longer for bytes that are still to be written, and gains by it only where reads come in bursts.
      if draft.command == .run, index > 0, step.wait != 1 {
        for reserve in fields.reserves(configuration) {
          fields.feed.reserve = reserve
          let other = timed(fields)
          if other.schedule.end < step.schedule.end { step = other }
        }
      }
      schedule = step.schedule
      times.append(step.time)
      let detail = draft.detail.isEmpty ? "" : " (\(draft.detail))"
      code.add(
        step.fields, draft.command, index: index, after: step.wait,
        comment: "layer \(draft.layer) \(plan.operatorName): \(plan.name(in: graph))\(detail)", notes: notes)
      let view = lowering.network.view(of: plan.output) ?? View(whole: plan.output, graph.tensors[plan.output].shape)
      steps.append(
        Step(
          index: index, layer: draft.layer, outputTensor: plan.output, output: view, bufferAddress: addresses[view.buffer] ?? 0,
          before: !plan.ending.hasTail || plan.repeatsOperand(in: graph) ? nil : plan.result, predictedCycles: step.time.cycles))
    }
    code.finish()
    lines = code.program
  }

  /// What people see of the layers.
  func layers(_ plans: [LayerPlan], in graph: Graph, _ stored: [Int: StoredChannels]) -> [Layer] {
    plans.enumerated().map { number, plan in
      let range = (steps.firstIndex { $0.layer == number } ?? 0)..<((steps.lastIndex { $0.layer == number } ?? -1) + 1)
      var time = StepCycles()
      for step in range { time += times[step] }
      let macs = plan.nodes.reduce(0) { $0 + $1.operation.multiplyAccumulates($1, in: graph) }
      return Layer(
        name: plan.name(in: graph), operatorName: plan.operatorName, nodes: plan.nodes.map(\.index), steps: range, macs: macs,
        computedMACs: plan.wholeMACs.map { $0 > 0 ? $0.dividingFullWidth(macs.multipliedFullWidth(by: plan.kernelMACs)).quotient : macs } ?? macs,
        removedChannels: stored[plan.output]?.removed ?? 0,
        copiedBytes: plan.onlyCopies ? plan.parts.reduce(0) { $0 + $1.to.count } : 0,
        predictedCycles: steps[range].reduce(0) { $0 + $1.predictedCycles }, bound: time.bound)
    }
  }
}

extension Lowering {
  /// The buffers that need memory, with the steps in which they live.
  fileprivate func memoryDemands() -> [MemoryDemand] {
    var first: [Int: Int] = [:], last: [Int: Int] = [:]
    func touch(_ buffer: Int, _ time: Int) {
      first[buffer] = min(first[buffer] ?? time, time)
      last[buffer] = max(last[buffer] ?? time, time)
    }
    for (index, step) in steps.enumerated() {
      for place in [step.input, step.residual].compactMap({ $0 }) { touch(place.buffer, index) }
      if case .buffer(let place) = step.output { touch(place.buffer, index) }
    }
    let graph = network.graph
    func buffer(_ tensor: Int) -> Int { network.view(of: tensor)?.buffer ?? tensor }
    for tensor in graph.inputs { touch(buffer(tensor), -1) }
    for state in graph.states {
      touch(state.tensor, -1)
      touch(state.tensor, steps.count)
    }
    for tensor in graph.outputs where !graph.tensors[buffer(tensor)].isConstant { touch(buffer(tensor), steps.count) }
    let next = Set(graph.states.map(\.next))
    return first.keys.filter { !next.contains($0) }.sorted().map {
      MemoryDemand(tensor: $0, bytes: graph.tensors[$0].byteCount, live: (first[$0] ?? 0)...(last[$0] ?? 0))
    }
  }
}
