import Foundation
import HDL
import Machine
import Testing

@testable import Generators

/// Fields of a line of stimulus, most significant first.
private typealias Fields = [(value: Int, bits: Int)]

/// Feeds a module one line a cycle in Icarus Verilog and returns what comes out `latency` cycles later.
/// - Parameter ports: the input ports in the order of the fields; a port may span several fields.
private func simulate<M: Module>(
  _ module: M, top: String, ports: [(name: String, bits: Int)], lines: [Fields], latency: Int
) throws -> [Int] {
  try withVerilog(of: elaborate(module)) { directory in
    let text = lines.map { fields in
      fields.map { value, bits in
        let digits = String(UInt64(truncatingIfNeeded: value) & ((1 << UInt64(bits)) - 1), radix: 2)
        return String(repeating: "0", count: bits - digits.count) + digits
      }.joined()
    }
    try (text.joined(separator: "\n") + "\n").write(
      to: directory.appendingPathComponent("lines.txt"), atomically: true, encoding: .utf8)
    let width = ports.reduce(0) { $0 + $1.bits }
    var low = width
    let connections = ports.map { port -> String in
      low -= port.bits
      return ".\(port.name)(line[\(low + port.bits - 1):\(low)])"
    }
    let bench = """
      module bench;
        reg clock = 0;
        reg [\(width - 1):0] lines [0:\(lines.count - 1)];
        reg [\(width - 1):0] line;
        wire signed [7:0] result;
        integer i;
        \(top) dut (.clock(clock), \(connections.joined(separator: ", ")), .result(result));
        initial begin
          $readmemb("lines.txt", lines);
          for (i = 0; i < \(lines.count + latency); i = i + 1) begin
            line = lines[i < \(lines.count) ? i : \(lines.count - 1)];
            #1 if (i >= \(latency)) $display("%0d", result);
            clock = 1; #1 clock = 0;
          end
        end
      endmodule
      """
    try bench.write(to: directory.appendingPathComponent("bench.v"), atomically: true, encoding: .utf8)
    let result = try run("iverilog -g2005 -o bench *.v && vvp -n bench", in: directory)
    #expect(result.status == 0, "\(result.output.prefix(500))")
    return result.output.split(separator: "\n").map { Int($0) ?? Int.min }
  }
}

/// A reproducible generator of random numbers; failures print its seed.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct PostLanesTests {
  /// Random and directed sums, one a cycle, each with parameters of its own, against `ParameterWord`'s formula.
  @Test(arguments: [24, 32], [(3, -128, 127), (-128, -100, 90), (127, 0, 127)])
  func requantizeLaneFollowsTheFormula(_ accumulatorBits: Int, _ layer: (Int, Int, Int)) throws {
    guard isInstalled("iverilog") else { return }
    let seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix(state: seed)
    let (zero, low, high) = layer
    var lines: [Fields] = [], expected: [Int] = []
    for index in 0..<3000 {
      let limit = 1 << (accumulatorBits - 2)
      let sum = index % 3 == 0 ? Int.random(in: -200...200, using: &random) : Int.random(in: -limit..<limit, using: &random)
      let bias = index % 4 == 0 ? Int.random(in: -limit..<limit, using: &random) : Int.random(in: -50...50, using: &random)
      let shift = Int.random(in: 1...62, using: &random)
      let word = ParameterWord(
        bias: Int32(bias), multiplier: index % 5 == 0 ? 1 << 30 : Int32.random(in: 0 ... .max, using: &random),
        shift: shift, doubleRounding: shift > 31 && Bool.random(using: &random))
      lines.append([(sum, accumulatorBits)] + word.words.reversed().map { (Int($0), 32) } + [(zero, 8), (low, 8), (high, 8)])
      expected.append(min(max(word.requantize(sum) + zero, low), high))
    }
    let got = try simulate(
      RequantizeLane(accumulatorBits: accumulatorBits), top: "weft_requantize_lane",
      ports: [("sum", accumulatorBits), ("parameters", 96), ("zero", 8), ("low", 8), ("high", 8)],
      lines: lines, latency: PostLatency.requantize)
    #expect(got.count == expected.count)
    let wrong = zip(got, expected).enumerated().first { $0.element.0 != $0.element.1 }
    #expect(wrong == nil, "seed \(seed): line \(String(describing: wrong)), \(wrong.map { "\(lines[$0.offset])" } ?? "")")
    #expect(Set(expected).count > 20 || high - low < 200, "the vectors reach too few outputs to mean anything")
  }

  @Test func residualLaneFollowsTheFormula() throws {
    guard isInstalled("iverilog") else { return }
    let seed = UInt64.random(in: 0 ... .max)
    var random = SplitMix(state: seed)
    for _ in 0..<3 {
      let a = Int.random(in: -(1 << 22)..<1 << 22, using: &random), b = Int.random(in: -(1 << 22)..<1 << 22, using: &random)
      let shift = Int.random(in: 12...30, using: &random), k = Int.random(in: -(1 << 29)..<1 << 29, using: &random)
      let round = 1 << (shift - 1), delta = Int.random(in: -3...3, using: &random), zero = Int.random(in: -128...127, using: &random)
      var lines: [Fields] = [], expected: [Int] = []
      for _ in 0..<2000 {
        let x1 = Int.random(in: -128...127, using: &random), x2 = Int.random(in: -128...127, using: &random)
        lines.append([
          (x1, 8), (x2, 8), (a, 24), (b, 24), (k, 40), (round, 40), (delta, 24), (shift, 6), (zero, 8), (-120, 8), (126, 8),
        ])
        let d = a * x1 + b * x2 + k
        expected.append(min(max(((d + round - (d < 0 ? delta : 0)) >> shift) + zero, -120), 126))
      }
      let got = try simulate(
        ResidualLane(), top: "weft_residual_lane",
        ports: [
          ("first", 8), ("second", 8), ("factor_a", 24), ("factor_b", 24), ("offset", 40), ("round", 40), ("delta", 24),
          ("shift", 6), ("zero", 8), ("low", 8), ("high", 8),
        ], lines: lines, latency: PostLatency.residual)
      #expect(got == expected, "seed \(seed)")
    }
  }
}
