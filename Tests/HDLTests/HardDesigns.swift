import HDL

/// Designs made to provoke linters: wide vectors, odd names, shared control structure, constants where
/// a person would not write them.

struct WideVectors: Module {
  @Input var vector: Unsigned
  @Input var index: Unsigned
  @Input var amount: Unsigned
  @Input var left: Signed
  @Input var right: Signed
  @Input var factor: Unsigned
  @Output var element: Unsigned
  @Output var rotated: Unsigned
  @Output var product: Signed
  @Output var scaled: Signed
  @Output var mixed: Unsigned
  @Output var top: Bit
  @Register var held: Unsigned

  init() {
    _vector = Input(2048)
    _index = Input(8)
    _amount = Input(6)
    _left = Input(33)
    _right = Input(31)
    _factor = Input(7)
    _element = Output(8)
    _rotated = Output(2048)
    _product = Output(64)
    _scaled = Output(64)
    _mixed = Output(40)
    _top = Output()
    _held = Register(2048)
  }
  func body() {
    let elements = (0..<256).map { vector[8 * $0..<8 * $0 + 8] }
    element = choose(index, elements)
    held = concatenate([vector[1024..<2048], held[0..<1024]])
    rotated = held.shiftedRight(by: concatenate([index, Unsigned(0, width: 3)]))
    product = left * right
    let rounded = (left * right) &+ (1 << 20)
    scaled = rounded.shiftedRight(by: amount)
    mixed = (factor * left[0..<33]).truncated(to: 40)
    top = (left * right)[63] ^ (rounded < 0) ^ (left.shiftedRight(by: amount) >= right)
  }
}

struct AwkwardNames: Module {
  enum Plain: Int, CaseIterable { case bC, bD }
  enum Clash: Int, CaseIterable { case c, d }
  @Input var `in`: Unsigned
  @Input var reg: Bit
  @Output var `case`: Unsigned
  @Output var logic: Bit
  @Register var reset: Unsigned
  @Register var URLValue: Unsigned
  init() {
    _in = Input(4)
    _reg = Input()
    _case = Output(4)
    _logic = Output()
    _reset = Register(4)
    _URLValue = Register(4)
  }
  var moduleName: String { "module" }
  func body() {
    let begin = Wire<Unsigned>("begin", 4)
    let again = Wire<Unsigned>("begin", 4)
    // The module itself is called module_.
    @Register("module_") var own: Bit
    @StateRegister("a") var plain: Plain = .bC
    @StateRegister("aB") var clash: Clash = .c
    Switch($plain) {
      Case(.bC) { plain = .bD }
      Case(.bD) { plain = .bC }
    }
    Switch($clash) {
      Case(.c) { clash = .d }
      Case(.d) { clash = .c }
    }
    own = ($plain === .bC) ^ ($clash === .d)
    reset = `in`
    URLValue = reset
    begin.value = URLValue
    again.value = begin.value ^ reset
    `case` = again.value
    logic = reg ^ own
  }
}

/// Wires that share a `Switch`, one of which follows another, and two groups that would feed each other.
struct SharedControl: Module {
  @Input var mode: Unsigned
  @Input var x: Unsigned
  @Output var first: Unsigned
  @Output var second: Unsigned
  @Output var third: Unsigned
  @Output var fourth: Unsigned
  @Wire var inner: Unsigned
  @Wire var outer: Unsigned
  init() {
    _mode = Input(2)
    _x = Input(8)
    _first = Output(8)
    _second = Output(8)
    _third = Output(8)
    _fourth = Output(8)
    _inner = Wire(8)
    _outer = Wire(8)
  }
  func body() {
    first = 0
    second = x
    Switch(mode) {
      Case(0) { first = x }
      Case(1) {
        first = ~x
        second = 3
      }
      Case(2, 3) { second = x &+ 1 }
    }
    When(mode[0]) {
      inner = x
      third = outer &+ 1
    }.Else {
      inner = 7
      third = 0
    }
    When(mode[1]) {
      outer = inner
      fourth = x
    }.Else {
      outer = 1
      When(x === 9) { fourth = 2 }.ElseWhen(x > 100) { fourth = third }.Else { fourth = 4 }
    }
  }
}

/// Constants where a generator leaves them: conditions, selectors, whole blocks.
struct GeneratedConstants: Module {
  @Input var x: Unsigned
  @Input var s: Signed
  @Output var a: Unsigned
  @Output var b: Unsigned
  @Output var c: Bit
  @Output var d: Unsigned
  @Output var e: Signed
  @Output var f: Bit
  @Register var never: Unsigned
  @Register var kept: Unsigned
  init() {
    _x = Input(8)
    _s = Input(6)
    _a = Output(8)
    _b = Output(8)
    _c = Output()
    _d = Output(80)
    _e = Output(12)
    _f = Output()
    _never = Register(3)
    _kept = Register(3, reset: nil)
  }
  func body() {
    a = 1
    When(true) { a = 2 }
    b = 0
    When(false) { b = 9 }.ElseWhen(x[0]) { b = 4 }.ElseWhen(true) { b = 5 }.Else { b = 6 }
    c = (x >= 0) & (s >= -32) & !(x > 255) & (x & 0 === 0)
    Switch(Unsigned(2, width: 2)) {
      Case(0) { d = 0 }
      Default { d = concatenate([Unsigned(0xFFFF_FFFF_FFFF_FFFF as UInt64, width: 64), x, never, Unsigned(17, width: 5)]) }
    }
    e = select(true, s.extended(to: 12), -2048)
    When(false) { never = 1 }
    When(false) { kept = 1 }
    f = kept === 0
  }
}

/// Stages whose two directions share one Switch: no loop, though each stage's block follows the other's.
struct HandshakeChain: Module {
  @Input() var inValid: Bit
  @Output() var inReady: Bit
  @Output() var outValid: Bit
  @Input() var outReady: Bit
  func body() {
    let stages = (0..<3).map { instance("stage_\($0)", HandshakeStage()) }
    for (index, stage) in stages.enumerated() {
      stage.$inValid = index == 0 ? inValid : stages[index - 1].$outValid
      stage.$outReady = index == 2 ? outReady : stages[index + 1].$inReady
    }
    inReady = stages[0].$inReady
    outValid = stages[2].$outValid
  }
}
struct HandshakeStage: Module {
  @Input() var inValid: Bit
  @Output() var inReady: Bit
  @Output() var outValid: Bit
  @Input() var outReady: Bit
  @Register(2) var phase: Unsigned
  func body() {
    inReady = false
    outValid = false
    phase = phase &+ 1
    Switch(phase) {
      Case(0) {
        outValid = inValid
        inReady = outReady
      }
      Case(1) { outValid = !inValid }
      Default { inReady = true }
    }
  }
}

/// Expressions thousands of operators deep.
struct LongChains: Module {
  @Input(2048) var bits: Unsigned
  @Output() var any: Bit
  @Output(12) var count: Unsigned
  @Output(8) var first: Unsigned
  func body() {
    any = (0..<2048).reduce(Bit(false)) { $0 | (bits[$1] ^ bits[2047 - $1]) }
    count = (0..<2048).reduce(Unsigned(0, width: 12)) { $0 &+ bits[$1].asUnsigned }
    first = (0..<256).reversed().reduce(Unsigned(0, width: 8)) { select(bits[$1], Unsigned($1, width: 8), $0) }
  }
}
