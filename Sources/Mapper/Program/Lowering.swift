// From layers to steps: the fields of every command, and the memories that they point into.

import Machine
import Model

/// The memories and steps of a network, while its layers are added one by one.
struct Lowering {
  let network: Network
  let configuration: Configuration
  let policy: LayoutPolicy
  private(set) var weights: WeightImage
  private(set) var parameters: ParameterImage
  /// Tables of 256 words for the scalar unit, and of 256 bytes for the post unit.
  private(set) var scalarTables = TableImage<UInt32>()
  private(set) var byteTables = TableImage<UInt8>()
  private(set) var steps: [StepDraft] = []
  /// What the steps need beside the configuration's units.
  private(set) var extensions: Extensions = []
  var cycles: CycleModel
  /// The choices among layouts, in the order of the windows.
  private(set) var choices: [LayoutChoice] = []
  /// What they shall be; nil: what the policy chooses.
  private let decided: [Int]?
  /// The layer that is added, and its number.
  private var plan: LayerPlan
  private var layer = -1

  /// - Parameter decided: which layout every window gets, by the numbers of `choices`; nil: the one that the policy chooses.
  init(_ network: Network, _ configuration: Configuration, _ policy: LayoutPolicy, decided: [Int]? = nil) throws(MappingError) {
    guard let first = network.plans.lazy.compactMap({ $0 }).first else {
      throw MappingError(
        source: network.graph.name,
        message: "nothing to compute: every output is an input reshaped; give a network with a layer that computes")
    }
    (self.network, self.configuration, self.policy, self.decided, plan) = (network, configuration, policy, decided, first)
    cycles = CycleModel(configuration)
    weights = WeightImage(elements: configuration.elements, dotProduct: configuration.dotProduct)
    parameters = ParameterImage(lanes: configuration.postLanes)
  }

  private var machine: ArrayShape { ArrayShape(configuration) }
  private var graph: Graph { network.graph }

  /// Adds a layer's steps.
  mutating func add(_ plan: LayerPlan) throws {
    self.plan = plan
    layer += 1
    for part in plan.parts {
      guard let geometry = network.geometry(of: part, in: plan) else { throw plan.error("its operands do not lie where the hardware can reach them", in: graph) }
      self.plan.ending.int16Step = network.int16Step(of: part, in: plan)
      switch (part.kernel, geometry) {
      case (.bytes(let factors), .elements(let elements)): try add(elements, part, factors)
      case (.surround(let amounts, let value), .flat(let input, let output, let other)):
        try surround(part, amounts, value, from: input, to: output, residual: other)
      case (.softmax(let table), .flat(let input, let output, _)): try softmax(part, table, from: input, to: output)
      case (.scalarAddition(let added), .flat(let input, let output, let other)):
        try add(added, part, from: input, to: output, other: other)
      case (.int16(let arithmetic), .int16(let operands)): try add(arithmetic, operands, part)
      case (_, .images(let input, let output, let residual)): try windows(part, input, output, residual)
      default: throw plan.error("is not supported by the hardware", in: graph)
      }
    }
    guard steps.count <= Instruction.maximumStep + 1 else {
      throw plan.error("the network needs more than \(Instruction.maximumStep + 1) steps", in: graph)
    }
  }

  /// About what all steps take, where layers overlap: of each layer as long as it keeps the array, or the post unit if that is longer.
  mutating func predictedCycles() -> Int {
    var array = [Int](repeating: 0, count: layer + 1), post = array
    for step in steps {
      array[step.layer] += cycles.time(of: step.command, step.fields).occupied
      if step.command == .run { post[step.layer] += step.fields.drainCycles(lanes: configuration.postLanes) }
    }
    return zip(array, post).reduce(0) { $0 + max($1.0, $1.1) }
  }

  // MARK: Windows

  private mutating func windows(_ part: Part, _ input: View, _ output: View, _ residual: Int?) throws {
    let candidates: [LayoutCandidate], weights: (Int, Int, Int) -> Int8, hasWeights: Bool
    if case .product(let product) = part.kernel { return try multiply(product, part, input, output, residual) }
    func shape(_ window: Window) -> WindowShape {
      WindowShape(
        window: window, inputRowStep: input.strides[1], inputColumnStep: input.strides[2], outputRowStep: output.strides[1],
        outputColumnStep: output.strides[2])
    }
    switch part.kernel {
    case .sum(let window, let values) where part.isInt16:
      candidates = shape(window).int16Candidates(channels: output.shape[3], isByChannel: false, machine)
      weights = { tap, input, output in values[(output * window.taps + tap) * window.depth + input] }
      hasWeights = true
    case .each(let window, let values?, _) where part.isInt16:
      let channels = output.shape[3]
      candidates = shape(window).int16Candidates(channels: channels, isByChannel: true, machine)
      let overColumns = candidates.contains { $0.runs.contains { $0.layout.mode.contains(.columns) } }
      if !overColumns { try plan.requireSpread(window, channels: channels, in: graph) }
      weights = { tap, input, output in input == output ? values[tap * channels + output] : 0 }
      hasWeights = true
    case .sum(let window, let values):
      candidates = shape(window).candidates(channels: output.shape[3], padByte: network.padByte(part), machine)
      weights = { tap, input, output in values[(output * window.taps + tap) * window.depth + input] }
      hasWeights = true
    case .wide(let window, let values, let isDivided):
      let digits = DigitStream.digits(of: values)
      candidates = shape(window).digitCandidates(channels: output.shape[3], digits: digits.count, isDivided: isDivided, machine)
      guard !candidates.isEmpty else {
        throw plan.error("windows over weights of more than 8 bits do not lie where the hardware can reach them", in: graph)
      }
      weights = { tap, input, output in
        digits[tap / window.taps][(output * window.taps + tap % window.taps) * window.depth + input]
      }
      hasWeights = true
      extensions.insert(.digits)
    case .each(let window, let values, let multiplier):
      candidates = shape(window).channelCandidates(multiplier: multiplier, padByte: network.padByte(part), hasWeights: values != nil, machine)
      let channels = output.shape[3]
      weights = { tap, _, output in values.map { $0[tap * channels + output] } ?? 1 }
      hasWeights = values != nil
    case .maximum(let window):
      candidates = part.isInt16
        ? [SharedColumns(shape(window), padByte: -128, maximum: true, isInt16: true, machine)].compactMap { $0.map { LayoutCandidate($0) } }
        : shape(window).channelCandidates(multiplier: 1, padByte: -128, hasWeights: false, maximum: true, machine)
      (weights, hasWeights) = ({ _, _, _ in 1 }, false)
      guard !candidates.isEmpty else {
        throw plan.error(
          "a \(window.kernelHeight)x\(window.kernelWidth) maximum does not fit the column buffer of "
            + "\(machine.dotProduct * machine.patchDepth) entries", in: graph,
          advice: "enlarge \"patchDepth\" (\(machine.patchDepth)) or make the pool smaller")
      }
    default: return
    }
    if part.isInt16 || plan.ending.int16Step != nil { extensions.insert(.int16) }
    for run in candidates[choice(of: candidates, hasWeights: hasWeights)].runs {
      let words = words(for: run.layout, hasWeights: hasWeights, weights)
      for image in 0..<input.shape[0] {
        let offset = output.strides[0] * image + run.outputOffset
        try addStep(
          part, run.layout, weights: words, input: input.buffer,
          from: input.offset + image * input.strides[0] + run.layout.shape.baseOffset, output: output.buffer, to: output.offset + offset,
          residual: residual.map { $0 + offset }, detail: [part.detail, run.detail].filter { !$0.isEmpty }.joined(separator: ", "))
      }
    }
  }

  /// A product of computed matrices: the second one goes to the weight memory, then rows of the first one meet it there.
  private mutating func multiply(_ product: MatrixProduct, _ part: Part, _ input: View, _ output: View, _ residual: Int?) throws {
    guard let second = network.view(of: product.second) else { return }
    let shape = WindowShape(
      window: product.window, inputRowStep: input.strides[1], inputColumnStep: input.strides[2], outputRowStep: output.strides[1],
      outputColumnStep: output.strides[2])
    // A tap's last step takes bytes behind the row: those of the next one.
    guard product.window.depth % machine.dotProduct == 0 || product.window.inputWidth == 1 || input.strides[2] == product.window.depth else {
      throw plan.error("the rows of its first operand do not lie back to back", in: graph)
    }
    let layout = ProductStream(product, shape, columns: output.shape[3], machine), taps = product.constants
    let computed = (0..<product.window.taps).filter { taps[$0 % taps.count] == nil }
    let copies = layout.copies(taps: computed, isDense: second.strides[1] == 1, machine)
    let block = weights.add(
      layout.packed(machine) { tap, _, _ in taps[tap % taps.count] ?? 0 }, elements: layout.groups.size, copies: copies)
    for copy in copies { try add(copy, part, of: second, to: block) }
    try addStep(
      part, layout, weights: WeightFields(base: block, step: 1, groupStep: layout.steps), input: input.buffer, from: input.offset,
      output: output.buffer, to: output.offset, residual: residual, detail: part.detail)
    extensions.insert(.computedWeights)
  }

  /// A step that copies elements of a matrix to the weight memory.
  private mutating func add(_ copy: ProductStream.Copy, _ part: Part, of second: View, to block: Int) throws {
    let lanes = machine.dotProduct
    let shape = WindowShape(
      window: Window(
        inputHeight: copy.runs, inputWidth: copy.columns, depth: copy.run, outputHeight: copy.runs, outputWidth: copy.columns,
        kernelHeight: 1, kernelWidth: 1, dilationX: 0),
      inputRowStep: lanes * second.strides[1], inputColumnStep: second.strides[0], outputRowStep: machine.elements * lanes,
      outputColumnStep: lanes)
    let layout = try columnBuffered(TapColumns(shape, padByte: 0, machine))
    var fields = layout.fields
    fields.weights = ones(layout.groups.size)
    (fields.end.low, fields.end.high) = (-128, 127)
    fields.end.parameterBase = parameters.add([ParameterWord](repeating: .identity, count: configuration.postLanes))
    try addStep(
      StepDraft(
        fields: fields, layer: layer, source: product(part)?.second.tensor ?? part.from.tensor,
        input: BufferPlace(buffer: second.buffer, offset: second.offset + copy.column * second.strides[0] + copy.index * second.strides[1]),
        output: .weights(block: block, offset: copy.place),
        detail: "\(part.detail.isEmpty ? "" : part.detail + ", ")weights"))
  }

  private func product(_ part: Part) -> MatrixProduct? { if case .product(let product) = part.kernel { product } else { nil } }

  /// Which of the candidates is taken, by its number.
  private mutating func choice(of candidates: [LayoutCandidate], hasWeights: Bool) -> Int {
    guard candidates.count > 1 else { return 0 }
    let costs = costs(of: candidates, hasWeights: hasWeights), taken = decided?[choices.count] ?? policy.choose(candidates, costs)
    let options = Set(LayoutPolicy.worthwhile(candidates, costs) + [taken])
    choices.append(LayoutChoice(costs: Dictionary(uniqueKeysWithValues: options.map { ($0, costs[$0]) }), taken: taken))
    return taken
  }

  private mutating func costs(of candidates: [LayoutCandidate], hasWeights: Bool) -> [LayoutCost] {
    // A second operand takes the read port, too.
    var readsOperand = false
    if case .addition(let added) = plan.ending.tail, added.otherTensor != nil { readsOperand = true }
    return candidates.map { candidate in
      var array = 0, post = 0, words = 0
      for run in candidate.runs {
        var fields = run.layout.fields
        if readsOperand { fields.mode.insert(.residual) }
        if plan.ending.int16Step != nil { fields.mode.insert(.int16Output) }
        array += cycles.time(of: .run, fields).occupied
        post += fields.drainCycles(lanes: machine.postLanes)
        guard !run.sharesWeights else { continue }
        words += (hasWeights ? run.layout.groups.count * run.layout.steps : run.layout.wordsOfOnes) * run.layout.elementsInUse(machine)
      }
      // Tiles that wait in a queue keep the post unit as long as any.
      return LayoutCost(cycles: max(array, post), weightWords: words)
    }
  }

  /// Where a layout's weights are, after putting them there; `base` is the number of the block.
  private mutating func words(for layout: some Layout, hasWeights: Bool, _ weight: (Int, Int, Int) -> Int8) -> WeightFields {
    if hasWeights {
      return WeightFields(
        base: weights.add(layout.packed(machine, weight), elements: layout.elementsInUse(machine)), step: 1, groupStep: layout.steps)
    }
    // In column mode every element sees its own channel anyway; a stream picks it by zeros.
    if layout.mode.contains(.columns) { return ones(layout.groups.size) }
    return WeightFields(
      base: weights.add(layout.packedOnes(machine), elements: layout.elementsInUse(machine)), step: layout.wordsOfOnes == 1 ? 0 : 1, groupStep: 0)
  }

  /// A weight word of ones for all steps: every lane of every element passes its byte on.
  private mutating func ones(_ elements: Int) -> WeightFields {
    WeightFields(
      base: weights.add([UInt8](repeating: 1, count: configuration.weightWordBytes), elements: elements), step: 0, groupStep: 0)
  }

  // MARK: Bytes

  private mutating func add(_ elements: Elements, _ part: Part, _ factors: [Int]?) throws {
    if elements.isFlat { return try addFlat(elements, part, factors) }
    var dimensions = elements.dimensions
    let channels = elements.run
    if channels > 1 { dimensions.removeLast() }
    // Columns may not count down; rows may, modulo the address.
    var columns = (size: 1, input: channels, output: channels), rows = (size: 1, input: 0, output: 0)
    if let last = dimensions.last, last.input >= 0 { columns = dimensions.removeLast() }
    if let last = dimensions.popLast() { rows = last }
    var places = [(input: 0, output: 0)]
    for dimension in dimensions {
      places = places.flatMap { place in
        (0..<dimension.size).map { (place.input + $0 * dimension.input, place.output + $0 * dimension.output) }
      }
    }
    let most = 4096
    guard places.count <= most else { throw plan.error("moving these dimensions needs \(places.count) steps, at most \(most)", in: graph) }
    let limit = LayerField.at(\.feed.height).range.upperBound
    for place in places {
      for row in stride(from: 0, to: rows.size, by: limit) {
        for column in stride(from: 0, to: columns.size, by: limit) {
          let shape = WindowShape(
            window: Window(
              inputHeight: min(limit, rows.size - row), inputWidth: min(limit, columns.size - column), depth: channels,
              outputHeight: min(limit, rows.size - row), outputWidth: min(limit, columns.size - column), kernelHeight: 1,
              kernelWidth: 1, dilationX: 0),
            inputRowStep: rows.input & addressMask, inputColumnStep: columns.input, outputRowStep: rows.output,
            outputColumnStep: columns.output)
          let offset = place.output + row * rows.output + column * columns.output
          try add(
            shape, part, factors, from: elements.input + place.input + row * rows.input + column * columns.input, to: elements.output + offset,
            residual: elements.residual.map { $0 + offset }, detail: part.detail)
        }
      }
    }
  }

  private var addressMask: Int { 1 << Configuration.addressBits - 1 }

  /// Bytes one behind the other, as pixels of as many channels as suit the array.
  private mutating func addFlat(_ elements: Elements, _ part: Part, _ factors: [Int]?) throws {
    let count = elements.count, period = part.period, n = machine.elements
    // Pixels of N bytes; with parameters per channel, of whole periods.
    let pixel = period == 1 ? n : period < n ? n / period * period : period
    var start = 0
    while start < count {
      let columns = min(max((count - start) / pixel, 1), LayerField.at(\.array.columns).range.upperBound)
      let channels = min(pixel, count - start)
      let shape = WindowShape(
        window: Window(
          inputHeight: 1, inputWidth: columns, depth: channels, outputHeight: 1, outputWidth: columns, kernelHeight: 1, kernelWidth: 1,
          dilationX: 0),
        inputRowStep: columns * channels, inputColumnStep: channels, outputRowStep: 0, outputColumnStep: channels)
      try add(
        shape, part, factors, from: elements.input + start, to: elements.output + start, residual: elements.residual.map { $0 + start },
        detail: columns * channels == count ? part.detail : "bytes \(start)..<\(start + columns * channels)")
      start += columns * channels
    }
  }

  /// A step that takes every channel of every pixel through the post unit, times its factor.
  private mutating func add(
    _ shape: WindowShape, _ part: Part, _ factors: [Int]?, from: Int, to: Int, residual: Int?, detail: String
  ) throws {
    // A factor beyond int8 is the sum of several, and the byte is read as often.
    let parts = factors.map { factors in (0..<byteTurns(factors)).map { turn in factors.map { byte(of: $0, turn: turn) } } } ?? [[1]]
    var shape = shape
    shape.kernelWidth = parts.count
    let layout = try columnBuffered(TapColumns(shape, padByte: 0, machine))
    try addStep(
      part, layout, weights: words(for: layout, hasWeights: factors != nil) { tap, input, _ in parts[tap][input % parts[tap].count] },
      input: buffer(part.from.tensor), from: from, output: buffer(plan.output), to: to, residual: residual, detail: detail)
  }

  private func columnBuffered(_ layout: TapColumns?) throws(MappingError) -> TapColumns {
    guard let layout else { throw plan.error("the column buffer is too small", in: graph, advice: "enlarge \"patchDepth\"") }
    return layout
  }

  /// The two innermost dimensions with a border are the feeder's rows and row bytes; those before them are steps.
  private mutating func surround(
    _ part: Part, _ amounts: [(before: Int, after: Int)], _ value: Int8, from: Int, to: Int, residual: Int?
  ) throws {
    // A dimension joins the one before it when it has no border of its own.
    var dimensions: [(size: Int, before: Int, after: Int)] = []
    for (size, amount) in zip(part.from.shape, amounts) {
      if amount == (0, 0), let last = dimensions.last {
        dimensions[dimensions.count - 1] = (last.size * size, last.before * size, last.after * size)
      } else {
        dimensions.append((size, amount.before, amount.after))
      }
    }
    while dimensions.count < 2 { dimensions.insert((1, 0, 0), at: 0) }
    let outer = dimensions.dropLast(2), y = dimensions[dimensions.count - 2], x = dimensions[dimensions.count - 1]
    let planes = outer.reduce(1) { $0 * ($1.before + $1.size + $1.after) }
    guard planes <= 4096 else { throw plan.error("padding these dimensions needs \(planes) steps, at most 4096", in: graph) }
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
        window: Window(
          inputHeight: inside ? y.size : 0, inputWidth: x.size, depth: 1, outputHeight: rows, outputWidth: 1, kernelHeight: 1,
          kernelWidth: 1, padTop: y.before, padLeft: x.before),
        inputRowStep: x.size, inputColumnStep: 1, outputRowStep: rowBytes, outputColumnStep: 0)
      let layout = try columnBuffered(TapColumns(shape, channels: rowBytes, padByte: Int(value), machine))
      let offset = plane * rows * rowBytes
      try addStep(
        part, layout, weights: ones(layout.groups.size), input: buffer(part.from.tensor),
        from: from + (inside ? source * y.size * x.size + shape.baseOffset : 0), output: buffer(plan.output), to: to + offset,
        residual: residual.map { $0 + offset }, detail: part.detail)
    }
  }

  // MARK: The scalar unit

  private mutating func softmax(_ part: Part, _ table: [Int32], from: Int, to: Int) throws {
    let (rows, length) = (part.from.shape[0], part.from.shape[1])
    var fields = LayerFields.zero
    fields.array.columns = length
    fields.end.columnStep = length
    fields.scalar.table = scalarTables.add(table.map { UInt32(bitPattern: $0) })
    fields.addition.zero = zero(of: part)
    (fields.addition.low, fields.addition.high) = (-128, 127)
    let limit = LayerField.at(\.feed.rows).range.upperBound
    for first in stride(from: 0, to: rows, by: limit) {
      fields.feed.rows = min(limit, rows - first)
      try addStep(
        .softmax, fields, part, from: from + first * length, to: to + first * length, other: nil)
    }
  }

  /// The steps of an addition: the reference's own arithmetic.
  ///
  ///   y = clamp(zy + MBQM(a1 + a2, m, e))
  ///
  /// Each a_i depends on one byte, so it comes from a table of 256 words: by the byte of a tensor, or by the column of a
  /// constant that repeats along rows. It takes two cycles an element, where the lanes take none.
  private mutating func add(_ added: Added, _ part: Part, from: Int, to: Int, other: Int?) throws {
    let count = part.from.count
    var fields = LayerFields.zero
    fields.scalar = ScalarFields(
      table: scalarTables.add(byBits(added.first.terms)), secondTable: 0, multiplier: Int(added.factor.multiplier),
      shift: -added.factor.exponent)
    fields.addition.zero = added.zero
    (fields.addition.low, fields.addition.high) = (added.limits.lowerBound, added.limits.upperBound)
    if added.rule == .square {
      fields.mode.insert(.product)
      extensions.insert(.products)
    }
    /// Rows of `columns` bytes from byte `start` on, `step` bytes apart.
    func add(start: Int, rows: Int, columns: Int, step: Int) throws {
      let limit = LayerField.at(\.feed.rows).range.upperBound
      for row in stride(from: 0, to: rows, by: limit) {
        let offset = start + row * step
        fields.feed.rows = min(limit, rows - row)
        fields.array.columns = columns
        fields.end.columnStep = step
        try addStep(.add, fields, part, from: from + offset, to: to + offset, other: other.map { $0 + offset })
      }
    }
    switch added.other {
    case .tensor:
      fields.scalar.secondTable = scalarTables.add(byBits(added.second.terms))
      let columns = min(count, 1 << 12)
      try add(start: 0, rows: count / columns, columns: columns, step: columns)
      let done = count / columns * columns
      if done < count { try add(start: done, rows: 1, columns: count - done, step: 0) }
    case .constant(let values):
      fields.mode.insert(.residualConstant)
      // A table holds the terms of 256 columns.
      for start in stride(from: 0, to: values.count, by: 256) {
        let some = values[start..<min(start + 256, values.count)]
        fields.scalar.secondTable = scalarTables.add(some.map { UInt32(bitPattern: added.second.terms[Int($0) + 128]) })
        try add(start: start, rows: count / values.count, columns: some.count, step: values.count)
      }
    }
  }

  /// The step of rows of int16.
  private mutating func add(_ arithmetic: Int16Arithmetic, _ operands: Int16Operands, _ part: Part) throws {
    var fields = LayerFields.zero
    let isNarrow = part.to.shape != part.from.shape
    if !isNarrow { fields.mode.insert(.int16Output) }
    (fields.feed.rows, fields.array.columns) = (operands.rows, operands.columns)
    fields.scalar = ScalarFields(
      table: arithmetic.lines.isEmpty ? 0 : scalarTables.add(arithmetic.lines), secondTable: 0, multiplier: Int(arithmetic.factor.multiplier),
      shift: arithmetic.rule.isOfTwo ? -arithmetic.factor.exponent : arithmetic.rule.lineShift)
    (fields.scalar.rule, fields.scalar.firstStep, fields.scalar.secondStep) = (arithmetic.rule.rawValue, operands.first.step, operands.second?.step ?? 0)
    (fields.scalar.secondMultiplier, fields.scalar.secondShift) = (arithmetic.secondMultiplier, arithmetic.secondShift)
    (fields.addition.zero, fields.end.int16Low, fields.end.int16High) = (arithmetic.zero, arithmetic.limits.lowerBound, arithmetic.limits.upperBound)
    (fields.end.int16Step, fields.end.columnStep) = (operands.output.step, (isNarrow ? 1 : 2) * operands.output.step)
    extensions.formUnion([.int16, .int16Arithmetic])
    try addStep(.int16, fields, part, from: operands.first.base, to: operands.output.base, other: operands.second?.base)
  }

  /// Terms ordered by the operand's bits, from those by its value −128...127.
  private func byBits(_ terms: [Int32]) -> [UInt32] { orderedByBits(terms).map { UInt32(bitPattern: $0) } }

  private mutating func addStep(_ command: Command, _ fields: LayerFields, _ part: Part, from: Int, to: Int, other: Int?) throws {
    var residual: BufferPlace?
    if let tensor = part.kernel.scalarOperand, let other { residual = BufferPlace(buffer: buffer(tensor), offset: other) }
    try addStep(
      StepDraft(
        command: command, fields: fields, layer: layer, source: part.from.tensor, input: BufferPlace(buffer: buffer(part.from.tensor), offset: from),
        output: .buffer(BufferPlace(buffer: buffer(plan.output), offset: to)), residual: residual, detail: part.detail))
  }

  // MARK: Steps

  private func buffer(_ tensor: Int) -> Int { network.view(of: tensor)?.buffer ?? tensor }

  private func words(of part: Part) -> [ParameterWord] { if case .words(let words, _) = part.rescaling { words } else { [] } }
  private func zero(of part: Part) -> Int { if case .words(_, let zero) = part.rescaling { zero } else { 0 } }

  /// Adds one step of the array and the post unit.
  private mutating func addStep(
    _ part: Part, _ layout: some Layout, weights: WeightFields, input: Int, from: Int, output: Int, to: Int, residual: Int?,
    detail: String
  ) throws {
    var fields = layout.fields
    fields.weights = weights
    fields.end.zero = zero(of: part)
    let limits = plan.ending.limits
    if let step = plan.ending.int16Step {
      fields.mode.insert(.int16Output)
      (fields.end.int16Step, fields.end.int16Low, fields.end.int16High) = (step, limits.lowerBound, limits.upperBound)
    } else {
      (fields.end.low, fields.end.high) = (limits.lowerBound, limits.upperBound)
    }
    let words = words(of: part), lanes = configuration.postLanes, groups = layout.groups
    if words.count == 1 {
      fields.end.parameterBase = parameters.add([ParameterWord](repeating: words[0], count: lanes))
    } else {
      let entries = dividedUp(groups.size, lanes)
      var block = [ParameterWord](
        repeating: ParameterImage.unused, count: ((groups.count - 1) * entries + dividedUp(groups.last, lanes)) * lanes)
      for channel in 0..<groups.channels {
        block[channel / groups.size * entries * lanes + channel % groups.size] = words[layout.channel(channel) % words.count]
      }
      fields.end.parameterBase = parameters.add(block)
      fields.end.parameterStep = 1
      fields.end.parameterGroupStep = entries
    }
    var place: BufferPlace?
    switch plan.ending.tail {
    case .none: break
    case .table(let table, _):
      fields.mode.insert(.table)
      fields.table = TableFields(number: byteTables.add(orderedByBits(table).map { UInt8(bitPattern: $0) }))
    case .addition(let added):
      guard let affine = added.affine else { throw plan.error("its addition was not settled", in: graph) }
      fields.mode.insert(.residual)
      if added.otherTensor == nil { fields.mode.insert(.residualConstant) }
      fields.addition = AdditionFields(
        base: 0, a: affine.a, b: affine.b, offset: affine.k, round: affine.round, delta: affine.delta, shift: affine.shift,
        zero: added.zero, low: added.limits.lowerBound, high: added.limits.upperBound)
      if let zeros = affine.product {
        fields.mode.insert(.product)
        extensions.insert(.products)
        (fields.addition.firstZero, fields.addition.secondZero) = (zeros.first, zeros.second)
      }
      if let tensor = added.otherTensor, let residual { place = BufferPlace(buffer: buffer(tensor), offset: residual) }
    }
    try addStep(
      StepDraft(
        fields: fields, layer: layer, source: part.from.tensor, input: BufferPlace(buffer: input, offset: from), output: .buffer(BufferPlace(buffer: output, offset: to)),
        residual: place, detail: detail))
  }

  /// Adds a finished draft after a last look at what its fields can hold.
  private mutating func addStep(_ draft: StepDraft) throws {
    for field in LayerFields.read(by: draft.command, draft.fields.mode) where !field.range.contains(draft.fields[field]) {
      throw plan.error(
        "register \(field.assemblyName) would be \(draft.fields[field]), it holds \(field.range.lowerBound)..."
          + "\(field.range.upperBound)", in: graph, advice: "the layer is too large for this machine")
    }
    steps.append(draft)
  }
}

/// A table over −128...127 in the order of the bits: 0...127, then −128...−1.
func orderedByBits<Entry>(_ table: [Entry]) -> [Entry] { Array(table[128...] + table[..<128]) }
