// ADD, MUL by a constant, RELU, RELU6, functions of a byte: layers that look at one byte at a time. PAD: the same with a
// border.
//
// A tensor is a row of pixels of as many channels as suit the array; a byte goes through the array unchanged
// (one tap, a weight of one) and meets the post unit.

import Machine
import Model

extension Addition: Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    let stage = try lowering.postStage(plan, words: [.identity], zero: 0, range: lowering.range(of: plan.input))
    // The scalar unit reads its operands where they are.
    if lowering.scalarAddition == nil { try lowering.addFlat(plan, stage) }
  }
}

extension Multiplication: Lowerable {
  /// By a constant: y = clamp(zy + MBQM((x1 − z1)·w)), w = x2 − z2, a window of one pixel.
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    let graph = lowering.graph
    let constant = plan.node.inputs[plan.input == plan.node.inputs[0] ? 1 : 0]
    let stored = lowering.root(constant)
    guard graph.tensors[stored].isConstant else {
      throw lowering.error(plan, "the product of two computed tensors is not supported by the hardware")
    }
    let values = try repeatingConstant(constant, stored: stored, of: plan.node, in: graph)
    let factors = values.map { Int($0) - graph.tensors[constant].zeroPoint }
    let range = lowering.range(of: plan.input).channels(factors.count)
    let found = try lowering.sumParameters(
      plan, sums: factors.indices.map { min(factors[$0] * range.low[$0], factors[$0] * range.high[$0])
          ... max(factors[$0] * range.low[$0], factors[$0] * range.high[$0]) },
      weightSums: factors, bias: [Int32](repeating: 0, count: factors.count),
      multipliers: [QuantizedMultiplier](repeating: multiplier(plan.node, in: graph), count: factors.count))
    let kept = factors.indices.map { found.constant.contains($0) ? 0 : factors[$0] }
    let stage = try lowering.postStage(
      plan, words: found.words, zero: graph.tensors[plan.node.outputs[0]].zeroPoint, range: found.range)
    try lowering.addFlat(plan, stage, factors: kept)
  }
}

extension Relu: Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    try lowering.addRectifier(plan, table(plan.node, in: lowering.graph), rescales: true)
  }
}

extension Relu6: Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    try lowering.addRectifier(plan, table(plan.node, in: lowering.graph), rescales: lowering.graph.reference == .litert)
  }
}

extension Logistic: Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws { try lowering.addLookup(plan) }
}

extension HyperbolicTangent: Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws { try lowering.addLookup(plan) }
}

extension HardSwish: Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws { try lowering.addLookup(plan) }
}

extension Pad: Lowerable {
  /// The two innermost dimensions with padding are the feeder's rows and row bytes; those before them are steps.
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    let graph = lowering.graph
    let zero = graph.tensors[plan.input].zeroPoint
    let clamp = plan.clamp
    func clamped(_ value: Int) -> Int { min(max(value, clamp.lowerBound), clamp.upperBound) }
    let stage = try lowering.postStage(
      plan, words: [.identity], zero: 0,
      range: ValueRanges(lowering.range(of: plan.input).hull).including(zero).through(clamped))

    // A dimension joins the one before it when it has no padding of its own.
    var dimensions: [(size: Int, before: Int, after: Int)] = []
    for (size, amount) in zip(graph.tensors[plan.input].shape, amounts(plan.node, in: graph)) {
      if amount == (0, 0), let last = dimensions.last {
        dimensions[dimensions.count - 1] = (last.size * size, last.before * size, last.after * size)
      } else {
        dimensions.append((size, amount.before, amount.after))
      }
    }
    while dimensions.count < 2 { dimensions.insert((1, 0, 0), at: 0) }
    let outer = dimensions.dropLast(2), y = dimensions[dimensions.count - 2], x = dimensions[dimensions.count - 1]
    let planes = outer.reduce(1) { $0 * ($1.before + $1.size + $1.after) }
    guard planes <= 4096 else { throw lowering.error(plan, "padding these dimensions needs \(planes) steps, at most 4096") }
    let rowBytes = x.before + x.size + x.after, rows = y.before + y.size + y.after
    for plane in 0..<planes {
      // Coordinates of the plane in the output, and the plane of the input it shows; none in the border.
      var rest = plane, source = 0, step = 1, inside = true
      for dimension in outer.reversed() {
        let whole = dimension.before + dimension.size + dimension.after
        let coordinate = rest % whole - dimension.before
        rest /= whole
        inside = inside && (0..<dimension.size).contains(coordinate)
        source += coordinate * step
        step *= dimension.size
      }
      let shape = WindowShape(
        inputHeight: inside ? y.size : 0, inputWidth: x.size, depth: 1, outputHeight: rows, outputWidth: 1,
        kernelHeight: 1, kernelWidth: 1, padTop: y.before, padLeft: x.before, outputRowStep: rowBytes,
        outputColumnStep: 0)
      let groups = ChannelGroups(rowBytes, of: lowering.elements)
      guard var layout = shape.tapColumns(lowering.machine, groups: groups.count, padByte: zero, maximum: false) else { throw lowering.error(plan, "the column buffer is too small", advice: "enlarge \"patchDepth\"") }
      layout.feed.runBytes = min(lowering.elements, rowBytes)
      try lowering.addStep(
        plan, layout, shape, groups, stage, weights: lowering.ones(),
        inputOffset: inside ? source * y.size * x.size + shape.baseOffset : 0, outputOffset: plane * rows * rowBytes)
    }
  }
}

extension Lowering {
  /// A function of a byte that no layer before it could take over: the byte table of the post unit does all of it.
  mutating func addLookup(_ plan: LayerPlan) throws {
    try addFlat(plan, try postStage(plan, words: [.identity], zero: 0, range: range(of: plan.input)))
  }

  /// A rectifier that no layer before it could take over: clamp, and rescale before where it does.
  /// - Parameter table: the outputs for the stored inputs −128...127.
  mutating func addRectifier(_ plan: LayerPlan, _ table: [Int8], rescales: Bool) throws {
    let zeroIn = rescales ? graph.tensors[plan.input].zeroPoint : 0
    let zeroOut = rescales ? graph.tensors[plan.node.outputs[0]].zeroPoint : 0
    let word = rescales
      ? ParameterWord(bias: -zeroIn, QuantizedMultiplier(rectifierFactor(plan.node, in: graph))) : .identity
    let clamp = plan.clamp
    func end(_ value: Int) -> Int {
      min(max(word.rescaled(value - zeroIn) + zeroOut, clamp.lowerBound), clamp.upperBound)
    }
    // Another rectifier may have narrowed the limits.
    let clamped = table.map { min(max($0, Int8(clamp.lowerBound)), Int8(clamp.upperBound)) }
    guard (-128...127).allSatisfy({ end($0) == Int(clamped[$0 + 128]) }) else {
      // The rescaling overflows in the reference; a table follows it even there.
      var looked = plan
      (looked.table, looked.result, looked.clamp) = (clamped, plan.input, -128...127)
      return try addLookup(looked)
    }
    let range = self.range(of: plan.input).through(end)
    try addFlat(plan, try postStage(plan, words: [word], zero: zeroOut, range: range))
  }

  /// Adds steps that take every byte of the input through the post unit.
  /// - Parameter factors: what bytes are multiplied by, −255...255, repeating; 1 or as many as `stage` has words.
  mutating func addFlat(_ plan: LayerPlan, _ stage: PostStage, factors: [Int]? = nil) throws {
    let count = graph.tensors[plan.output].elementCount
    // Pixels of N bytes; with parameters per channel, of whole periods.
    let period = stage.words.count
    let pixel = period == 1 ? elements : period < elements ? elements / period * period : period
    let parts = factors.map(splitFactors) ?? [[]]
    var start = 0
    while start < count {
      let columns = min(max((count - start) / pixel, 1), LayerField.at(\.array.columns).range.upperBound)
      let channels = min(pixel, count - start)
      // A factor beyond int8 is the sum of several, and the byte is read as often.
      let shape = WindowShape(
        inputHeight: 1, inputWidth: columns, depth: channels, outputHeight: 1, outputWidth: columns, kernelHeight: 1,
        kernelWidth: parts.count, dilationX: 0, outputRowStep: 0, outputColumnStep: channels)
      let groups = ChannelGroups(channels, of: elements)
      guard let layout = shape.tapColumns(machine, groups: groups.count, padByte: 0, maximum: false) else { throw error(plan, "the column buffer is too small", advice: "enlarge \"patchDepth\"") }
      let words: WeightFields
      if factors != nil {
        let taps = parts.flatMap { part in (0..<channels).map { part[$0 % part.count] } }
        words = WeightFields(base: weights.add(pack(taps, shape, layout)), step: 1, groupStep: layout.steps)
      } else {
        words = ones()
      }
      try addStep(
        plan, layout, shape, groups, stage, weights: words, inputOffset: start, outputOffset: start,
        detail: columns * channels == count ? "" : "bytes \(start)..<\(start + columns * channels)")
      start += columns * channels
    }
  }
}

/// Factors of −255...255 as sums of int8: the fewest lists whose elements add up to `factors`.
private func splitFactors(_ factors: [Int]) -> [[Int8]] {
  var rest = factors, parts: [[Int8]] = []
  repeat {
    let part = rest.map { min(max($0, -128), 127) }
    rest = zip(rest, part).map { $0 - $1 }
    parts.append(part.map { Int8($0) })
  } while rest.contains { $0 != 0 }
  return parts
}
