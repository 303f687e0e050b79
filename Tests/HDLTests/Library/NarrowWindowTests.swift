import HDL
import Testing

/// Windows of one byte: their address has a bit, for there is no value without, and it is 0.

private struct Doors: Module {
  static let even = AddressWindow("even", at: 2, bytes: 1, "A byte."), odd = AddressWindow("odd", at: 3, bytes: 1, "A byte.")
  static let pair = AddressWindow("pair", at: 4, bytes: 2, "Two bytes.")
  static let map = AddressMap("doors", "Doors.", dataWidth: 8, registers: [], windows: [even, odd, pair])
  let bus = Target(RegisterBus(addressWidth: 3, dataWidth: 8))
  let even = Initiator(RegisterBus(addressWidth: 1, dataWidth: 8))
  let odd = Initiator(RegisterBus(addressWidth: 1, dataWidth: 8))
  let pair = Initiator(RegisterBus(addressWidth: 1, dataWidth: 8))

  func body() {
    let registers = instance("registers", RegisterBlock(Self.map))
    connect(bus, to: registers.bus)
    connect(registers.window(Self.even), to: even)
    connect(registers.window(Self.odd), to: odd)
    connect(registers.window(Self.pair), to: pair)
  }
}

@Test(arguments: [(2, "even", 0), (3, "odd", 0), (4, "pair", 0), (5, "pair", 1)])
func addressesInNarrowWindows(address: Int, window: String, inside: Int) throws {
  let simulation = try Simulation(Doors())
  simulation.reset()
  try simulation.poke("bus.request.payload.address", address)
  try simulation.poke("bus.request.valid", 1)
  for other in ["even", "odd", "pair"] { #expect(try simulation.peek("\(other).request.valid").int == (other == window ? 1 : 0)) }
  #expect(try simulation.peek("\(window).request.payload.address").int == inside)
}

@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilentAboutNarrowWindows() throws {
  #expect(try lint(elaborate(Doors())) == "")
}
