import HDL

/// The designs that several tests look at: small, and each about one part of the language.

struct Counter: Module {
  @Input var enable: Bit
  @Output var value: Unsigned
  @Register var count: Unsigned

  init(width: Int) {
    _enable = Input()
    _value = Output(width)
    _count = Register(width)
  }
  func body() {
    When(enable) { count = count &+ 1 }
    value = count
  }
}

struct MultiplyAccumulate: Module {
  @Input var clear: Bit
  @Input var shift: Bit
  @Input var a: Signed
  @Input var b: Signed
  @Input var accumulatorIn: Signed
  @Output var aNext: Signed
  @Output var bNext: Signed
  @Output var accumulator: Signed
  @Register var aHeld: Signed
  @Register var bHeld: Signed
  @Register var sum: Signed

  init(operand: Int = 8, accumulator: Int = 32) {
    _clear = Input()
    _shift = Input()
    _a = Input(operand)
    _b = Input(operand)
    _accumulatorIn = Input(accumulator)
    _aNext = Output(operand)
    _bNext = Output(operand)
    _accumulator = Output(accumulator)
    _aHeld = Register(operand)
    _bHeld = Register(operand)
    _sum = Register(accumulator)
  }
  var documentation: String { "One cell of a systolic array: multiplies, adds, and passes its operands on." }

  func body() {
    let product = (a * b).named("product")
    aHeld = a
    bHeld = b
    When(shift) { sum = accumulatorIn }
      .ElseWhen(clear) { sum = product }
      .Else { sum = sum &+ product }
    aNext = aHeld
    bNext = bHeld
    accumulator = sum
  }
}

struct SystolicArray: Module {
  let n: Int
  @Input var clear: Bit
  @Input var shift: Bit
  @Input var a: Unsigned
  @Input var b: Unsigned
  @Output var out: Unsigned

  init(_ n: Int) {
    self.n = n
    _clear = Input()
    _shift = Input()
    _a = Input(8 * n)
    _b = Input(8 * n)
    _out = Output(32 * n)
  }
  func body() {
    var grid: [[Instance<MultiplyAccumulate>]] = []
    for row in 0..<n {
      grid.append([])
      for column in 0..<n {
        let pe = instance("pe_\(row)_\(column)", MultiplyAccumulate())
        pe.$clear = clear
        pe.$shift = shift
        pe.$a = column == 0 ? a[8 * row..<8 * row + 8].asSigned : grid[row][column - 1].$aNext
        pe.$b = row == 0 ? b[8 * column..<8 * column + 8].asSigned : grid[row - 1][column].$bNext
        pe.$accumulatorIn = row == 0 ? 0 : grid[row - 1][column].$accumulator
        grid[row].append(pe)
      }
    }
    out = concatenate(grid[n - 1].map { $0.$accumulator })
  }
}

struct Scratchpad: Module {
  let depth: Int
  @Input var writeEnable: Bit
  @Input var writeLanes: Unsigned
  @Input var writeAddress: Unsigned
  @Input var writeData: Unsigned
  @Input var readAddress: Unsigned
  @Output var readData: Unsigned

  init(depth: Int, width: Int) {
    self.depth = depth
    let address = indexBits(depth)
    _writeEnable = Input()
    _writeLanes = Input(width / 8)
    _writeAddress = Input(address)
    _writeData = Input(width)
    _readAddress = Input(address)
    _readData = Output(width)
  }
  func body() {
    let rows = Memory("rows", depth: depth, width: writeData.width, lanes: writeLanes.width)
    rows.write(at: writeAddress, writeData, when: writeEnable, lanes: writeLanes)
    readData = rows.read(at: readAddress)
  }
}

struct Sequencer: Module {
  enum State: Int, CaseIterable { case idle, load, run }
  @Input var start: Bit
  @Output var busy: Bit
  @StateRegister var state: State = .idle
  @Register var remaining: Unsigned

  init() {
    _start = Input()
    _busy = Output()
    _remaining = Register(8, reset: nil)
  }
  func body() {
    Switch($state) {
      Case(.idle) { When(start) { state = .load } }
      Case(.load) {
        remaining = 63
        state = .run
      }
      Case(.run) {
        remaining = remaining &- 1
        When(remaining === 0) { state = .idle }
      }
    }
    busy = $state !== .idle
  }
}

struct StreamFIFO: Module {
  let depth: Int
  @Input var inValid: Bit
  @Output var inReady: Bit
  @Input var inData: Unsigned
  @Output var outValid: Bit
  @Input var outReady: Bit
  @Output var outData: Unsigned
  @Register var readIndex: Unsigned
  @Register var writeIndex: Unsigned
  @Wire var push: Bit
  @Wire var pop: Bit

  init(depth: Int, width: Int) {
    self.depth = depth
    let bits = indexBits(depth) + 1
    _inValid = Input()
    _inReady = Output()
    _inData = Input(width)
    _outValid = Output()
    _outReady = Input()
    _outData = Output(width)
    _readIndex = Register(bits)
    _writeIndex = Register(bits)
    _push = Wire()
    _pop = Wire()
  }
  func body() {
    let bits = writeIndex.width
    let empty = (readIndex === writeIndex).named("empty")
    let full = ((readIndex ^ writeIndex) === Unsigned(1 << (bits - 1), width: bits)).named("full")
    inReady = !full
    push = inValid & !full
    @Register("valid") var valid: Bit
    let next = select(pop, readIndex &+ 1, readIndex).named("next")
    let entries = Memory("entries", depth: depth, width: inData.width)
    entries.write(at: writeIndex[0..<bits - 1], inData, when: push)
    outData = entries.read(at: next[0..<bits - 1])
    valid = next !== writeIndex
    pop = valid & outReady & !empty
    outValid = valid
    readIndex = next
    When(push) { writeIndex = writeIndex &+ 1 }
  }
}

struct Other: Module {
  @Input var clear: Bit
  @Output var total: Signed
  @Output var spare: Unsigned
  @Register var count: Unsigned
  init(width: Int) {
    _clear = Input()
    _total = Output(24)
    _spare = Output(width)
    _count = Register(width)
  }
  func body() {
    When(clear) { count = 0 }.Else { count = count &+ 1 }
    total = count.extended(to: 24).asSigned
    spare = ~count
  }
}

/// Everything that the surface of the language offers, once.
struct ExampleUnit: Module {
  enum Phase: Int, CaseIterable { case idle, run, done }
  let lanes: Int
  @Input var clear: Bit
  @Input var address: Unsigned
  @Input var a: Signed
  @Input var b: Signed
  @Input var wide: Unsigned
  @Output var total: Signed
  @Output var bytes: Unsigned
  @Output var flag: Bit
  @Output var shifted: Signed
  @Register var sum: Signed
  @Wire var next: Unsigned
  @StateRegister var phase: Phase = .idle

  init(lanes: Int) {
    self.lanes = lanes
    _clear = Input()
    _address = Input(12)
    _a = Input(9)
    _b = Input(5)
    _wide = Input(40)
    _total = Output(24)
    _bytes = Output(8 * lanes)
    _flag = Output()
    _shifted = Output(24)
    _sum = Register(24, reset: -3)
    _next = Wire(12)
  }
  var moduleName: String { "weft_example_unit" }
  var documentation: String { "What this block does,\nin one or two lines." }

  func body() {
    let stage = Register<Unsigned>("stage", 8)
    let hold = Register<Bit>("hold")
    let path = Wire<Signed>("path", 24)
    let parts = (0..<lanes).map { Register<Unsigned>("part_\($0)", 8, reset: nil) }
    for (i, part) in parts.enumerated() { part.value = Unsigned(i, width: 8) ^ stage.value }
    When(clear) { sum = 0 }
      .ElseWhen(address === 3) { sum = sum &+ 1 }
      .Else { sum = (sum + path.value).truncated(to: 24) }
    Switch(address) {
      Case(0) { next = 1 }
      Case(1, 2) { next = address &+ 5 }
      Default { next = address }
    }
    Switch($phase) {
      Case(.idle) { When(clear) { phase = .run } }
      Case(.run) { phase = .done }
      Default { }
    }
    path.value = select(a < b, (a * b).extended(to: 24), -24)
    stage.value = next[2..<10] &- wide[3..<11]
    hold.value = address.anyBitSet & wide.parity | address[4] && !next.allBitsSet
    let other = instance("other_0", Other(width: 8))
    other.$clear = clear
    total = select(hold.value, other.$total, choose(address[0..<2], [sum, path.value, -1]))
    let ram = Memory("rows", depth: 512, width: 32, lanes: 4)
    ram.write(at: address[0..<9], wide[0..<32], when: clear, lanes: stage.value[0..<4])
    let q = ram.read(at: next[0..<9], when: hold.value)
    bytes = concatenate(parts.map(\.value)) ^ concatenate([q[0..<8], clear.replicated(8 * lanes - 8)])
    flag = ($phase === .run) || (a.extended(to: 12) + b) > 7 && (a > -3) || wide[0..<12] < address
    shifted = sum.shiftedRight(by: address[0..<6]) &+ (b << 3) &- a.shiftedLeft(by: wide)
  }
}
