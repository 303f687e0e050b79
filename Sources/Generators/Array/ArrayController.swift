// Array controller: turns arriving data into steps and tiles.
//
// Every cycle it may issue one step: the operand (C bytes from the aligning buffer for each element that shares an output, or C
// neighbouring columns)
// and the weight word of the step set out together. A tile's last step must not come before there is room for its sums. Where only
// the shadow registers hold them, the previous tile must have drained; a drain takes a known number of cycles and never stalls, so a
// countdown decides, and no signal runs back from the post unit. Where tiles wait in a queue, those in it are counted.

import HDL
import Machine

struct ArrayController: Engine {
  let configuration: Configuration
  let weightWords: Int
  let extensions: Extensions
  var weightAddressBits: Int { indexBits(weightWords) }
  var streamRead: StreamRead { StreamRead(configuration) }
  var columnRead: ColumnRead { ColumnRead(configuration) }
  var elementSteps: ElementSteps { ElementSteps(configuration, extensions) }
  let settings = Target(ConfigurationBus())
  let control = Target(LayerControl())
  // To the buffers, in the cycle of the step.
  let stream = Initiator(\Self.streamRead)
  let columns = Initiator(\Self.columnRead)
  /// The array is done with this many columns.
  @Output() var release: Bit
  @Output(16) var releaseColumns: Unsigned
  /// To the weight memory, one cycle after the step.
  @Output(\Self.weightAddressBits) var weightAddress: Unsigned
  let steps = Initiator(\Self.elementSteps)
  /// The array wanted to step and could not.
  @Output() var stalled: Bit
  /// A tile leaves the queue of finished tiles.
  @Input() var tileLeaves: Bit
  /// The step before asked for a weight word that does not exist.
  let fault = Initiator(Fault())

  init(_ configuration: Configuration, weightWords: Int, extensions: Extensions = []) {
    (self.configuration, self.weightWords, self.extensions) = (configuration, weightWords, extensions)
  }
  var moduleName: String { "array_controller" }
  var documentation: String { "Issues the steps of every tile: operand, weight address, and when to clear and capture." }

  func body() {
    let layer = LayerCopies(settings)
    let columnMode = layer[.columns]
    let walk = WalkRegisters(.array, layer)
    let active = Register<Bit>("active")
    let step = Wire<Bit>("step")
    let tileDone = (step.value & walk.ends("pass")).named("tileDone")
    let advance = windowAdvance(layer, walk)
    let hasColumns = columnsReady(layer, walk, advance.columns, step.value, tileDone)
    let dataReady = select(columnMode, hasColumns, stream.available).named("dataReady")
    let isTileFree = configuration.hasTileQueue ? queueReady(walk, tileDone) : shadowReady(layer, walk, tileDone)
    step.value = active.value & dataReady & isTileFree
    stalled = active.value & !step.value

    walk.drive(begin: control.begin, advance: step.value)
    When(control.begin) {
      active.value = true
    }.ElseWhen(step.value & walk.ends("group")) {
      active.value = false
    }
    When(control.abort) { active.value = false }
    let counts: [KeyPath<LayerFields, Int>] = [\.array.columns, \.array.passes, \.array.passSteps, \.end.channels, \.end.lastChannels]
    control.invalid = any(counts.map { !layer[$0].anyBitSet })
    control.finished = (step.value & walk.ends("group")).named("finishing")
    control.moves = step.value

    stream.pop = step.value & !columnMode
    for (flag, level) in zip(LayerMode.mergedFlags(upTo: configuration.mergedElements), stream.merged.levels) { level.isAsked = layer[flag] }
    readColumns(layer, walk, advance, step.value, tileDone)
    takeWeights(layer, walk, step.value)
    tellElements(layer, walk, step.value, tileDone)
  }

  // MARK: whether a step can be

  /// How far the window moves after this tile, in columns and in rows of the banks.
  private func windowAdvance(_ layer: LayerCopies, _ walk: WalkRegisters) -> (columns: Unsigned, rows: Unsigned) {
    let inLastColumn = (walk.turn("column") &+ 1 === layer[\.array.columns]).named("inLastColumn")
    return (
      select(inLastColumn, layer[\.window.rowAdvance], layer[\.window.advance]).named("advance"),
      select(inLastColumn, layer[\.window.rowAdvanceRows], layer[\.window.advanceRows]).named("advanceRows")
    )
  }

  /// Complete columns from the first of the window, against those the pass looks at. A tile may release columns
  /// that have not come yet, where the stride is longer than the window: then there are less than none.
  private func columnsReady(_ layer: LayerCopies, _ walk: WalkRegisters, _ advance: Unsigned, _ step: Bit, _ tileDone: Bit) -> Bit {
    let complete = Register<Signed>("complete", 17), needed = Register<Unsigned>("needed", 16)
    let passes = layer[\.array.passes], windowColumns = layer[\.window.columns]
    let passAdvance = select(layer[.maximum], Unsigned(1, width: 16), Unsigned(configuration.dotProduct)).named("passAdvance")
    let neededFirst = select((passes === 1).named("onePass"), windowColumns, passAdvance).named("neededFirst")
    When(control.begin | tileDone) {
      needed.value = neededFirst
    }.ElseWhen(step & walk.ends("entry")) {
      needed.value = select(walk.turn("pass") &+ 2 === passes, windowColumns, needed.value &+ passAdvance)
    }
    let releasing = (tileDone & layer[.columns]).named("releasing")
    let arrived = columns.completed.asUnsigned.extended(to: 17).asSigned
    let gone = select(releasing, advance, 0).named("gone").extended(to: 17).asSigned
    When(control.begin) {
      complete.value = 0
    }.Else {
      complete.value = complete.value &+ arrived &- gone
    }
    release = releasing
    releaseColumns = advance
    return (complete.value >= needed.value.extended(to: 17).asSigned).named("columnsReady")
  }

  /// Shadow registers: a tile's last step waits while chunks of the previous tile are still to drain.
  private func shadowReady(_ layer: LayerCopies, _ walk: WalkRegisters, _ tileDone: Bit) -> Bit {
    let hasInt16 = extensions.contains(.int16), width = 12 + (hasInt16 ? Timing.longestChunk.log2 : 0)
    let draining = Register<Unsigned>("draining", width), lanes = configuration.postLanes
    let inLastGroup = (walk.turn("group") &+ 1 === layer[\.feed.groups]).named("inLastGroup")
    let channels = select(inLastGroup, layer[\.end.lastChannels], layer[\.end.channels]).named("channelsOfTile")
    let chunks = ((channels &+ Unsigned(lanes - 1)) >> lanes.log2).named("chunks").extended(to: 12)
    let cycles = hasInt16
      ? select(layer[.int16Output], concatenate([Unsigned(0, width: width - 12), chunks]), chunks.extended(to: width)).named("drainCycles")
      : chunks
    When(tileDone) {
      draining.value = cycles &- 1
    }.ElseWhen(draining.value !== 0) {
      draining.value = draining.value &- 1
    }
    // The next layer does not wait for what a stopped one had to drain.
    When(control.abort) { draining.value = 0 }
    return (!walk.ends("pass") | (draining.value === 0)).named("shadowReady")
  }

  /// The queue: a tile's last step waits while as many tiles as it holds are finished and have not left it.
  private func queueReady(_ walk: WalkRegisters, _ tileDone: Bit) -> Bit {
    let width = indexBits(configuration.finishedTiles) + 1, finished = Register<Unsigned>("finishedTiles", width)
    When(control.abort) {
      finished.value = 0
    }.Else {
      finished.value = finished.value &+ tileDone.asUnsigned.extended(to: width) &- tileLeaves.asUnsigned.extended(to: width)
    }
    return (!walk.ends("pass") | (finished.value !== Unsigned(configuration.finishedTiles))).named("queueReady")
  }

  // MARK: what a step does

  /// Columns: position of the window and of the pass within it, as bank and entry of the bank.
  private func readColumns(
    _ layer: LayerCopies, _ walk: WalkRegisters, _ advance: (columns: Unsigned, rows: Unsigned), _ step: Bit, _ tileDone: Bit
  ) {
    let bankBits = configuration.dotProduct.log2, entryBits = indexBits(configuration.patchDepth), isMaximum = layer[.maximum]
    let windowBank = Register<Unsigned>("windowBank", bankBits), windowEntry = Register<Unsigned>("windowEntry", entryBits)
    let passBank = Register<Unsigned>("passBank", bankBits), passEntry = Register<Unsigned>("passEntry", entryBits)
    let height = layer[\.array.passSteps][0..<entryBits].named("height")
    let movedBank = (windowBank.value + advance.columns[0..<bankBits]).named("movedBank")
    let movedEntry = (windowEntry.value &+ advance.rows[0..<entryBits] &+ select(movedBank[bankBits], height, 0)).named("movedEntry")
    let passBankMoved = (passBank.value + 1).named("passBankMoved")
    When(control.begin) {
      windowBank.value = 0; windowEntry.value = 0; passBank.value = 0; passEntry.value = 0
    }.ElseWhen(tileDone) {
      windowBank.value = movedBank[0..<bankBits]; windowEntry.value = movedEntry
      passBank.value = movedBank[0..<bankBits]; passEntry.value = movedEntry
    }.ElseWhen(step & walk.ends("entry")) {
      When(isMaximum) {
        passBank.value = passBankMoved[0..<bankBits]
        When(passBankMoved[bankBits]) { passEntry.value = passEntry.value &+ height }
      }.Else {
        passEntry.value = passEntry.value &+ height
      }
    }
    columns.enable = step & layer[.columns]
    columns.bank = passBank.value
    columns.entry = passEntry.value &+ walk.turn("entry")[0..<entryBits]
  }

  /// A maximum takes no weights.
  private func takeWeights(_ layer: LayerCopies, _ walk: WalkRegisters, _ step: Bit) {
    let word = walk.value("weight")
    weightAddress = delayed(word.resized(to: weightAddressBits), by: Timing.operand, "weightAddressHeld")
    fault.report(
      .weightOutOfRange, when: delayed(step & !layer[.maximum] & !word.isBelow(weightWords), by: Timing.operand, "weightFaultHeld"),
      at: delayed(word, by: Timing.operand, "weightFaultPlaceHeld").extended(to: Configuration.addressBits))
  }

  /// The step's flags travel with its data.
  private func tellElements(_ layer: LayerCopies, _ walk: WalkRegisters, _ step: Bit, _ tileDone: Bit) {
    let pass = walk.turn("pass"), lastPassLanes = layer[\.array.lastPassLanes]
    let int16 = int16Step(layer, walk), firstEntry = int16.map { $0.isPair.asUnsigned.extended(to: 16) } ?? 0
    let firstStep = ((pass === 0) & (walk.turn("entry") === firstEntry)).named("firstStep")
    let inLastPass = (pass &+ 1 === layer[\.array.passes]).named("inLastPass")
    let merged = MergedChoice(configuration, layer), parts = merged.parts
    let counts = (0..<configuration.dotProduct * parts).map { lane -> Bit in
      lane == 0 ? Bit(true) : (!inLastPass | (lastPassLanes > Unsigned(lane))).named("counts\(lane)")
    }
    let lanes = concatenate((0..<parts).flatMap { part in
      (0..<configuration.dotProduct).map { lane in merged.pick { counts[part * $0 / parts * configuration.dotProduct + lane] } }
    }).named("lanes")
    steps.operandValid = delayed(step, by: Timing.operand, "stepHeld")
    steps.operandColumns = layer[.columns]
    steps.operandLanes = delayed(lanes, by: Timing.operand, "lanesHeld")
    steps.multiply = delayed(step, by: Timing.operand + Timing.product, "multiplyHeld")
    // The next layer may be here while this one's last steps are still on their way; its first are long behind them.
    steps.maximum = delayed(layer[.maximum], by: Timing.array, "maximumHeld")
    let accumulates = int16.map { (step & !($0.isPair & $0.isHigh)).named("accumulates") } ?? step
    steps.accumulate = delayed(accumulates, by: Timing.array, "accumulateHeld")
    steps.first = delayed(firstStep, by: Timing.array, "firstHeld")
    for digit in steps.digits.ports {
      let digitBegins = (layer[.digits] & (pass !== 0) & (walk.turn("entry") === 0)).named("digitBegins")
      digit.begins = delayed(digitBegins, by: Timing.array, "digitHeld")
    }
    for (port, int16) in zip(steps.int16.ports, [int16].compactMap(\.self)) {
      port.joins = delayed(int16.isPair & !int16.isHigh, by: Timing.operand + Timing.product, "joinsHeld")
      port.isHigh = delayed(int16.isHigh & !int16.isPair, by: Timing.array, "highHeld")
    }
    steps.capture = delayed(tileDone, by: Timing.array, "captureHeld")
    for (flag, level) in zip(LayerMode.mergedFlags(upTo: parts), steps.merged.levels) {
      level.isAsked = delayed(layer[flag], by: Timing.array, "\(flag.name)Held")
    }
  }

  /// Of int16, high and low bytes come in turn: entry by entry in columns, else pass by pass. A maximum takes a pair of them at a time.
  private func int16Step(_ layer: LayerCopies, _ walk: WalkRegisters) -> (isHigh: Bit, isPair: Bit)? {
    guard extensions.contains(.int16) else { return nil }
    let isOdd = select(layer[.columns], walk.turn("entry")[0], walk.turn("pass")[0])
    return ((layer[.int16Input] & !isOdd).named("highStep"), (layer[.int16Input] & layer[.maximum]).named("pairs"))
  }
}
