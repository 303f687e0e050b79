// Array controller: turns arriving data into steps and tiles.
//
// Every cycle it may issue one step: the operand (C bytes from the aligning buffer, or C neighbouring columns)
// and the weight word of the step set out together. A tile's last step must not come before the previous
// tile has drained; a drain takes a known number of cycles and never stalls, so a countdown decides, and no
// signal runs back from the post unit.

import HDL
import Machine

struct ArrayController: Engine {
  let dotProduct: Int
  let depth: Int
  let postLanes: Int
  let weightWords: Int
  var bankBits: Int { log2(dotProduct) }
  var entryBits: Int { indexBits(depth) }
  var weightAddressBits: Int { indexBits(weightWords) }
  let settings = Target(ConfigurationBus())
  /// The active registers are valid: start the layer.
  @Input() var begin: Bit
  /// Stop at once.
  @Input() var abort: Bit
  @Input() var streamAvailable: Bit
  @Input() var columnCompleted: Bit
  // To the buffers, in the cycle of the step.
  @Output() var streamPop: Bit
  @Output() var columnRead: Bit
  @Output(\Self.bankBits) var columnBank: Unsigned
  @Output(\Self.entryBits) var columnEntry: Unsigned
  @Output() var release: Bit
  @Output(16) var releaseColumns: Unsigned
  // To the operand stage, one cycle later: lane enables and what the operand is.
  @Output() var operandValid: Bit
  @Output() var operandColumns: Bit
  @Output(\Self.dotProduct) var operandLanes: Unsigned
  // To the weight memory, one cycle later.
  @Output(\Self.weightAddressBits) var weightAddress: Unsigned
  // To the elements: two and three cycles later.
  @Output() var multiply: Bit
  @Output() var maximum: Bit
  @Output() var accumulate: Bit
  @Output() var first: Bit
  @Output() var capture: Bit
  /// The array wanted to step and could not.
  @Output() var stalled: Bit

  /// A loop of the layer has no turns, or its tiles no channels.
  @Output() var invalid: Bit
  /// The step before asked for a weight word that does not exist.
  @Output() var weightFault: Bit
  @Output(20) var weightFaultPlace: Unsigned

  init(_ c: Configuration, weightWords: Int) {
    (dotProduct, depth, postLanes) = (c.dotProduct, c.patchDepth, c.postLanes)
    self.weightWords = weightWords
  }
  var moduleName: String { "array_controller" }
  var documentation: String { "Issues the steps of every tile: operand, weight address, and when to clear and capture." }

  func body() {
    let layer = LayerCopies(settings)
    let columnMode = layer[.columns], maximumMode = layer[.maximum]
    let passes = layer[\.array.passes], passSteps = layer[\.array.passSteps], lastPassLanes = layer[\.array.lastPassLanes]
    let windowColumns = layer[\.window.columns]
    let outputAdvance = layer[\.window.advance], outputAdvanceRows = layer[\.window.advanceRows]
    let rowAdvance = layer[\.window.rowAdvance], rowAdvanceRows = layer[\.window.rowAdvanceRows]
    let groupChannels = layer[\.end.channels], lastGroupChannels = layer[\.end.lastChannels]

    let active = Register<Bit>("active")
    let walk = WalkRegisters(.array, layer)
    let pass = walk.turn("pass"), entry = walk.turn("entry")
    let passEnds = walk.ends("entry"), tileEnds = walk.ends("pass")
    let inLastPass = (pass &+ 1 === passes).named("inLastPass")
    let inLastColumn = (walk.turn("column") &+ 1 === layer[\.array.columns]).named("inLastColumn")
    let inLastGroup = (walk.turn("group") &+ 1 === layer[\.feed.groups]).named("inLastGroup")

    // Data: complete columns from the first of the window, against those the pass looks at. A tile may release columns
    // that have not come yet, where the stride is longer than the window: then there are less than none.
    let complete = Register<Signed>("complete", 17)
    let needed = Register<Unsigned>("needed", 16)
    let columnsReady = (complete.value >= needed.value.extended(to: 17).asSigned).named("columnsReady")
    let dataReady = select(columnMode, columnsReady, streamAvailable).named("dataReady")
    // Shadow registers: chunks of the previous tile still to drain.
    let draining = Register<Unsigned>("draining", 12)
    let shadowReady = (!tileEnds | (draining.value === 0)).named("shadowReady")
    let step = (active.value & dataReady & shadowReady).named("step")
    let tileDone = (step & tileEnds).named("tileDone")
    stalled = active.value & !step

    let channels = select(inLastGroup, lastGroupChannels, groupChannels).named("channelsOfTile")
    let chunks = ((channels &+ constant(postLanes - 1, 12)) >> log2(postLanes)).named("chunks").extended(to: 12)
    When(tileDone) {
      draining.value = chunks &- 1
    }.ElseWhen(draining.value !== 0) {
      draining.value = draining.value &- 1
    }

    walk.drive(begin: begin, advance: step)
    When(begin) {
      active.value = true
    }.ElseWhen(step & walk.ends("group")) {
      active.value = false
    }

    // The next layer does not wait for what a stopped one had to drain.
    When(abort) { active.value = false; draining.value = 0 }
    invalid = any([layer[\.array.columns], passes, passSteps, groupChannels, lastGroupChannels].map { !$0.anyBitSet })

    // Columns: position of the window and of the pass within it, as bank and entry of the bank.
    let windowBank = Register<Unsigned>("windowBank", bankBits), windowEntry = Register<Unsigned>("windowEntry", entryBits)
    let passBank = Register<Unsigned>("passBank", bankBits), passEntry = Register<Unsigned>("passEntry", entryBits)
    let height = passSteps[0..<entryBits].named("height")
    let advance = select(inLastColumn, rowAdvance, outputAdvance).named("advance")
    let advanceRows = select(inLastColumn, rowAdvanceRows, outputAdvanceRows).named("advanceRows")
    let movedBank = (windowBank.value + advance[0..<bankBits]).named("movedBank")
    let movedEntry = (windowEntry.value &+ advanceRows[0..<entryBits]
      &+ select(movedBank[bankBits], height, constant(0, entryBits))).named("movedEntry")
    let passBankMoved = (passBank.value + Unsigned(1, width: bankBits)).named("passBankMoved")
    let passAdvance = select(maximumMode, constant(1, 16), constant(dotProduct, 16)).named("passAdvance")
    let onePass = (passes === 1).named("onePass")
    let neededFirst = select(onePass, windowColumns, passAdvance).named("neededFirst")
    When(begin) {
      windowBank.value = 0; windowEntry.value = 0; passBank.value = 0; passEntry.value = 0
      needed.value = neededFirst
    }.ElseWhen(tileDone) {
      windowBank.value = movedBank[0..<bankBits]; windowEntry.value = movedEntry
      passBank.value = movedBank[0..<bankBits]; passEntry.value = movedEntry
      needed.value = neededFirst
    }.ElseWhen(step & passEnds) {
      When(maximumMode) {
        passBank.value = passBankMoved[0..<bankBits]
        When(passBankMoved[bankBits]) { passEntry.value = passEntry.value &+ height }
      }.Else {
        passEntry.value = passEntry.value &+ height
      }
      needed.value = select(pass &+ 2 === passes, windowColumns, needed.value &+ passAdvance)
    }
    let releasing = (tileDone & columnMode).named("releasing")
    let arrived = columnCompleted.asUnsigned.extended(to: 17).asSigned
    let gone = select(releasing, advance, constant(0, 16)).named("gone").extended(to: 17).asSigned
    When(begin) {
      complete.value = 0
    }.Else {
      complete.value = complete.value &+ arrived &- gone
    }
    release = releasing
    releaseColumns = advance
    streamPop = step & !columnMode
    columnRead = step & columnMode
    columnBank = passBank.value
    columnEntry = passEntry.value &+ entry[0..<entryBits]

    let weight = walk.value("weight")
    weightAddress = delayed(weight.resized(to: weightAddress.width), by: Timing.operand, "weightAddressHeld")
    // A maximum takes no weights.
    weightFault = delayed(step & !maximumMode & !weight.isBelow(weightWords), by: Timing.operand, "weightFaultHeld")
    weightFaultPlace = delayed(weight, by: Timing.operand, "weightFaultPlaceHeld")

    // The step's flags travel with its data.
    let firstStep = ((pass === 0) & (entry === 0)).named("firstStep")
    let lanes = concatenate((0..<dotProduct).map { lane -> Bit in
      lane == 0 ? Bit(true) : !inLastPass | (lastPassLanes > constant(lane, 8))
    }).named("lanes")
    operandValid = delayed(step, by: Timing.operand, "stepHeld")
    operandColumns = columnMode
    operandLanes = delayed(lanes, by: Timing.operand, "lanesHeld")
    multiply = delayed(step, by: Timing.operand + Timing.product, "multiplyHeld")
    maximum = maximumMode
    accumulate = delayed(step, by: Timing.array, "accumulateHeld")
    first = delayed(firstStep, by: Timing.array, "firstHeld")
    capture = delayed(tileDone, by: Timing.array, "captureHeld")
  }
}
