import HDL
import Testing

/// Encodings that no state has, which a register may hold when the power comes on: the last case stands for them, in the
/// simulator and in the Verilog alike.
private struct ThreeStates: Module {
  enum Phase: Int, CaseIterable { case idle, run, done }
  @Input() var go: Bit
  @Output(4) var word: Unsigned
  @Output(4) var other: Unsigned
  @StateRegister var phase: Phase = .idle
  func body() {
    word = 0
    other = 0
    Switch($phase) {
      Case(.idle) { other = 1 }
      Case(.run) { word = 3 }
      Case(.done) { word = 5 }
    }
    When(go) { phase = .run }
  }
}

@Suite struct UnusedEncodingTests {
  @Test func theLastCaseStandsForThem() throws {
    let design = try CompiledDesign(ThreeStates())
    let simulations = (0..<40).map { design.simulation(.random(seed: UInt64($0))) }
    let strange = try #require(simulations.first { $0.peek(\.phase).int == 3 })
    #expect(strange.phase == nil)
    #expect(strange.word == 5 && strange.other == 0)
  }

  @Test func verilog() throws {
    try expectVerilog(
      ThreeStates(),
      """
      module three_states (
        input  wire clock,
        input  wire reset,
        input  wire go,
        output reg  [3:0] word,
        output reg  [3:0] other
      );
        localparam [1:0] PHASE_IDLE = 2'd0;
        localparam [1:0] PHASE_RUN = 2'd1;
        localparam [1:0] PHASE_DONE = 2'd2;
        reg [1:0] phase;

        always @* begin
          word = 4'd0;
          other = 4'd0;
          case (phase)
            PHASE_IDLE: other = 4'd1;
            PHASE_RUN: word = 4'd3;
            default: word = 4'd5; // PHASE_DONE
          endcase
        end

        always @(posedge clock) begin
          if (reset) begin
            phase <= PHASE_IDLE;
          end else if (go) begin
            phase <= PHASE_RUN;
          end
        end
      endmodule

      """)
  }

  /// A process that only some of the cases concern lists the others, lest the default takes their values, too.
  @Test func casesThatDoNothing() throws {
    try expectVerilog(
      Lamp(),
      """
      module lamp (
        input  wire clock,
        input  wire reset,
        output reg  [3:0] word
      );
        localparam [1:0] PHASE_IDLE = 2'd0;
        localparam [1:0] PHASE_RUN = 2'd1;
        localparam [1:0] PHASE_DONE = 2'd2;
        reg [1:0] phase;

        always @* begin
          word = 4'd0;
          case (phase)
            PHASE_IDLE: ;
            PHASE_RUN: ;
            default: word = 4'd5; // PHASE_DONE
          endcase
        end

        always @(posedge clock) begin
          if (reset) begin
            phase <= PHASE_IDLE;
          end else begin
            case (phase)
              PHASE_IDLE: phase <= PHASE_RUN;
              PHASE_RUN: phase <= PHASE_DONE;
              default: ;
            endcase
          end
        end
      endmodule

      """)
  }
}

private struct Lamp: Module {
  @Output(4) var word: Unsigned
  @StateRegister var phase: ThreeStates.Phase = .idle
  func body() {
    word = 0
    Switch($phase) {
      Case(.idle) { phase = .run }
      Case(.run) { phase = .done }
      Case(.done) { word = 5 }
    }
  }
}
