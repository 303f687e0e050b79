import HDL

/// The modules that the designs of several checks are made of.

struct Passive: Module {
  @Input() var x: Bit
  @Output() var y: Bit
  func body() { y = x }
}

struct Adder: Module {
  @Input(8) var a: Unsigned
  @Input(8) var b: Unsigned
  @Output(8) var sum: Unsigned
  func body() { sum = a &+ b }
}

struct Delay: Module {
  @Input(8) var d: Unsigned
  @Output(8) var q: Unsigned
  @Register(8) var held: Unsigned
  func body() {
    held = d
    q = held
  }
}
