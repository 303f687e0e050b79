// Numbers for everything: parameters of every channel, what values can occur, how additions are done.
//
// Layer by layer, because what a layer can be depends on the values that reach it: a channel that has one value only needs
// no weights, sums need as many bits as they have, and an addition may have an affine form for the bytes that occur.

import Machine
import Model

extension Network {
  mutating func settleArithmetic(_ configuration: Configuration) throws {
    var additions = AdditionSolver()
    var settled: [LayerPlan?] = []
    for case var plan? in plans {
      var ranges: [ValueRanges] = []
      for index in plan.parts.indices { ranges.append(try settle(&plan.parts[index], of: plan, configuration)) }
      // The bytes of int16 can be any.
      let isByte = plan.ending.int16Step == nil
      let range = isByte ? joined(zip(plan.parts.map(\.to), ranges), graph.tensors[plan.result].shape.last ?? 1) : .all
      self.ranges[root(plan.result)] = range
      switch plan.ending.tail {
      case .none: settled.append(plan)
      case .table(let table, let name):
        guard configuration.units.tables else { throw missingUnit("tables", name, configuration) }
        self.ranges[root(plan.output)] = range.through(table)
        settled.append(plan)
      case .addition(let added): settled += try choose(added, range, plan, &additions, configuration)
      }
    }
    plans = settled
    if graph.rounding == .exact, let error = roundings.error(in: graph) { throw error }
  }

  private func missingUnit(_ unit: String, _ operation: String, _ configuration: Configuration) -> ConfigurationError {
    ConfigurationError(
      source: configuration.name, message: "\"units.\(unit)\" is false, the network has \(operation); set it to true")
  }

  // MARK: Parts

  /// Gives a part its parameters.
  /// - Returns: the range of its results.
  private mutating func settle(_ part: inout Part, of plan: LayerPlan, _ configuration: Configuration) throws -> ValueRanges {
    let limits = plan.ending.limits
    func limited(_ value: Int) -> Int { min(max(value, limits.lowerBound), limits.upperBound) }
    let input = range(of: part.from)
    switch part.kernel {
    case .softmax:
      guard configuration.units.scalar else { throw missingUnit("scalar", plan.node.operation.name, configuration) }
      return .all
    case .scalarAddition(let added):
      guard configuration.units.scalar else { throw missingUnit("scalar", added.name, configuration) }
      return .all
    case .int16:
      guard configuration.units.scalar else { throw missingUnit("scalar", "\(plan.node.operation.name) of int16", configuration) }
      return .all
    case .maximum where !configuration.units.maximum: throw missingUnit("maximum", plan.node.operation.name, configuration)
    case .product(let product): return try settle(product, &part, of: plan)
    default: break
    }
    if part.isInt16 {
      try settleInt16(&part, of: plan)
      return .all
    }
    if case .wide = part.kernel, case .sums(let bias, let factors, _, let zero) = part.rescaling {
      return try settleWide(&part, bias, factors, zero: zero, of: plan)
    }
    switch part.rescaling {
    case .unchanged, .words:
      var range = input
      if case .sum = part.kernel { range = ValueRanges(input.hull) }
      if case .surround(_, let value) = part.kernel { range = ValueRanges(input.hull).including(Int(value)) }
      part.rescaling = .words([.identity], zero: 0)
      return range.through(limited)
    case .average(let count, let halvesUp):
      guard let word = averageParameters(count: count, halvesUp: halvesUp) else {
        throw plan.error("no multiplier divides exactly by \(count)", in: graph)
      }
      accumulatorBits = max(accumulatorBits, signedBits(-128 * count...127 * count + Int(word.bias)))
      part.rescaling = .words([word], zero: halvesUp ? -128 : 0)
      let isPadded = part.kernel.weightedWindow?.touchesPadding == true
      return (isPadded ? input.including(padByte(part)) : input).through(limited)
    case .sums(let bias, let factors, let zeroIn, let zeroOut):
      let sums = Sums(part.kernel, input, zeroIn: zeroIn, outputs: bias.count)
      var words: [ParameterWord] = [], constant: Set<Int> = []
      var range = ValueRanges(low: [], high: [])
      for channel in bias.indices {
        // A factor of zero makes any sum zero, even one that wraps: the channel is dead.
        let factor = factors[channel], multiplier = factor.multiplier, isDead = multiplier.multiplier == 0
        let folded = isDead ? 0 : Int(bias[channel]) - zeroIn * sums.weights[channel]
        let low = isDead ? 0 : sums.low[channel] + folded, high = isDead ? 0 : sums.high[channel] + folded
        try requireSums(low, high, multiplier, channel: channel, of: plan)
        var word = ParameterWord(bias: folded, multiplier)
        switch factor {
        case .fixedPoint, .reduced: break
        case .once(let real):
          let steps = limits.lowerBound - zeroOut...limits.upperBound - zeroOut
          guard !isDead else { break }
          guard let exact = ParameterWord(bias: folded, roundingOnce: real, low...high, to: steps) else {
            throw plan.error(
              "no multiplier rounds all sums of output channel \(channel) as the reference does", in: graph, advice: "choose another output scale")
          }
          word = exact
        case .float32(let quotient), .nearest(_, let quotient):
          word = ParameterWord(roundingOnce: folded, multiplier)
          let wanted = FloatRequantization(factor: quotient, sums: low...high, zero: zeroOut, limits: limits)
          var difference = wanted.difference(word)
          if difference.sums > 0, graph.rounding == .exact, let exact = wanted.word(bias: folded) {
            word = exact
            difference.sums = 0
          }
          roundings.add(difference, of: plan.node)
        case .ordered(_, let tolerance):
          word = ParameterWord(roundingOnce: folded, multiplier)
          let steps = limits.lowerBound - zeroOut + 1...limits.upperBound - zeroOut
          roundings.add(RoundingDifference(undecided: low...high, multiplier.real, tolerance, steps), of: plan.node)
        }
        let least = limited(word.rescaled(low) + zeroOut), greatest = limited(word.rescaled(high) + zeroOut)
        if !part.kernel.hasOwnWeights {
          let weight = sums.weights[channel]
          accumulatorBits = max(accumulatorBits, signedBits((-128 - zeroIn) * weight...(127 - zeroIn) * weight))
        } else if least == greatest {
          word = .identity
          word.bias = Int32(least - zeroOut)
          constant.insert(channel)
        } else {
          accumulatorBits = max(accumulatorBits, signedBits(low...high))
        }
        words.append(word)
        range.low.append(least)
        range.high.append(greatest)
      }
      if !part.kernel.hasOwnWeights, Set(words).count == 1 { words = [words[0]] }
      if case .bytes(nil) = part.kernel { range = input.through { [word = words[0]] in limited(word.rescaled($0 - zeroIn) + zeroOut) } }
      part.kernel.clearWeights(of: constant)
      part.rescaling = .words(words, zero: zeroOut)
      return range
    }
  }

  /// Parameters of windows over int16. The bytes that the array sees are those of x = 256·h + l + 128, and a row of taps stands there twice.
  private mutating func settleInt16(_ part: inout Part, of plan: LayerPlan) throws(MappingError) {
    guard case .sums(let bias, let factors, _, _) = part.rescaling else {
      part.rescaling = .words([.identity], zero: 0)
      return
    }
    let sums = Sums(part.kernel, .all, zeroIn: 0, outputs: bias.count)
    let words = try bias.indices.map { channel throws(MappingError) in
      let factor = factors[channel]
      // A factor of zero makes any sum zero, even one that wraps.
      guard factor.multiplier.multiplier != 0 else { return ParameterWord(int16: 0, factor) }
      let folded = Int(bias[channel]) + 128 * (sums.weights[channel] / 2)
      let range = 257 * (sums.low[channel] / 2) + folded...257 * (sums.high[channel] / 2) + folded, bits = signedBits(range)
      guard bits <= Configuration.int16AccumulatorBits else {
        throw plan.error(
          "the sum of output channel \(channel) can reach \(range), which needs more than \(Configuration.int16AccumulatorBits) bits", in: graph,
          advice: "use smaller windows")
      }
      guard let folded = Int32(exactly: folded) else {
        throw plan.error(
          "the bias of output channel \(channel) is \(folded) with what int16 adds, which needs more than 32 bits", in: graph,
          advice: "choose larger scales of input or weights")
      }
      if case .fixedPoint(let multiplier) = factor { try requireSums(range.lowerBound, range.upperBound, multiplier, channel: channel, of: plan) }
      accumulatorBits = max(accumulatorBits, bits)
      return ParameterWord(int16: folded, factor)
    }
    part.rescaling = .words(words, zero: 0)
  }

  /// Parameters of sums over weights of digits, of whose products with multipliers the reference computes 64 bits.
  /// - Returns: the range of the results.
  private mutating func settleWide(
    _ part: inout Part, _ bias: [Int32], _ factors: [SumFactor], zero: Int, of plan: LayerPlan
  ) throws(MappingError) -> ValueRanges {
    let sums = Sums(part.kernel, range(of: part.from), zeroIn: 0, outputs: bias.count), limits = plan.ending.limits
    var words: [ParameterWord] = [], range = ValueRanges(low: [], high: [])
    for channel in bias.indices {
      let word = ParameterWord(bias: Int(bias[channel]), factors[channel].multiplier)
      let low = sums.low[channel] + Int(bias[channel]), high = sums.high[channel] + Int(bias[channel])
      guard signedBits(low...high) <= Configuration.int16AccumulatorBits else {
        throw plan.error(
          "the sum of output channel \(channel) can reach \(low)...\(high), which needs more than \(Configuration.int16AccumulatorBits) bits", in: graph,
          advice: "use a shorter memory or a lower rank")
      }
      accumulatorBits = max(accumulatorBits, signedBits(low...high))
      words.append(word)
      let fits = word.roundsExactly(low...high)
      func result(_ sum: Int) -> Int { min(max(word.rescaled(sum) + zero, limits.lowerBound), limits.upperBound) }
      range.low.append(fits ? result(low) : limits.lowerBound)
      range.high.append(fits ? result(high) : limits.upperBound)
    }
    part.rescaling = .words(words, zero: zero)
    return range
  }

  /// Parameters of a product of computed matrices: nothing is folded into them but the bias.
  private mutating func settle(_ product: MatrixProduct, _ part: inout Part, of plan: LayerPlan) throws -> ValueRanges {
    guard case .sums(let bias, let factors, let zeroIn, let zeroOut) = part.rescaling else { return .all }
    let a = range(of: part.from).hull, b = range(of: product.second).hull
    let corners = [a.lowerBound, a.upperBound].flatMap { x in [b.lowerBound, b.upperBound].map { (x - zeroIn) * ($0 - product.zeros.second) } }
    let low = (corners.min() ?? 0) * product.window.depth, high = (corners.max() ?? 0) * product.window.depth
    var words: [ParameterWord] = [], range = ValueRanges(low: [], high: [])
    for (bias, factor) in zip(bias, factors) {
      guard case .fixedPoint(let factor) = factor else {
        throw plan.error("products of computed matrices are not rounded as this network's reference does", in: graph)
      }
      try requireSums(low + Int(bias), high + Int(bias), factor, channel: words.count, of: plan)
      let word = ParameterWord(bias: Int(bias), factor), limits = plan.ending.limits
      accumulatorBits = max(accumulatorBits, signedBits(low + Int(bias)...high + Int(bias)))
      words.append(word)
      range.low.append(min(max(word.rescaled(low + Int(bias)) + zeroOut, limits.lowerBound), limits.upperBound))
      range.high.append(min(max(word.rescaled(high + Int(bias)) + zeroOut, limits.lowerBound), limits.upperBound))
    }
    part.rescaling = .words(Set(words).count == 1 ? [words[0]] : words, zero: zeroOut)
    return range
  }

  /// The reference computes in 32 bits: nothing may wrap there.
  private func requireSums(_ low: Int, _ high: Int, _ factor: QuantizedMultiplier, channel: Int, of plan: LayerPlan) throws(MappingError) {
    let limit = ((1 << 31) - 1024) >> max(factor.exponent, 0)
    guard low > -limit, high < limit else {
      throw plan.error(
        "the sum of output channel \(channel) can reach \(low)...\(high), which overflows in the reference", in: graph,
        advice: "choose a larger output scale")
    }
  }

  /// The values in a box, by its innermost index if that runs along channels.
  private func range(of box: Box) -> ValueRanges {
    let range = range(of: box.tensor), channels = graph.tensors[box.tensor].shape.last ?? 1
    if box.isContiguous, box.count == graph.tensors[box.tensor].elementCount { return range }
    guard let part = box.channels(of: channels) else { return ValueRanges(range.hull) }
    let all = range.channels(channels)
    return ValueRanges(low: Array(all.low[part]), high: Array(all.high[part]))
  }

  /// The values of a tensor that consists of boxes.
  private func joined(_ boxes: some Sequence<(Box, ValueRanges)>, _ channels: Int) -> ValueRanges {
    let boxes = Array(boxes)
    if let first = boxes.first?.1, boxes.allSatisfy({ $0.1 == first }) { return first }
    var result = ValueRanges(low: [Int](repeating: 127, count: channels), high: [Int](repeating: -128, count: channels))
    for (box, range) in boxes {
      let part = box.channels(of: channels)
      let all = part.map { range.channels($0.count) } ?? ValueRanges(range.hull).channels(channels)
      for (index, channel) in (part ?? 0..<channels).enumerated() {
        result.low[channel] = min(result.low[channel], all.low[index])
        result.high[channel] = max(result.high[channel], all.high[index])
      }
    }
    return result
  }

  // MARK: Additions

  /// Decides how an addition is done: affine in the post unit, or in the scalar unit as a layer of its own.
  private mutating func choose(
    _ added: Added, _ range: ValueRanges, _ plan: LayerPlan, _ additions: inout AdditionSolver, _ configuration: Configuration
  ) throws -> [LayerPlan] {
    if added.rule == .product { return try chooseProduct(added, range, plan, &additions, configuration) }
    var plan = plan, problem = AdditionProblem(added)
    let second = secondOperand(of: added, &plan)
    if case .constant(let values) = added.other { problem.seconds = Set(values.map(Int.init)).sorted() }
    var solution = added.join?.isNearest == true ? nil : additions.solve(problem)
    if solution == nil {
      // Not for all bytes; perhaps for those that occur.
      problem.firsts = range.hull
      if added.otherTensor != nil { problem.seconds = Array(second.hull) }
      if added.join?.isNearest != true { solution = additions.solve(problem) }
    }
    solution = withDifferences(solution, added, problem.firsts, problem.seconds)
    guard let affine = solution, configuration.units.residual else {
      guard configuration.units.scalar, added.join == nil else {
        throw missingUnit(
          solution != nil ? "residual" : "scalar", solution != nil ? added.name : "\(added.name) with scales that only the scalar unit can add",
          configuration)
      }
      ranges[root(plan.output)] = .all
      return try inScalarUnit(added, plan)
    }
    settle(affine, added, range, second, &plan)
    return [plan]
  }

  /// The values of the second operand. Those of a constant go into the parameters.
  private func secondOperand(of added: Added, _ plan: inout LayerPlan) -> ValueRanges {
    switch added.other {
    case .tensor(let other): return range(of: other)
    case .constant(let values):
      for index in plan.parts.indices {
        guard case .words(var words, let zero) = plan.parts[index].rescaling else { continue }
        let channel = plan.parts[index].to.offset
        if values.count > 1, words.count == 1 { words = [ParameterWord](repeating: words[0], count: values.count) }
        for word in words.indices { words[word].operand = values[(channel + word) % values.count] }
        plan.parts[index].rescaling = .words(words, zero: zero)
      }
      return ValueRanges(low: values.map(Int.init), high: values.map(Int.init))
    }
  }

  /// Gives a layer the form of its addition, and its results their ranges.
  private mutating func settle(
    _ affine: AffineAddition, _ added: Added, _ range: ValueRanges, _ second: ValueRanges, _ plan: inout LayerPlan
  ) {
    var added = added
    added.affine = affine
    plan.ending.tail = .addition(added)
    let channels = graph.tensors[plan.output].shape.last ?? 1
    let (a, b) = (range.channels(channels), second.channels(channels))
    let corners = (0..<channels).map { channel in
      [a.low, a.high].flatMap { x1 in
        [b.low, b.high].map { x2 in
          min(max(affine.value(x1[channel], x2[channel]) + added.zero, added.limits.lowerBound), added.limits.upperBound)
        }
      }
    }
    ranges[root(plan.output)] = ValueRanges(low: corners.map { $0.min() ?? -128 }, high: corners.map { $0.max() ?? 127 })
  }

  /// The form of an addition: what was found, or in the place of ONNX Runtime's arithmetic, where nothing is equal, what is nearest; then
  /// it is noted for how many pairs of bytes that differs.
  private mutating func withDifferences(
    _ exact: AffineAddition?, _ added: Added, _ firsts: ClosedRange<Int>, _ seconds: [Int]
  ) -> AffineAddition? {
    guard let join = added.join else { return exact }
    var difference = RoundingDifference(sums: 0, of: firsts.count * seconds.count)
    guard exact == nil else {
      roundings.add(difference, of: added.node, pairs: true)
      return exact
    }
    func limited(_ value: Int) -> Int { min(max(value, added.limits.lowerBound), added.limits.upperBound) }
    for x2 in seconds {
      for x1 in firsts where limited(join.exactValue(x1, x2)) != limited(join.nearestValue(x1, x2)) { difference.sums += 1 }
    }
    roundings.add(difference, of: added.node, pairs: true)
    return AffineAddition(nearest: join)
  }

  /// A product is done in the post unit, or not at all.
  private mutating func chooseProduct(
    _ added: Added, _ range: ValueRanges, _ plan: LayerPlan, _ additions: inout AdditionSolver, _ configuration: Configuration
  ) throws -> [LayerPlan] {
    guard configuration.units.residual else { throw missingUnit("residual", "\(added.name) of two computed tensors", configuration) }
    var problem = ProductProblem(added), plan = plan
    let second = secondOperand(of: added, &plan)
    var solution = added.join?.isNearest == true ? nil : additions.solve(problem)
    if solution == nil {
      (problem.firsts, problem.seconds) = (range.hull, second.hull)
      if added.join?.isNearest != true { solution = additions.solve(problem) }
    }
    solution = withDifferences(solution, added, problem.firsts, Array(problem.seconds))
    guard let affine = solution else {
      throw MappingError(
        source: graph.name,
        message: "\(added.label): the product of tensors with these scales has no exact form in the post unit; choose another output scale")
    }
    settle(affine, added, range, second, &plan)
    return [plan]
  }

  /// The addition as a layer of its own, behind one that makes its operand, if that computes anything.
  private func inScalarUnit(_ added: Added, _ plan: LayerPlan) throws -> [LayerPlan] {
    guard added.factor.exponent < 0 else {
      throw MappingError(
        source: graph.name,
        message: "\(added.label): its output scale is less than 1/2^18 of the input scales, "
          + "which the hardware cannot do; choose a larger output scale")
    }
    guard !plan.repeatsOperand(in: graph) else {
      throw MappingError(
        source: graph.name,
        message: "\(added.label): an operand that repeats cannot be added in the scalar unit, and with these scales the post unit cannot; "
          + "choose other scales")
    }
    let count = graph.tensors[plan.output].elementCount
    let first = plan.nodes.firstIndex { $0.outputs == added.node.outputs } ?? 0
    var sum = LayerPlan(
      added.node,
      parts: [
        Part(kernel: .scalarAddition(added), from: Box(whole: plan.result, [count]), to: Box(whole: plan.output, [count]), detail: "no affine form")
      ], output: plan.output)
    sum.nodes = Array(plan.nodes[first...])
    guard first > 0 else { return [sum] }
    var producer = plan
    producer.nodes = Array(plan.nodes[..<first])
    producer.ending.tail = .none
    producer.output = plan.result
    return [producer, sum]
  }
}

extension Box {
  /// The channels that the innermost index runs along, when every other index steps over whole pixels.
  func channels(of count: Int) -> Range<Int>? {
    guard let size = shape.last, let step = strides.last, size == 1 || step == 1 else { return nil }
    guard zip(shape, strides).dropLast().allSatisfy({ $0 == 1 || $1 % count == 0 }) else { return nil }
    let first = offset % count
    return first + size <= count ? first..<first + size : nil
  }
}

/// The intervals of a kernel's sums, per output channel.
private struct Sums {
  /// Of Σ x·w.
  var low: [Int], high: [Int]
  /// Σ w.
  var weights: [Int]

  init(_ kernel: Kernel, _ input: ValueRanges, zeroIn: Int, outputs: Int) {
    (low, high, weights) = ([Int](repeating: 0, count: outputs), [Int](repeating: 0, count: outputs), [Int](repeating: 0, count: outputs))
    switch kernel {
    case .sum(let window, let values):
      let range = padded(input, window, zeroIn)
      for channel in 0..<outputs {
        for tap in 0..<window.taps {
          for index in 0..<window.depth {
            add(Int(values[(channel * window.taps + tap) * window.depth + index]), range.low[index], range.high[index], channel)
          }
        }
      }
    case .wide(let window, let values, let isDivided):
      let range = input.channels(isDivided ? outputs * window.depth : window.depth)
      for index in values.indices {
        let channel = index / (window.taps * window.depth), byte = isDivided ? index : index % window.depth
        add(values[index], range.low[byte], range.high[byte], channel)
      }
    case .each(let window, let values?, let multiplier):
      let range = padded(input, window, zeroIn)
      for channel in 0..<outputs {
        for tap in 0..<window.taps {
          add(Int(values[tap * outputs + channel]), range.low[channel / multiplier], range.high[channel / multiplier], channel)
        }
      }
    case .each(let window, nil, _):
      let range = input.channels(outputs)
      for channel in 0..<outputs { add(window.taps, range.low[channel], range.high[channel], channel) }
    case .bytes(let factors):
      let range = input.channels(outputs)
      for channel in 0..<outputs { add(factors?[channel] ?? 1, range.low[channel], range.high[channel], channel) }
    case .product, .maximum, .surround, .softmax, .scalarAddition, .int16: break
    }
  }

  private func padded(_ input: ValueRanges, _ window: Window, _ zero: Int) -> ValueRanges {
    let range = input.channels(window.depth)
    return window.touchesPadding ? range.including(zero) : range
  }

  private mutating func add(_ weight: Int, _ least: Int, _ greatest: Int, _ channel: Int) {
    weights[channel] += weight
    low[channel] += weight * (weight > 0 ? least : greatest)
    high[channel] += weight * (weight > 0 ? greatest : least)
  }
}

extension Kernel {
  /// Whether weights belong to one channel alone, so that those of a constant channel can become zero.
  fileprivate var hasOwnWeights: Bool {
    switch self {
    case .sum, .each(_, .some, _), .bytes(.some): true
    case .each(_, nil, _), .bytes(nil), .wide, .product, .maximum, .surround, .softmax, .scalarAddition, .int16: false
    }
  }

  /// Makes the weights of some output channels zero.
  fileprivate mutating func clearWeights(of channels: Set<Int>) {
    switch self {
    case .sum(let window, var weights):
      let size = window.taps * window.depth
      for channel in channels { for index in channel * size..<(channel + 1) * size { weights[index] = 0 } }
      self = .sum(window, weights: weights)
    case .each(let window, var weights?, let multiplier):
      let count = weights.count / window.taps
      for channel in channels { for tap in 0..<window.taps { weights[tap * count + channel] = 0 } }
      self = .each(window, weights: weights, multiplier: multiplier)
    case .bytes(var factors?):
      for channel in channels { factors[channel] = 0 }
      self = .bytes(factors: factors)
    default: break
    }
  }
}
