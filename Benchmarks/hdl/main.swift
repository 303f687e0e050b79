import HDL

// Does one thing per run, so that a process's time and memory are those of the one thing:
//   HDLBenchmark print N         elaborates an N × N array and prints its Verilog
//   HDLBenchmark simulate N C    simulates an N × N array for C cycles, with new operands in each; prints the
//                                seconds before the first cycle, the cycles per second, and the bottom row of sums in the end
//   HDLBenchmark verilog NAME    prints the Verilog of a design that runs by itself: rv32, or a number N for an N × N array
//   HDLBenchmark run NAME E C    simulates it for C cycles by engine E, interpreter or native; prints the seconds before the
//                                first cycle, the cycles per second, and the result in the end

/// The operands of every cycle, the same in all languages: a linear congruential generator, whose upper half is used.
struct Operands {
  private var state: UInt64 = 1

  private mutating func upper() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 32
  }
  mutating func word() -> UInt64 {
    let high = upper()
    return high << 32 | upper()
  }
}

func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

func simulate(size: Int, cycles: Int) throws {
  let clock = ContinuousClock()
  let begin = clock.now
  let simulation = try Simulation(SystolicArray(size: size))
  let preparing = clock.now - begin
  simulation.reset()
  var operands = Operands()
  var words = [UInt64](repeating: 0, count: (8 * size + 63) / 64)
  let time = clock.measure {
    for cycle in 0..<cycles {
      simulation.clear = cycle % 64 == 0
      simulation.shift = cycle % 64 >= 64 - size
      for index in words.indices { words[index] = operands.word() }
      simulation.poke(\.a, words: words)
      for index in words.indices { words[index] = operands.word() }
      simulation.poke(\.b, words: words)
      simulation.step()
    }
  }
  print("simulate", seconds(preparing), Double(cycles) / seconds(time), simulation.peek(\.total).hexadecimal)
}

func run(_ top: some Module, _ engine: String, _ cycles: Int) throws {
  guard let engine = SimulationEngine(rawValue: engine) else { fatalError("there is no engine \(engine)") }
  let clock = ContinuousClock(), begin = clock.now
  let simulation = try Simulation(top, engine: engine)
  let preparing = clock.now - begin
  if simulation.isNative != (engine == .native) { fatalError("the engine \(engine) does not run") }
  simulation.reset()
  let time = clock.measure { simulation.step(cycles) }
  print("run", seconds(preparing), Double(cycles) / seconds(time), try simulation.peek("result").hexadecimal)
}

let words = Array(CommandLine.arguments.dropFirst(2))
let arguments = CommandLine.arguments.dropFirst(2).compactMap { Int($0) }
switch CommandLine.arguments.dropFirst().first {
case "print" where arguments.count == 1: print(VerilogPrinter.text(try elaborate(SystolicArray(size: arguments[0]))))
case "simulate" where arguments.count == 2: try simulate(size: arguments[0], cycles: arguments[1])
case "verilog" where words == ["rv32"]: print(VerilogPrinter.text(try elaborate(RV32())))
case "verilog" where arguments.count == 1: print(VerilogPrinter.text(try elaborate(FreeRunning(size: arguments[0]))))
case "run" where words.first == "rv32" && arguments.count == 1: try run(RV32(), words[1], arguments[0])
case "run" where words.count == 3 && arguments.count == 2: try run(FreeRunning(size: arguments[0]), words[1], arguments[1])
default: print("usage: HDLBenchmark print N | simulate N CYCLES | verilog NAME | run NAME ENGINE CYCLES")
}
