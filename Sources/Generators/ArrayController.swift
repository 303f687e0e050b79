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
    let mode = field(.mode)
    let columnMode = flag(.columns, of: mode), maximumMode = flag(.maximum, of: mode)
    let groups = field(.groups), rows = field(.rows), columns = field(.columns)
    let passes = field(.passes), passSteps = field(.passSteps), lastPassLanes = field(.lastPassLanes)
    let windowColumns = field(.windowColumns)
    let outputAdvance = field(.outputAdvance), outputAdvanceRows = field(.outputAdvanceRows)
    let rowAdvance = field(.rowAdvance), rowAdvanceRows = field(.rowAdvanceRows)
    let weightBase = field(.weightBase), weightStep = field(.weightStep), weightGroupStep = field(.weightGroupStep)
    let groupChannels = field(.groupChannels), lastGroupChannels = field(.lastGroupChannels)

    let active = Register<Bit>("active")
    let group = Register<Unsigned>("group", 16), row = Register<Unsigned>("row", 16)
    let column = Register<Unsigned>("column", 16)
    let pass = Register<Unsigned>("pass", 16), entry = Register<Unsigned>("entry", 16)
    let passEnds = (entry.value &+ 1 === passSteps).named("passEnds")
    let inLastPass = (pass.value &+ 1 === passes).named("inLastPass")
    let tileEnds = (passEnds & inLastPass).named("tileEnds")
    let inLastColumn = (column.value &+ 1 === columns).named("inLastColumn")
    let inLastRow = (row.value &+ 1 === rows).named("inLastRow")
    let inLastGroup = (group.value &+ 1 === groups).named("inLastGroup")

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

    // Loops.
    When(begin) {
      active.value = true
      group.value = 0; row.value = 0; column.value = 0; pass.value = 0; entry.value = 0
    }.ElseWhen(step) {
      When(!passEnds) {
        entry.value = entry.value &+ 1
      }.Else {
        entry.value = 0
        When(!inLastPass) {
          pass.value = pass.value &+ 1
        }.Else {
          pass.value = 0
          When(!inLastColumn) {
            column.value = column.value &+ 1
          }.Else {
            column.value = 0
            When(!inLastRow) {
              row.value = row.value &+ 1
            }.Else {
              row.value = 0
              group.value = group.value &+ 1
              When(inLastGroup) { active.value = false }
            }
          }
        }
      }
    }

    // The next layer does not wait for what a stopped one had to drain.
    When(abort) { active.value = false; draining.value = 0 }
    invalid = [columns, passes, passSteps, groupChannels, lastGroupChannels].reduce(Bit(false)) { $0 | !$1.anyBitSet }

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
      needed.value = select(pass.value &+ 2 === passes, windowColumns, needed.value &+ passAdvance)
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
    columnEntry = passEntry.value &+ entry.value[0..<entryBits]

    // Weights: a counter that rewinds to the group's first word for every tile.
    let weight = Register<Unsigned>("weight", 20), groupWeight = Register<Unsigned>("groupWeight", 20)
    let nextGroupWeight = (groupWeight.value &+ weightGroupStep).named("nextGroupWeight")
    When(begin) {
      weight.value = weightBase; groupWeight.value = weightBase
    }.ElseWhen(tileDone) {
      When(inLastColumn & inLastRow) {
        weight.value = nextGroupWeight; groupWeight.value = nextGroupWeight
      }.Else {
        weight.value = groupWeight.value
      }
    }.ElseWhen(step) {
      weight.value = weight.value &+ weightStep.extended(to: 20)
    }
    weightAddress = delayed(weight.value.resized(to: weightAddress.width), by: 1, "weightAddressHeld")
    // A maximum takes no weights.
    weightFault = delayed(step & !maximumMode & !weight.value.isBelow(weightWords), by: 1, "weightFaultHeld")
    weightFaultPlace = delayed(weight.value, by: 1, "weightFaultPlaceHeld")

    // The step's flags travel with its data.
    let firstStep = ((pass.value === 0) & (entry.value === 0)).named("firstStep")
    let lanes = concatenate((0..<dotProduct).map { lane -> Bit in
      lane == 0 ? Bit(true) : !inLastPass | (lastPassLanes > constant(lane, 8))
    }).named("lanes")
    operandValid = delayed(step, by: 1, "stepHeld")
    operandColumns = columnMode
    operandLanes = delayed(lanes, by: 1, "lanesHeld")
    multiply = delayed(step, by: 2, "multiplyHeld")
    maximum = maximumMode
    accumulate = delayed(step, by: 3, "accumulateHeld")
    first = delayed(firstStep, by: 3, "firstHeld")
    capture = delayed(tileDone, by: 3, "captureHeld")
  }
}
