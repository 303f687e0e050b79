// From plans to steps.
//
// Every operator that runs on the hardware says by an extension of its type how (`Lowerable`). What they share
// is here: the memories' images, the steps so far, the value ranges, and the errors.

import Machine
import Model

/// An operator that can become steps.
protocol Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws
}

/// The state of lowering a graph.
struct Lowering {
  let graph: Graph
  let configuration: Configuration
  let aliases: [Int: Int]
  var weights: WeightImage
  var parameters: ParameterImage
  /// Tables of 256 words for the scalar unit, and of 256 bytes for the post unit.
  var scalarTables = TableImage<UInt32>()
  var byteTables = TableImage<UInt8>()
  /// The layer's addition, when it has no exact affine form: it runs in the scalar unit after the layer's other steps.
  var scalarAddition: ScalarAddition?
  var accumulatorBits = 16
  var steps: [StepDraft] = []
  /// What is known of the root tensors' values.
  var ranges: [Int: ValueRanges] = [:]
  var additions = AdditionSolver()
  var cycles: CycleModel
  /// The layer being lowered.
  private(set) var layer = 0

  init(_ graph: Graph, _ configuration: Configuration, aliases: [Int: Int]) {
    (self.graph, self.configuration, self.aliases) = (graph, configuration, aliases)
    cycles = CycleModel(configuration)
    weights = WeightImage(wordBytes: configuration.weightWordBytes)
    parameters = ParameterImage(lanes: configuration.postLanes)
  }

  /// N.
  var elements: Int { configuration.elements }
  var machine: ArrayShape { ArrayShape(configuration) }

  func root(_ tensor: Int) -> Int { aliases[tensor] ?? tensor }
  func range(of tensor: Int) -> ValueRanges { ranges[root(tensor)] ?? .all }

  /// Lowers one plan as layer `layer`.
  mutating func lower(_ plan: LayerPlan, layer: Int) throws {
    self.layer = layer
    guard let operation = plan.node.operation as? any Lowerable else {
      throw error(plan, "is not supported by the hardware")
    }
    scalarAddition = nil
    try operation.lower(plan, into: &self)
    if let scalarAddition { try addSteps(plan, scalarAddition) }
    guard steps.count <= Instruction.maximumStep + 1 else {
      throw error(plan, "the network needs more than \(Instruction.maximumStep + 1) steps")
    }
  }

  func error(_ plan: LayerPlan, _ what: String, advice: String? = nil) -> MappingError {
    MappingError(
      source: graph.name,
      message: "operator \(plan.node.index) \(plan.node.operation.name), \(graph.label(plan.output)): \(what)"
        + (advice.map { "; \($0)" } ?? ""))
  }

  func missingUnit(_ unit: String, _ operation: String) -> ConfigurationError {
    ConfigurationError(
      source: configuration.name,
      message: "\"units.\(unit)\" is false, the network has \(operation); set it to true")
  }
}

// MARK: The end of a layer

/// What the post unit does with the sums of a layer.
struct PostStage: Sendable {
  /// One word for all channels, or one per channel.
  var words: [ParameterWord]
  var zero: Int
  var clamp: ClosedRange<Int>
  /// The tensor that the post unit writes.
  var output: Int
  /// The tensor that it shows beside it: before the addition or the table.
  var before: Int?
  var addition: Residual?
  /// The number of the byte table that the outputs go through.
  var table: Int?

  /// A fused addition.
  struct Residual: Sendable {
    var affine: AffineAddition
    /// The second tensor; nil for a constant in the parameters.
    var tensor: Int?
    var zero: Int
    var clamp: ClosedRange<Int>
  }

  /// Whether all channels share one word.
  var isUniform: Bool { words.count == 1 }
}

extension Lowering {
  /// Completes a layer's end: the limits, the addition if there is one, and what is known of the output.
  ///
  /// - Parameters:
  ///   - words: one for all channels, or one per channel.
  ///   - range: of the values before the addition.
  mutating func postStage(
    _ plan: LayerPlan, words: [ParameterWord], zero: Int, range: ValueRanges
  ) throws -> PostStage {
    var stage = PostStage(words: words, zero: zero, clamp: plan.clamp, output: root(plan.output))
    if let table = plan.table {
      guard configuration.units.tables else { throw missingUnit("tables", plan.nodes.last?.operation.name ?? "a table") }
      stage.table = byteTables.add(orderedByBits(table).map { UInt8(bitPattern: $0) })
      stage.before = plan.result
      ranges[root(plan.result)] = range
      let reached = range.hull.map { Int(table[$0 + 128]) }
      ranges[root(plan.output)] = ValueRanges((reached.min() ?? -128)...(reached.max() ?? 127))
      return stage
    }
    guard let addition = plan.addition else {
      ranges[root(plan.output)] = range
      return stage
    }
    let result = graph.tensors[plan.output]
    let firstIndex = addition.node.inputs[addition.firstOperand]
    let secondIndex = addition.node.inputs[1 - addition.firstOperand]
    let first = graph.tensors[firstIndex], second = graph.tensors[secondIndex]
    let operation = addition.node
    // The ADD's own output tensor may have been replaced by that of a rectifier with equal quantization.
    let sum = graph.tensors[operation.outputs[0]]
    var problem = AdditionProblem(
      scale1: first.scale, scale2: second.scale, scaleOut: sum.scale, zero1: first.zeroPoint,
      zero2: second.zeroPoint, zeroOut: sum.zeroPoint, low: addition.clamp.lowerBound,
      high: addition.clamp.upperBound, first: -128...127, second: Array(-128...127))
    let secondRange: ValueRanges
    var tensor: Int?
    switch addition.other {
    case .tensor(let other):
      tensor = other
      secondRange = self.range(of: other)
    case .constant(let values):
      problem.second = Set(values.map(Int.init)).sorted()
      secondRange = ValueRanges(low: values.map(Int.init), high: values.map(Int.init))
      if values.count > 1, stage.words.count == 1 {
        stage.words = [ParameterWord](repeating: stage.words[0], count: values.count)
      }
      for index in stage.words.indices { stage.words[index].operand = values[index % values.count] }
    }
    var solution = additions.solve(problem)
    if solution == nil {
      // Not for all bytes; perhaps for those that occur.
      problem.first = range.hull
      if tensor != nil { problem.second = Array(secondRange.hull) }
      solution = additions.solve(problem)
    }
    guard let affine = solution, configuration.units.residual else {
      ranges[root(plan.result)] = range
      ranges[root(plan.output)] = .all
      scalarAddition = try ScalarAddition(addition, isAffine: solution != nil, in: self)
      stage.output = root(plan.result)
      return stage
    }
    stage.before = plan.result
    func end(_ x1: Int, _ x2: Int) -> Int {
      min(max(affine.value(x1, x2) + sum.zeroPoint, addition.clamp.lowerBound), addition.clamp.upperBound)
    }
    let channels = result.shape.last ?? 1
    let a = range.channels(channels), b = secondRange.channels(channels)
    ranges[root(plan.output)] = ValueRanges(
      low: zip(a.low, b.low).map { end($0, $1) }, high: zip(a.high, b.high).map { end($0, $1) })
    stage.addition = PostStage.Residual(affine: affine, tensor: tensor, zero: sum.zeroPoint, clamp: addition.clamp)
    return stage
  }

  /// Parameters of channels that sum products with weights, and which of them are constant.
  ///
  /// - Parameters:
  ///   - sums: per channel, the interval of Σ x·w.
  ///   - weightSums: per channel, Σ w.
  /// - Returns: a word per channel, the range of the rescaled values, and the channels that have one value only:
  ///   their weights must become zero.
  mutating func sumParameters(
    _ plan: LayerPlan, sums: [ClosedRange<Int>], weightSums: [Int], bias: [Int32], multipliers: [QuantizedMultiplier]
  ) throws -> (words: [ParameterWord], range: ValueRanges, constant: [Int]) {
    let zeroIn = graph.tensors[plan.input].zeroPoint
    let zeroOut = graph.tensors[plan.node.outputs[0]].zeroPoint
    var words: [ParameterWord] = [], constant: [Int] = []
    var range = ValueRanges(low: [], high: [])
    for channel in sums.indices {
      let factor = multipliers[channel]
      // A factor of zero makes any sum zero, even one that wraps: the channel is dead.
      let folded = factor.multiplier == 0 ? 0 : Int(bias[channel]) - zeroIn * weightSums[channel]
      let sum = factor.multiplier == 0 ? 0...0 : sums[channel]
      let low = sum.lowerBound + folded, high = sum.upperBound + folded
      // The reference computes in 32 bits: nothing may wrap there.
      let limit = ((1 << 31) - 1024) >> max(factor.exponent, 0)
      guard low > -limit, high < limit else {
        throw error(
          plan, "the sum of output channel \(channel) can reach \(low)...\(high), which overflows in the reference",
          advice: "choose a larger output scale")
      }
      var word = ParameterWord(bias: folded, factor)
      let least = min(max(word.rescaled(low) + zeroOut, plan.clamp.lowerBound), plan.clamp.upperBound)
      let greatest = min(max(word.rescaled(high) + zeroOut, plan.clamp.lowerBound), plan.clamp.upperBound)
      if least == greatest {
        word = .identity
        word.bias = Int32(least - zeroOut)
        constant.append(channel)
      } else {
        accumulatorBits = max(accumulatorBits, signedBits(low...high))
      }
      words.append(word)
      range.low.append(least)
      range.high.append(greatest)
    }
    return (words, range, constant)
  }
}

// MARK: Steps

extension Lowering {
  /// Adds one step of the layer.
  ///
  /// - Parameters:
  ///   - view: the window, as the layout sees it.
  ///   - groups: the channels of the output that the step makes.
  ///   - inputOffset: where `feed.base` points, relative to the tensor.
  mutating func addStep(
    _ plan: LayerPlan, _ layout: WindowLayout, _ view: WindowShape, _ groups: ChannelGroups, _ stage: PostStage,
    weights: WeightFields, inputOffset: Int, outputOffset: Int, detail: String = ""
  ) throws {
    var fields = LayerFields(layout, view, groups)
    fields.weights = weights
    fields.end.zero = stage.zero
    fields.end.low = stage.clamp.lowerBound
    fields.end.high = stage.clamp.upperBound
    let lanes = configuration.postLanes
    if stage.isUniform {
      fields.end.parameterBase = parameters.add([ParameterWord](repeating: stage.words[0], count: lanes))
    } else {
      let entries = dividedUp(groups.size, lanes)
      var block = [ParameterWord](
        repeating: ParameterImage.unused, count: ((groups.count - 1) * entries + dividedUp(groups.last, lanes)) * lanes)
      for channel in 0..<groups.channels {
        block[channel / groups.size * entries * lanes + channel % groups.size] = stage.words[channel % stage.words.count]
      }
      fields.end.parameterBase = parameters.add(block)
      fields.end.parameterStep = 1
      fields.end.parameterGroupStep = entries
    }
    var residual: TensorPlace?
    if let table = stage.table {
      fields.mode.insert(.table)
      fields.table = TableFields(number: table)
    }
    if let addition = stage.addition {
      fields.mode.insert(.residual)
      if addition.tensor == nil { fields.mode.insert(.residualConstant) }
      let affine = addition.affine
      fields.addition = AdditionFields(
        base: 0, a: affine.a, b: affine.b, offset: affine.k, round: affine.round, delta: affine.delta, shift: affine.shift,
        zero: addition.zero, low: addition.clamp.lowerBound, high: addition.clamp.upperBound)
      residual = addition.tensor.map { TensorPlace(tensor: root($0), offset: outputOffset) }
    }
    try addStep(
      plan,
      StepDraft(
        fields: fields, layer: layer, input: TensorPlace(tensor: root(plan.input), offset: inputOffset),
        output: TensorPlace(tensor: stage.output, offset: outputOffset), residual: residual, sumTensor: stage.before, detail: detail))
  }

  /// Adds a finished draft after a last look at what its fields can hold.
  mutating func addStep(_ plan: LayerPlan, _ draft: StepDraft) throws {
    for field in LayerFields.read(by: draft.command, draft.fields.mode) where !field.range.contains(draft.fields[field]) {
      throw error(
        plan, "register \(field.assemblyName) would be \(draft.fields[field]), it holds \(field.range.lowerBound)..."
          + "\(field.range.upperBound)", advice: "the layer is too large for this machine")
    }
    steps.append(draft)
  }
}

extension LayerFields {
  /// A layer up to its sums, and where its outputs go; what the post unit does with them is still to come.
  init(_ layout: WindowLayout, _ view: WindowShape, _ groups: ChannelGroups) {
    self = .zero
    (mode, feed, array, window) = (layout.mode, layout.feed, layout.array, layout.window)
    end = EndFields(
      base: 0, rowStep: view.outputRowStep, columnStep: view.outputColumnStep, groupStep: groups.step, channels: groups.size,
      lastChannels: groups.last, parameterBase: 0, parameterStep: 0, parameterGroupStep: 0, zero: 0, low: 0, high: 0)
  }
}
