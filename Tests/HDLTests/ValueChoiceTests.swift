import HDL
import Testing

/// Choices that are values: `when` and `choose(by:)`.

private enum Operation: Int, CaseIterable { case add, subtract, both }

private struct Choices: Module {
  @Input(8) var a: Unsigned
  @Input(8) var b: Unsigned
  @Input(3) var code: Unsigned
  @Input() var operation: Enumerated<Operation>
  @Output(8) var first: Unsigned
  @Output(8) var second: Unsigned
  @Output(8) var third: Unsigned
  func body() {
    first = when(a > b) { a }.elseWhen(code === 0) { b }.otherwise { 7 }
    second = choose(by: code) {
      Choice(0) { a &+ b }
      Choice(1, 5) { a &- b }
      Choice(bits: "01?") { a ^ b }
      Otherwise { 0 }
    }
    third = choose(by: operation) {
      Choice(.add) { a &+ 1 }
      Choice(.subtract) { a &- 1 }
      Choice(.both) { a }
    }.named("stepped")
  }
}

@Suite struct ValueChoiceTests {
  @Test func asText() throws {
    try expectVerilog(
      Choices(),
      """
      module choices (
        input  wire [7:0] a,
        input  wire [7:0] b,
        input  wire [2:0] code,
        input  wire [1:0] operation,
        output wire [7:0] first,
        output wire [7:0] second,
        output wire [7:0] third
      );
        localparam [1:0] OPERATION_ADD = 2'd0;
        localparam [1:0] OPERATION_SUBTRACT = 2'd1;
        localparam [1:0] OPERATION_BOTH = 2'd2;
        reg [7:0] choice;
        reg [7:0] stepped;

        assign first = (a > b) ? a : (code == 3'd0) ? b : 8'd7;

        always @* begin
          case (code)
            3'd0: choice = a + b;
            3'd1, 3'd5: choice = a - b;
            3'd2, 3'd3: choice = a ^ b;
            default: choice = 8'd0;
          endcase
        end

        assign second = choice;

        always @* begin
          case (operation)
            OPERATION_ADD: stepped = a + 8'd1;
            OPERATION_SUBTRACT: stepped = a - 8'd1;
            default: stepped = a; // OPERATION_BOTH
          endcase
        end

        assign third = stepped;
      endmodule

      """)
  }

  @Test func asHardware() throws {
    let simulation = try Simulation(Choices())
    for code in 0..<8 {
      (simulation.a, simulation.b, simulation.code, simulation.operation) = (12, 10, code, .subtract)
      let expected = [22, 2, 6, 6, 0, 2, 0, 0][code]
      #expect(simulation.second == expected && simulation.first == 12 && simulation.third == 11)
      simulation.a = 3
      #expect(simulation.first == (code == 0 ? 10 : 7))
    }
  }

  /// Inside a `When` the choice itself still is always there.
  @Test func withinAWhen() throws {
    struct Inside: Module {
      @Input() var go: Bit
      @Input(2) var code: Unsigned
      @Output(4) var y: Unsigned
      func body() {
        y = 0
        When(go) { y = choose(by: code) { Choice(1) { 5 }; Otherwise { Unsigned(3, width: 4) } } }
      }
    }
    let simulation = try Simulation(Inside())
    (simulation.go, simulation.code) = (true, 1)
    #expect(simulation.y == 5)
    simulation.code = 2
    #expect(simulation.y == 3)
    simulation.go = false
    #expect(simulation.y == 0)
  }

  @Test func everyValueIsCoveredOnce() {
    struct Holes: Module {
      @Input(2) var code: Unsigned
      @Output(4) var y: Unsigned
      func body() { y = choose(by: code) { Choice(0, 1) { Unsigned(1, width: 4) }; Choice(1) { 2 } } }
    }
    do {
      _ = try elaborate(Holes())
      Issue.record("nothing was said")
    } catch {
      #expect(error.diagnostics.map(\.message) == [
        "Case(1) appears twice in the Switch over 'code'; merge the two", "the Switch over 'code' misses 2, 3; add the Case or a Default",
      ])
    }
  }
}
