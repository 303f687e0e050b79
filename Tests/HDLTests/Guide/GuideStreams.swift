import HDL
import Testing

// The snippets of docs/hdl/streams.md, letter for letter: `GuideTests` compares the two.
extension Guide {
  struct SettingsBus: PortBundle {
    let width: Int
    let enable = Forward<Bit>()
    let number: Forward<Unsigned>
    let accepted = Backward<Bit>()

    init(width: Int) {
      self.width = width
      number = Forward(width)
    }
  }

  struct Engine: Module {
    let settings = Target(SettingsBus(width: 4))
    @Output(4) var speed: Unsigned
    @Register(4) var held: Unsigned

    func body() {
      settings.accepted = settings.enable & (settings.number < 10)
      When(settings.accepted) { held = settings.number }
      speed = held
    }
  }

  struct Machine: Module {
    let control = Target(SettingsBus(width: 4))
    @Output(4) var speed: Unsigned

    func body() {
      let engine = instance("engine", Engine())
      connect(control, to: engine.settings)
      speed = engine.$speed
    }
  }

  struct Repeater: Module {
    let width: Int
    var bus: SettingsBus { SettingsBus(width: width) }
    let input = Target(\Self.bus)
    let output = Initiator(\Self.bus)

    func body() { connect(input, to: output) }
  }
  struct Question: PortBundle {
    let request = Stream<Unsigned>(8)
    let response = Flipped(Stream<Unsigned>(16))
  }

  struct Squarer: Module {
    let port = Target(Question())

    func body() {
      let number = port.request.payload
      port.response.payload = number * number
      port.response.valid = port.request.valid
      port.request.ready = port.response.ready
    }
  }

  struct Pixel: Record {
    let red = Forward<Unsigned>(5), green = Forward<Unsigned>(6), blue = Forward<Unsigned>(5)
    let last = Forward<Bit>()
  }

  struct Brightness: Module {
    let pixels = Target(Stream(Pixel()))
    let levels = Initiator(Stream<Unsigned>(8))
    @Output(8) var lines: Unsigned
    @Register(8) var count: Unsigned

    func body() {
      let color = pixels.payload
      levels.payload = color.red + color.green + color.blue
      levels.valid = pixels.valid
      pixels.ready = levels.ready
      When(pixels.transfers & color.last) { count = count &+ 1 }
      lines = count
    }
  }

  struct Averager: Module {
    let left = Target(Stream<Unsigned>(8))
    let right = Target(Stream<Unsigned>(8))
    let output = Initiator(Stream<Unsigned>(8))

    func body() {
      let pair = instance("pair", StreamJoin(Stream<Unsigned>(8), Stream<Unsigned>(8)))
      let fifo = instance("fifo", FIFO(Stream<Unsigned>(8), depth: 4))
      connect(left, to: pair.first)
      connect(right, to: pair.second)

      let both = pair.output
      fifo.input.payload = (both.payload.first + both.payload.second) >> 1
      fifo.input.valid = both.valid
      both.ready = fifo.input.ready
      connect(fifo.output, to: output)
    }
  }

  @Test func averagesWaitForTheReceiver() throws {
    let simulation = try Simulation(Averager())
    let waveform = simulation.record()
    simulation.reset()
    simulation.left.payload = 10
    simulation.left.valid = true
    simulation.step()
    simulation.right.payload = 21
    simulation.right.valid = true
    simulation.step()
    simulation.left.valid = false
    simulation.right.valid = false
    try simulation.run(until: { $0.output.valid }, limit: 4, "the average")
    #expect(simulation.output.payload == 15)
    simulation.step()
    simulation.output.ready = true
    simulation.step()
    #expect(!simulation.output.valid)
    #expect(try waveform.text("left.valid", "left.ready", "right.valid", "output.valid", "output.ready", "fifo.level") == """
      left.valid    ▁▁▁▁╱▔▔▔▔▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁
      left.ready    ▁▁▁▁▁▁▁▁╱▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁
      right.valid   ▁▁▁▁▁▁▁▁╱▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁
      output.valid  ▁▁▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔▔▔▔╲▁▁▁
      output.ready  ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔▔▔▔
      fifo.level    │0          │1      │0

      """)
  }
}
