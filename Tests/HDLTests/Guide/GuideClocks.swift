import HDL

// The snippets of docs/hdl/clocks.md, letter for letter: `GuideTests` compares the two.
extension Guide {
  struct Button: Module {
    @Input(in: .asynchronous) var pressed: Bit
    @Output(8) var presses: Unsigned
    @Register(8) var count: Unsigned
    @Register() var previous: Bit

    func body() {
      let now = synchronized(pressed, into: .default)
      previous = now
      When(now & !previous) { count = count &+ 1 }
      presses = count
    }
  }

  struct Camera: Module {
    let sensor = ClockDomain("sensor")
    @Input var enable: Bit
    let pixels: Target<Stream<Unsigned>>
    let output = Initiator(Stream<Unsigned>(12))

    init() {
      _enable = Input()
      pixels = Target(Stream<Unsigned>(12), in: sensor)
    }
    func body() {
      let fifo = instance("fifo", AsyncFIFO(Stream<Unsigned>(12), depth: 16))
      fifo.write = sensor
      fifo.read = .default
      connect(pixels, to: fifo.input)

      let soft = ClockDomain("soft", clockOf: .default, reset: !enable)
      let stage = instance("stage", StreamRegister(Stream<Unsigned>(12)), in: soft)
      connect(fifo.output, to: stage.input)
      connect(stage.output, to: output)
    }
  }

  struct VendorPLL: BlackBox {
    @Input() var reference: Bit
    @Output() var fast: Bit
    @Output(in: .asynchronous) var locked: Bit
    var verilogName: String { "SB_PLL40_CORE" }
    var parameters: KeyValuePairs<String, VerilogParameter> { ["DIVF": .bits(52, width: 7), "FEEDBACK_PATH": "SIMPLE"] }
    var portNames: [PartialKeyPath<VendorPLL>: String] {
      [\.$reference: "REFERENCECLK", \.$fast: "PLLOUTCORE", \.$locked: "LOCK"]
    }
  }

  struct FastCounter: Module {
    @Input() var crystal: Bit
    @Output(8) var count: Unsigned

    func body() {
      let pll = instance("pll", VendorPLL())
      pll.$reference = crystal
      let raw = ClockDomain("raw", clock: pll.$fast, reset: false)
      let isLocked = synchronized(pll.$locked, into: raw, reset: nil)
      let fast = ClockDomain("fast", clockOf: raw, reset: !isLocked)
      let counter = instance("counter", Counter(), in: fast)
      counter.$enable = true
      count = counter.$value
    }
  }
}
