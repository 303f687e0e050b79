import Foundation
@testable import HDL
import Testing

/// Lines that the hardware prints: the same in the simulator and in the printed text.

private struct Talker: Module {
  let label: String
  @Input(6) var amount: Signed
  @Output(6) var total: Signed
  @Register(6) var sum: Signed
  func body() {
    sum = sum &+ amount
    total = sum
    When(amount < 0) { Print("\(label) 100%: \(amount) from \(sum.asUnsigned, .hexadecimal) or \(sum, .binary)") }.Else {
      When(sum === 5) { Print("five") }
    }
  }
}

@Suite struct PrintTests {
  private let amounts = [3, 2, 0, -7, 31, -32, 5, -1]

  private func printed() throws -> [String] {
    let simulation = try Simulation(Talker(label: "sum"))
    var lines: [String] = []
    simulation.printer = { lines.append($0.text) }
    simulation.amount = -1
    simulation.reset()
    for amount in amounts {
      simulation.amount = amount
      simulation.step()
    }
    return lines
  }

  @Test func wherePathsLead() throws {
    #expect(try printed() == ["five", "sum 100%: -7 from 05 or 000101", "sum 100%: -32 from 1d or 011101", "sum 100%: -1 from 02 or 000010"])
  }

  @Test(.enabled(if: Tool.available(.iverilog, .vvp))) func asDisplay() throws {
    let text = try VerilogPrinter.text(elaborate(Talker(label: "sum")))
    let steps = amounts.map { "    amount = \($0); #1 clock = 1; #1 clock = 0;\n" }.joined()
    let bench = """
      module bench;
        reg clock = 0, reset = 1;
        reg signed [5:0] amount = -1;
        wire signed [5:0] total;
        talker top (.clock(clock), .reset(reset), .amount(amount), .total(total));
        initial begin
          #1 clock = 1; #1 clock = 0; reset = 0;
      \(steps)    $finish;
        end
      endmodule

      """
    try withTemporaryDirectory { directory in
      try (text + bench).write(to: directory.appendingPathComponent("bench.v"), atomically: true, encoding: .utf8)
      let lines = try Tool.iverilog.simulateBench(in: directory).split(separator: "\n").map(String.init)
      #expect(try lines == printed())
    }
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    for reset in [ClockDomain.Reset.synchronous, .asynchronous, .asynchronousActiveLow, .powerUp] {
      let complaints = try lint(elaborate(Talker(label: "a"), in: ClockDomain("x", reset: reset)))
      #expect(complaints == "", "\(reset)")
    }
  }

  /// Digits of numbers that no integer of the machine holds, as Python writes them.
  @Test func wideNumbers() {
    let wide = BitVector(width: 130, words: [0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, 3])
    #expect(wide.decimal(isSigned: false) == "1359617101608549682906166074357389708783")
    #expect(wide.decimal(isSigned: true) == "-1512366075204170947332355369683137041")
    #expect(BitVector.zero(100).decimal(isSigned: true) == "0")
    #expect(BitVector(width: 70, words: [1_000_000_000_000_000_000, 0]).decimal(isSigned: false) == "1000000000000000000")
  }

  /// What is printed or stated belongs to the clock of what it looks at.
  @Test func remarksHaveAClock() {
    struct Elsewhere: Module {
      let data = ClockDomain("data")
      let isNamed: Bool
      @Input var d: Unsigned
      @Output var y: Unsigned
      @Register var x: Unsigned
      init(isNamed: Bool) {
        self.isNamed = isNamed
        _d = Input(8, in: data)
        _x = Register(8, in: data)
        _y = Output(8, in: data)
      }
      func body() {
        x = d
        y = x
        Print("x \(x)", in: isNamed ? data : nil)
        Assert(x < 200, "small", in: isNamed ? data : nil)
      }
    }
    #expect(throws: Never.self) { try elaborate(Elsewhere(isNamed: true)) }
    do {
      _ = try elaborate(Elsewhere(isNamed: false))
      Issue.record("nothing was said")
    } catch {
      #expect(
        error.diagnostics.map(\.message) == [
          "the property 'small' of clock domain 'default' follows 'x' of clock domain 'data' without a synchronizer; say in: data",
          "a Print of clock domain 'default' follows 'x' of clock domain 'data' without a synchronizer; say in: data",
        ])
    }
  }
}
