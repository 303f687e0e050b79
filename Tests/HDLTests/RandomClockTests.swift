import Foundation
import HDL
import Testing

/// Hardware of several clocks that tick alone and together, in any order: the simulator, Icarus and Verilator agree.
///
/// The three are independent of each other; there is no model besides. Every day a small part runs, without Verilator.
@Suite struct RandomClockTests {
  /// What happens next: some clocks tick, with or without their resets.
  struct Event {
    let ticks: [Bool]
    let isReset: Bool
    /// Of the three domains.
    let inputs: [Int]
  }
  private static let outputs = ["y", "yLeft", "yRight", "ySlow"]
  /// After so many cycles of reset of all clocks everything is known.
  private static let known = 12

  private func events(_ count: Int, seed: UInt64) -> [Event] {
    var random = SplitMix(state: seed ^ 0xE7E27)
    return (0..<Self.known + 24 + count).map { number in
      let inputs = (0..<3).map { _ in random.int(0...(1 << RandomClocks.inputWidth) - 1) }
      // All in reset; then all together, until the divided clock has had its own reset, too; then anything.
      if number < Self.known + 24 { return Event(ticks: [true, true, true], isReset: number < Self.known, inputs: inputs) }
      let ticks = random.int(1...7)
      return Event(ticks: (0..<3).map { ticks >> $0 & 1 == 1 }, isReset: random.int(0...19) == 0, inputs: inputs)
    }
  }

  private func simulated(_ batch: RandomClockBatch, _ events: [Event]) throws -> [[String]] {
    let simulation = try Simulation(batch)
    let domains = [ClockDomain.default, batch.left, batch.right]
    return try events.map { event in
      (simulation.x, simulation.xLeft, simulation.xRight) = (event.inputs[0], event.inputs[1], event.inputs[2])
      let ticking = zip(domains, event.ticks).filter(\.1).map(\.0)
      let seen = try batch.seeds.indices.flatMap { unit in
        try Self.outputs.map { try simulation.peek("unit_\(unit).\($0)").pattern.hexadecimal }
      }
      switch (ticking.count, event.isReset) {
      case (1, true): simulation.reset(in: ticking[0])
      case (1, false): simulation.step(in: ticking[0])
      case (2, true): simulation.reset(in: ticking[0], ticking[1])
      case (2, false): simulation.step(in: ticking[0], ticking[1])
      case (_, let isReset): isReset ? simulation.reset() : simulation.step()
      }
      return seen
    }
  }

  private func run(_ tool: Tool, _ language: Language, _ batch: RandomClockBatch, _ events: [Event]) throws -> [[String]] {
    try withTemporaryDirectory { directory in
      let names = Self.outputs.map { ["y": "y", "yLeft": "y_left", "yRight": "y_right", "ySlow": "y_slow"][$0] ?? "" }
      let shown = batch.seeds.indices.flatMap { unit in names.map { "      $display(\"%h\", top.unit_\(unit).\($0));\n" } }.joined()
      let width = RandomClocks.inputWidth
      let bench = """
        module bench;
          reg [2:0] clocks = 0, resets = 0;
          reg [\(width - 1):0] x, x_left, x_right;
          reg [\(3 * width + 3):0] events [0:\(events.count - 1)];
          reg [2:0] ticks;
          reg is_reset;
          wire y;
          integer i;
          random_clock_batch top (
            .clock(clocks[0]), .reset(resets[0]), .left_clock(clocks[1]), .left_reset(resets[1]), .right_clock(clocks[2]),
            .right_reset(resets[2]), .x(x), .x_left(x_left), .x_right(x_right), .y(y));
          initial begin
            $readmemh("events.hex", events);
            for (i = 0; i < \(events.count); i = i + 1) begin
              {is_reset, ticks, x_right, x_left, x} = events[i];
              #1;
        \(shown)      resets = is_reset ? ticks : 3'd0;
              #1 clocks = ticks;
              #1 clocks = 0;
              resets = 0;
              #1;
            end
            $finish;
          end
        endmodule

        """
      let text = try language.text(elaborate(batch)) + bench
      try text.write(to: directory.appendingPathComponent("bench.\(language.ending)"), atomically: true, encoding: .utf8)
      let lines = events.map { event in
        let ticks = event.ticks.enumerated().reduce(0) { $0 | ($1.element ? 1 << $1.offset : 0) }
        let inputs = event.inputs.enumerated().reduce(0) { $0 | $1.element << (width * $1.offset) }
        return String((event.isReset ? 8 | ticks : ticks) << (3 * width) | inputs, radix: 16) + "\n"
      }
      try lines.joined().write(to: directory.appendingPathComponent("events.hex"), atomically: true, encoding: .utf8)
      let values = try tool.simulateBench(in: directory, language).split(separator: "\n").filter { !$0.contains(" ") }.map { digits in
        let trimmed = digits.drop { $0 == "0" }
        return trimmed.isEmpty ? "0" : String(trimmed)
      }
      let count = batch.seeds.count * names.count
      try #require(values.count == count * events.count)
      return events.indices.map { Array(values[$0 * count..<($0 + 1) * count]) }
    }
  }

  /// The first difference after everything is known, in words.
  private func difference(_ a: [[String]], _ b: [[String]], _ batch: RandomClockBatch) -> (unit: Int, text: String)? {
    for event in a.indices.dropFirst(Self.known + 24) {
      for column in a[event].indices where a[event][column] != b[event][column] {
        let (unit, output) = (column / Self.outputs.count, Self.outputs[column % Self.outputs.count])
        return (unit, "event \(event), \(output): \(a[event][column]), the tool says \(b[event][column])")
      }
    }
    return nil
  }

  @Test(.enabled(if: Tool.available(.iverilog, .vvp)), arguments: RandomAgreementTests.seeds)
  func everyEventGivesTheSame(seed: UInt64) throws {
    let isFull = RandomAgreementTests.isFull
    print("\(isFull ? 60 : 8) random modules of several clocks, seed \(seed) (WEFT_SEED=\(seed) repeats it)")
    let batch = RandomClockBatch((0..<(isFull ? 60 : 8)).map { seed &* 104_729 &+ UInt64($0) })
    let events = events(isFull ? 300 : 100, seed: seed), ours = try simulated(batch, events)
    for (tool, language) in RandomAgreementTests.readers {
      guard let wrong = difference(ours, try run(tool, language, batch, events), batch) else { continue }
      // The module alone, and only as many events as it takes.
      let alone = RandomClockBatch([batch.seeds[wrong.unit]])
      let again = try difference(simulated(alone, events), run(tool, language, alone, events), alone)
      Issue.record("seed \(seed), \(tool.rawValue) with \(language), module \(alone.seeds[0]): \(again?.text ?? wrong.text)\n\(try language.text(elaborate(alone)))")
    }
    // A test of constants would agree, too.
    let last = ours.suffix(50)
    let moving = ours[0].indices.filter { column in Set(last.map { $0[column] }).count > 1 }
    #expect(moving.count > ours[0].count / 3, "only \(moving.count) of \(ours[0].count) outputs change")
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    #expect(try lint(elaborate(RandomClockBatch([1, 2, 3]))) == "")
  }
}
