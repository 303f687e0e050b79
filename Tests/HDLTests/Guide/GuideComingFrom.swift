import HDL

// The snippets of docs/hdl/coming-from.md, letter for letter: `GuideTests` compares the two.
extension Guide {
  struct Limiter: Module {
    let width: Int
    @Input() var enable: Bit
    @Input(\Self.width) var step: Unsigned
    @Output(\Self.width) var total: Unsigned
    @Register(\Self.width, reset: 1) var sum: Unsigned

    func body() {
      When(enable) { sum = sum &+ (step.truncated(to: width - 1) << 1) }
      total = sum
    }
  }

  struct Traffic: Module {
    enum Light: Int, CaseIterable { case red, green, yellow }
    @Input() var tick: Bit
    @Output() var light: Enumerated<Light>
    @StateRegister var state: Light = .red

    func body() {
      light = $state
      When(tick) {
        Switch($state) {
          Case(.red) { state = .green }
          Case(.green) { state = .yellow }
          Case(.yellow) { state = .red }
        }
      }
    }
  }

  struct Registers: Module {
    @Input() var write: Bit
    @Input(5) var target: Unsigned
    @Input(5) var source: Unsigned
    @Input(32) var data: Unsigned
    @Output(32) var value: Unsigned

    func body() {
      let rows = Memory("rows", depth: 32, width: 32)
      rows.write(at: target, data, when: write)
      value = when(source === 0) { 0 }.otherwise { rows[source] }
    }
  }

  struct Packer: Module {
    @Input(2) var place: Unsigned
    @Input(8) var byte: Unsigned
    @Output(32) var word: Unsigned
    @Output(4) var nibble: Unsigned
    @Output() var isOdd: Bit

    func body() {
      word = 0
      word[place, width: 8] = byte
      nibble[0..<2] = byte[6...7]
      nibble[2...] = byte[0..<2]
      isOdd = byte.parity
    }
  }

  func slowLimiter() throws -> Design {
    try elaborate(Limiter(width: 8), in: ClockDomain("board", reset: .asynchronousActiveLow, enable: true))
  }
}
