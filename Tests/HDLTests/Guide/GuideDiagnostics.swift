import HDL

// The snippets of docs/hdl/diagnostics.md, letter for letter: `GuideTests` compares the two.
extension Guide {
  struct Widths: Module {
    @Input(8) var a: Unsigned
    @Input(4) var b: Unsigned
    @Input() var enable: Bit
    @Output(8) var y: Unsigned
    @Output(8) var z: Unsigned
    @Output() var flag: Bit

    func body() {
      y = a + b
      When(enable) { y = a & b }
      z = 256
      flag = a[8] & (b < 16)
    }
  }

  struct Paths: Module {
    @Input() var enable: Bit
    @Input(2) var mode: Unsigned
    @Output(4) var latched: Unsigned
    @Output(4) var hidden: Unsigned
    @Output(4) var chosen: Unsigned
    @Output(4) var forgotten: Unsigned
    @Register(4) var idle: Unsigned

    func body() {
      When(enable) { latched = 1 }
      When(enable) { hidden = 1 }
      hidden = 0
      Switch(mode) {
        Case(0, 1) { chosen = 2 }
        Case(1) { chosen = 3 }
        Case(4) { chosen = 4 }
      }
    }
  }

  struct Plain: Module {
    @Input() var invert: Bit
    @Input(4) var a: Unsigned
    @Output(4) var y: Unsigned

    func body() {
      var value = a
      When(invert) { value = ~a }
      y = value
    }
  }

  struct Parts: Module {
    @Input(8) var a: Unsigned
    @Input() var enable: Bit
    @Output(4) var y: Unsigned

    func body() {
      let open = instance("open", Counter(width: 4))
      let twice = instance("twice", Counter(width: 4))
      twice.$enable = enable
      twice.$enable = a[0]
      When(enable) {
        let inner = instance("inner", Counter(width: 4))
        inner.$enable = true
      }
      y = open.$value ^ twice.$value
    }
  }

  struct Endless: Module {
    enum State: Int, CaseIterable { case on, off }
    @Input() var x: Bit
    @Output() var y: Bit
    @StateRegister var state: State = .on

    func body() {
      state = state == .on ? .off : .on
      let inner = instance("inner", Endless())
      inner.$x = x
      y = inner.$y
    }
  }

  struct Loop: Module {
    @Input() var a: Bit
    @Output() var y: Bit
    @Wire() var left: Bit
    @Wire() var right: Bit

    func body() {
      left = right ^ a
      right = !left
      y = right
    }
  }

  struct Unread: Module {
    @Input(4) var a: Unsigned
    @Output(4) var y: Unsigned
    @Register(4) var seen: Unsigned

    func body() {
      seen = a
      y = a
    }
  }

  struct Words: Module {
    @Input(5) var address: Unsigned
    @Input(9) var data: Unsigned
    @Input() var enable: Bit
    @Output(8) var y: Unsigned

    func body() {
      let empty = Memory("empty", depth: 16, width: 8)
      let rows = Memory("rows", depth: 16, width: 8)
      When(enable) { rows.write(at: address[0..<4], data) }
      rows.write(at: 0, 1)
      rows.write(at: 1, 1)
      y = empty.read(at: address)
    }
  }

  struct Careless: Module {
    let sensor = ClockDomain("sensor")
    @Input var sample: Unsigned
    @Input var button: Bit
    @Output(8) var y: Unsigned
    @Register(8) var held: Unsigned
    @Register() var pressed: Bit

    init() {
      _sample = Input(8, in: sensor)
      _button = Input(in: .asynchronous)
    }
    func body() {
      held = sample
      pressed = button
      y = select(pressed, held, 0)
    }
  }

  struct Waits: Module {
    let output = Initiator(Stream<Unsigned>(8))
    func body() {
      output.payload = 0
      output.valid = output.ready
    }
  }

  struct Misplaced: Module {
    let bus = Target(RegisterBus(addressWidth: 3))
    func body() {
      let low = Field<Unsigned>("low", 0..<4, .readWrite, "")
      let high = Field<Bit>("high", 3, .readWrite, "")
      let map = AddressMap(
        "bad", "Wrong.", registers: [ControlRegister("one", at: 0, "", [low, high]), ControlRegister("two", at: 2, "", [])])
      let registers = instance("registers", RegisterBlock(map))
      connect(bus, to: registers.bus)
    }
  }
}
