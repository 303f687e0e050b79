import HDL

// The snippets of docs/hdl/values.md, letter for letter: `GuideTests` compares the two.
extension Guide {
  struct Arithmetic: Module {
    @Input(8) var a: Unsigned
    @Input(4) var b: Unsigned
    @Input(8) var s: Signed
    @Output(9) var sum: Unsigned
    @Output(9) var difference: Signed
    @Output(8) var wrapped: Unsigned
    @Output(8) var average: Unsigned
    @Output(11) var tripled: Signed
    @Output(4) var high: Unsigned
    @Output(8) var swapped: Unsigned
    @Output(8) var clamped: Unsigned

    func body() {
      sum = a + b
      difference = a - b
      wrapped = a &+ b &+ 3
      average = (a + b) >> 1
      tripled = s * 3
      high = (a + b)[4..<8]
      swapped = concatenate([a[4..<8], a[0..<4]])
      let offset = a - 100
      clamped = select(offset < 0, 0, offset.truncated(to: 8).asUnsigned)
    }
  }

  struct Rotation: Module {
    @Input(8) var x: Unsigned
    @Input(2) var place: Unsigned
    @Input(4) var nibble: Unsigned
    @Output(8) var swapped: Unsigned
    @Output(4) var oneHot: Unsigned
    @Output(2) var pair: Unsigned
    @Register(16) var slots: Unsigned
    @Output(16) var kept: Unsigned

    func body() {
      swapped[0..<4] = x[4...]
      swapped[4...] = x[0..<4]
      oneHot = 0
      oneHot[place] = true
      pair = x[place, width: 2]
      slots[place, width: 4] = nibble
      kept = slots
    }
  }
}
