import HDL

// Measures one thing per run, so that a process's memory is that of the one thing:
//   HDLBenchmark print N        elaborates an N × N array and prints its Verilog
//   HDLBenchmark simulate N C   simulates an N × N array for C cycles, with new operands in each
// and says on standard error how long it took, in seconds, and for `simulate` a checksum of all sums.

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let clock = ContinuousClock()

func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

switch CommandLine.arguments.dropFirst().first {
case "print" where arguments.count == 1:
  var text = ""
  let time = try clock.measure { text = VerilogPrinter.text(try elaborate(SystolicArray(size: arguments[0]))) }
  print("print", arguments[0], seconds(time), text.utf8.count)
case "simulate" where arguments.count == 2:
  let (size, cycles) = (arguments[0], arguments[1])
  var simulation: Simulation<SystolicArray>?
  let preparing = try clock.measure { simulation = try Simulation(SystolicArray(size: size)) }
  guard let simulation else { break }
  simulation.reset()
  var state: UInt64 = 1
  /// The same operands in every language: a linear congruential generator, whose upper half is used.
  func random() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 32
  }
  let words = (8 * size + 63) / 64
  let time = clock.measure {
    for cycle in 0..<cycles {
      simulation.clear = cycle % 64 == 0
      simulation.poke(\.a, words: (0..<words).map { _ in random() << 32 | random() })
      simulation.poke(\.b, words: (0..<words).map { _ in random() << 32 | random() })
      simulation.step()
    }
  }
  let checksum = simulation.peek(\.total).words.reduce(0) { ($0 &* 31) &+ $1 }
  print("simulate", size, seconds(preparing), Double(cycles) / seconds(time), checksum)
default:
  print("usage: HDLBenchmark print N | simulate N CYCLES")
}
