import HDL
import Testing

/// The properties of clock domains: edge, kind of reset, enable, initial values. No module says anything of them.

/// A counter with a memory behind it, and a register that reset leaves alone.
private struct Tally: Module {
  @Input() var enable: Bit
  @Output(4) var count: Unsigned
  @Output(4) var last: Unsigned
  @Output(4) var before: Unsigned
  @Register(4, reset: 9) var value: Unsigned
  @Register(4, reset: nil) var previous: Unsigned

  func body() {
    When(enable) { value = value &+ 1 }
    previous = value
    let rows = Memory("rows", depth: 4, width: 4, collision: .readsOld)
    rows.write(at: value[0..<2], value)
    count = value
    last = rows.read(at: value[0..<2])
    before = previous
  }
}

private let everyReset: [ClockDomain.Reset] = [.synchronous, .synchronousActiveLow, .asynchronous, .asynchronousActiveLow, .powerUp]

/// One counter in each of several domains of one clock.
private struct Rates: Module {
  @Input() var tick: Bit
  @Input() var clear: Bit
  @Output(4) var fast: Unsigned
  @Output(4) var slow: Unsigned
  @Output(4) var half: Unsigned
  @Output(4) var cleared: Unsigned

  func body() {
    let slowly = ClockDomain("slowly", clockOf: .default, enable: tick)
    let below = ClockDomain("below", clockOf: slowly, edge: .falling)
    let clearing = Register<Bit>("clearing")
    clearing.value = clear
    let atOnce = ClockDomain("atOnce", clockOf: .default, reset: clearing.value, kind: .asynchronous)
    for (name, domain) in [("fast", ClockDomain.default), ("slow", slowly), ("half", below), ("cleared", atOnce)] {
      let counter = instance(name, Nibble(), in: domain)
      switch name {
      case "fast": fast = counter.$value
      case "slow": slow = counter.$value
      case "half": half = counter.$value
      default: cleared = counter.$value
      }
    }
  }
}
private struct Nibble: Module {
  @Output(4) var value: Unsigned
  @Register(4) var count: Unsigned
  func body() {
    count = count &+ 1
    value = count
  }
}

/// What elaboration complains of.
private func messages(_ body: () throws(ElaborationFailure) -> Design) -> [String] {
  do throws(ElaborationFailure) {
    _ = try body()
    return []
  } catch {
    return error.diagnostics.map(\.message)
  }
}

@Suite struct ClockPropertyTests {
  private func text(_ domain: ClockDomain) throws -> String { VerilogPrinter.text(try elaborate(Tally(), in: domain)) }

  @Test func aPlainClockIsTheDefault() throws {
    #expect(try text(.default) == text(ClockDomain("x")))
    #expect(try text(ClockDomain("x", edge: .rising, reset: .synchronous)) == text(.default))
  }

  @Test func anAsynchronousActiveLowReset() throws {
    try expectVerilog(
      Tally(), in: ClockDomain("x", reset: .asynchronousActiveLow, enable: true),
      """
      module tally (
        input  wire clock,
        input  wire reset_n,
        input  wire clock_enable,
        input  wire enable,
        output wire [3:0] count,
        output wire [3:0] last,
        output wire [3:0] before_
      );
        reg [3:0] value;
        reg [3:0] previous;
        reg [3:0] rows_data;
        reg [3:0] rows [0:3];

        assign count = value;
        assign last = rows_data;
        assign before_ = previous;

        always @(posedge clock or negedge reset_n) begin
          if (!reset_n) begin
            value <= 4'd9;
          end else if (clock_enable) begin
            if (enable) begin
              value <= value + 4'd1;
            end
          end
        end

        always @(posedge clock) begin
          if (clock_enable) begin
            previous <= value;
          end
        end

        always @(posedge clock) begin
          if (clock_enable) begin
            rows[value[1:0]] <= value;
          end
        end

        always @(posedge clock) begin
          if (clock_enable) begin
            rows_data <= rows[value[1:0]];
          end
        end
      endmodule

      """)
  }

  @Test func powerUpValuesAndAFallingEdge() throws {
    let text = try text(ClockDomain("x", edge: .falling, reset: .powerUp))
    #expect(text.contains("  initial begin\n    value = 4'd9;\n  end\n\n  always @(negedge clock) begin\n    if (enable) begin"))
    #expect(!text.contains("reset"))
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: everyReset, [ClockDomain.Edge.rising, .falling])
  func lintersAreSilent(reset: ClockDomain.Reset, edge: ClockDomain.Edge) throws {
    for enable in [false, true] {
      #expect(try lint(elaborate(Tally(), in: ClockDomain("x", edge: edge, reset: reset, enable: enable, initialValues: true))) == "")
    }
    #expect(try lint(elaborate(Rates(), in: ClockDomain("x", edge: edge, reset: reset))) == "")
  }

  @Test(arguments: everyReset) func aResetActsWhenItShould(reset: ClockDomain.Reset) throws {
    let simulation = try Simulation(Tally(), in: ClockDomain("x", reset: reset))
    #expect(simulation.count == (reset == .powerUp ? 9 : 0))
    simulation.enable = true
    simulation.step(3)
    #expect(simulation.count == (reset == .powerUp ? 12 : 3))
    simulation.reset(cycles: 0)
    #expect(simulation.count == (reset == .powerUp ? 12 : reset == .synchronous || reset == .synchronousActiveLow ? 3 : 9))
    simulation.reset()
    #expect(simulation.count == (reset == .powerUp ? 13 : 9))
  }

  @Test func anEnableHoldsEverythingButReset() throws {
    let simulation = try Simulation(Tally(), in: ClockDomain("x", enable: true))
    simulation.enable = true
    simulation.reset()
    simulation.step(2)
    simulation.setClockEnable(false)
    let seen = [simulation.count, simulation.last, simulation.before]
    simulation.step(5)
    #expect([simulation.count, simulation.last, simulation.before] == seen)
    simulation.reset()
    #expect([simulation.count, simulation.last, simulation.before] == [9, seen[1], seen[2]])
    simulation.setClockEnable(true)
    simulation.step()
    #expect(simulation.count == 10)
  }

  @Test func unlikeClocksMakeUnlikeModules() throws {
    let design = try elaborate(Rates())
    #expect(design.modules.map(\.name) == ["nibble", "nibble_enabled", "nibble_falling_enabled", "nibble_asynchronous", "rates"])
    let simulation = try Simulation(Rates())
    simulation.reset()
    simulation.tick = false
    simulation.step(3)
    simulation.tick = true
    simulation.step(2)
    #expect([simulation.fast, simulation.slow, simulation.half, simulation.cleared] == [5, 2, 2, 6])
    simulation.clear = true
    simulation.step()
    #expect([simulation.fast, simulation.cleared] == [6, 0])
  }

  @Test func aPropertyThatIsDeclaredMustAgree() throws {
    struct Sampler: Module {
      let probe = ClockDomain("probe", edge: .falling)
      @Output(4) var value: Unsigned
      @Register var count: Unsigned
      init() {
        _value = Output(4, in: probe)
        _count = Register(4, in: probe)
      }
      func body() {
        count = count &+ 1
        value = count
      }
    }
    struct Around: Module {
      @Output(4) var value: Unsigned
      func body() {
        let sampler = instance("sampler", Sampler())
        sampler.probe = .default
        value = sampler.$value
      }
    }
    #expect(throws: Never.self) { try elaborate(Sampler()) }
    #expect(throws: Never.self) { try elaborate(Around(), in: ClockDomain("x", edge: .falling)) }
    #expect(
      messages { () throws(ElaborationFailure) in try elaborate(Around()) } == [
        "clock domain 'sampler.probe' is declared with the falling edge, and 'default', with which it is connected, has the rising edge; make them agree, or declare it without properties"
      ])
  }

  /// Domains that the top stores are given theirs beside the default one.
  @Test func domainsOfTheTop() throws {
    let low = ClockDomain("bus", reset: .asynchronousActiveLow)
    let text = VerilogPrinter.text(try elaborate(PulseCounter(width: 4), and: [low]))
    #expect(text.contains("@(posedge bus_clock or negedge bus_reset_n)") && text.contains("@(posedge pulses_clock)"))
    #expect(
      messages { () throws(ElaborationFailure) in try elaborate(PulseCounter(width: 4), and: [ClockDomain("buss")]) } == [
        "the top has no clock domain 'buss' of its own; did you mean 'bus'?"
      ])
  }

  @Test func aResetThatActsAtOnceMustNotGlitch() throws {
    struct Glitch: Module {
      @Input() var a: Bit
      @Input() var b: Bit
      @Output(4) var value: Unsigned
      func body() {
        let atOnce = ClockDomain("atOnce", clockOf: .default, reset: a & b, kind: .asynchronous)
        value = instance("nibble", Nibble(), in: atOnce).$value
      }
    }
    #expect(
      messages { () throws(ElaborationFailure) in try elaborate(Glitch()) } == [
        "the asynchronous reset of clock domain 'atOnce' is 'a & b', which is logic and may glitch; put a Register before it"
      ])
  }

  @Test func aValueIsActiveHigh() throws {
    struct Low: Module {
      @Input() var clear: Bit
      @Output(4) var value: Unsigned
      func body() { value = instance("nibble", Nibble(), in: ClockDomain("low", clockOf: .default, reset: clear, kind: .asynchronousActiveLow)).$value }
    }
    #expect(messages { () throws(ElaborationFailure) in try elaborate(Low()) } == ["the reset of clock domain 'low' is a value, which is 1 in reset; use kind: .asynchronous"])
  }

  /// Another kind for the same reset could take one that is active low for one that is active high.
  @Test func theResetOfAnotherKeepsItsKind() throws {
    struct Kind: Module {
      @Output(4) var value: Unsigned
      func body() { value = instance("nibble", Nibble(), in: ClockDomain("late", clockOf: .default, kind: .asynchronous)).$value }
    }
    #expect(
      messages { () throws(ElaborationFailure) in try elaborate(Kind()) } == [
        "clock domain 'late' has the reset of 'default', which acts as it does there; give it a reset of its own, or leave out kind:"
      ])
  }

  @Test func aPortMayNotTakeTheNameOfItsReset() throws {
    struct Taken: Module {
      @Input() var resetN: Bit
      @Output() var value: Bit
      @Register() var held: Bit
      func body() {
        held = resetN
        value = held
      }
    }
    #expect(throws: Never.self) { try elaborate(Taken()) }
    #expect(
      messages { () throws(ElaborationFailure) in try elaborate(Taken(), in: ClockDomain("x", reset: .asynchronousActiveLow)) } == [
        "port 'resetN' has the name of a port that the clock domain brings with it; give it another name"
      ])
  }

  /// A board's button resets at once, and lets go with the clock.
  @Test func aSynchronizedResetEndsWithTheClock() throws {
    struct Board: Module {
      @Input(in: .asynchronous) var button: Bit
      @Output(4) var value: Unsigned
      func body() {
        let board = ClockDomain("board", clockOf: .default, reset: synchronizedReset(button, into: .default), kind: .asynchronous)
        value = instance("nibble", Nibble(), in: board).$value
      }
    }
    let simulation = try Simulation(Board())
    simulation.reset()
    simulation.step(6)
    let before = simulation.value
    #expect(before > 0)
    simulation.button = true
    #expect(simulation.value == 0)
    simulation.step(2)
    simulation.button = false
    simulation.step(2)
    #expect(simulation.value == 0)
    simulation.step()
    #expect(simulation.value == 1)
  }
}
