import HDL
import Testing

/// The SystemVerilog of small designs, word for word.
@Suite struct SystemVerilogSnapshotTests {
  private func expect(_ module: some Module, _ expected: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    let text = try SystemVerilogPrinter.files(elaborate(module)).last?.text
    #expect(text == expected, sourceLocation: sourceLocation)
  }

  @Test func processes() throws {
    try expect(
      Counter(width: 8),
      """
      module counter (
        input  logic clock,
        input  logic reset,
        input  logic enable,
        output logic [7:0] value
      );
        logic [7:0] count;

        assign value = count;

        always_ff @(posedge clock) begin
          if (reset) begin
            count <= 8'd0;
          end else if (enable) begin
            count <= count + 8'd1;
          end
        end
      endmodule

      """)
  }

  @Test func states() throws {
    try expect(
      Lights(),
      """
      module lights (
        input  logic clock,
        input  logic reset,
        input  logic go,
        input  logic is_broken,
        input  logic [1:0] forced,
        output logic [1:0] shown,
        output logic is_green
      );
        typedef enum logic [1:0] {
          LIGHT_RED = 2'd0,
          LIGHT_GREEN = 2'd1,
          LIGHT_AMBER = 2'd2
        } light_t;
        light_t light;
        light_t before_;
        logic [1:0] latched;
        light_t next;
        light_t other;

        always_comb begin
          next = light;
          unique case (light)
            LIGHT_RED: begin
              if (go) begin
                next = LIGHT_GREEN;
              end
            end
            LIGHT_GREEN: begin
              if (go) begin
                if (is_broken) begin
                  next = LIGHT_RED;
                end else begin
                  next = LIGHT_GREEN;
                end
              end else begin
                next = LIGHT_AMBER;
              end
            end
            default: begin // LIGHT_AMBER
              if (is_broken) begin
                next = before_;
              end else begin
                next = LIGHT_RED;
              end
            end
          endcase
        end

        assign other = is_broken ? LIGHT_AMBER : next;
        assign shown = is_broken ? other : latched;
        assign is_green = light == LIGHT_GREEN;

        always_ff @(posedge clock) begin
          if (reset) begin
            light <= LIGHT_RED;
            before_ <= LIGHT_AMBER;
            latched <= LIGHT_RED;
          end else begin
            light <= next;
            before_ <= light;
            if (go) begin
              latched <= forced;
            end
          end
        end
      endmodule

      """)
  }

  @Test func records() throws {
    try expect(
      JobQueue(),
      """
      module job_queue (
        input  logic clock,
        input  logic reset,
        input  logic [1:0] place,
        input  logic [4:0] address,
        input  logic signed [3:0] offset,
        input  logic writes,
        input  logic [9:0] given,
        output logic [4:0] found,
        output logic signed [4:0] moved,
        output logic is_below,
        output logic [9:0] latest_job,
        output logic [2:0] corner
      );
        typedef struct packed {
          logic is_last;
          logic [3:0] offset;
          logic [4:0] address;
        } job_t;
        job_t latest;
        job_t last;
        job_t next;
        job_t jobs_data;
        (* no_rw_check *)
        job_t jobs [0:3];

        assign next.address = address;
        assign next.offset = offset;
        assign next.is_last = place == 2'd3;
        assign found = jobs_data.address;
        assign moved = {jobs_data.offset[3], jobs_data.offset} + {latest.offset[3], latest.offset};
        assign is_below = $signed(latest.offset) < $signed(last.offset);
        assign latest_job = jobs_data.is_last ? last : latest;
        assign corner = latest.address[3:1];

        always_ff @(posedge clock) begin
          if (writes) begin
            latest <= next;
            last.offset <= latest.offset;
            if (next.is_last) begin
              latest.address <= jobs_data.address + 5'd1;
            end
          end else if (given[9]) begin
            latest <= given;
            last.is_last <= latest.is_last;
            last.address <= latest.address;
          end
          if (reset) begin
            latest <= '0;
          end
        end

        always_ff @(posedge clock) begin
          if (writes) begin
            jobs[place] <= next;
          end
        end

        always_ff @(posedge clock) begin
          jobs_data <= jobs[place];
        end
      endmodule

      """)
  }

  /// Two enums of one name and different cases are two types, and the constants of each are as wide as it is.
  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func enumsOfOneName() throws {
    let design = try elaborate(TwoPhases())
    let typed = SystemVerilogPrinter.text(design), plain = VerilogPrinter.text(design)
    #expect(typed.contains("  phase_t brief;\n  phase_t_1 whole;\n"), "\(typed)")
    #expect(plain.contains("  localparam BRIEF_ON = 1'b1;\n") && plain.contains("  localparam [1:0] WHOLE_RUN = 2'd1;\n"), "\(plain)")
    #expect(try lint(design) == "")
  }

  /// Names of ports stand in the map with the lines of this text, not with those of the Verilog, and types are no declarations.
  @Test func positions() throws {
    let design = try elaborate(JobQueue())
    let map = try #require(SystemVerilogPrinter.positions(design).last), lines = try #require(SystemVerilogPrinter.files(design).last).text.split(separator: "\n")
    #expect(map.text.contains("\"verilog\": \"job_queue.sv\""))
    let entries = map.text.split(separator: "\n").filter { $0.hasPrefix("    {\"name\"") }
    #expect(entries.count > 10)
    for entry in entries {
      let name = entry.split(separator: "\"")[3], line = try #require(Int(entry.split(separator: "\"line\": ")[1].prefix { $0.isNumber }))
      let text = lines[line - 1]
      #expect(text.contains(" \(name)") && !text.hasPrefix("    ") && !text.contains("assign"), "\(entry): \(text)")
    }
  }

  /// What a memory holds at first is assigned by an `initial`, which no `always_ff` allows beside it.
  @Test func memoriesWithContents() throws {
    func text(_ initial: Stored.Initial) throws -> String { try SystemVerilogPrinter.text(elaborate(Stored(initial: initial))) }
    let write = " @(posedge clock) begin\n    if (writes) begin\n      words["
    #expect(try text(.listed).contains("  always\(write)"))
    #expect(try text(.foreign).contains("  always\(write)"))
    #expect(try text(.undefined).contains("  always_ff\(write)"))
  }
}

private struct Stored: Module {
  enum Initial { case undefined, listed, foreign }
  let initial: Initial
  @Input(2) var place: Unsigned
  @Input() var writes: Bit
  @Output(8) var word: Unsigned
  init(initial: Initial) { self.initial = initial }
  func body() {
    let contents: Memory.Contents = switch initial {
    case .undefined: .undefined
    case .listed: .words([1, 2, 3])
    case .foreign: .file("words.hex")
    }
    let words = Memory("words", depth: 4, width: 8, contents: contents)
    words.write(at: place, 7, when: writes)
    word = words.read(at: place)
  }
}

private struct TwoPhases: Module {
  enum Brief { enum Phase: Int, CaseIterable { case off, on } }
  enum Whole { enum Phase: Int, CaseIterable { case idle, run, done } }
  @Input() var start: Bit
  @Output() var isOn: Bit
  @Output() var isRunning: Bit
  @StateRegister var brief: Brief.Phase = .off
  @StateRegister var whole: Whole.Phase = .idle
  func body() {
    When(start) {
      brief = .on
      whole = .run
    }.ElseWhen($whole === .run) { whole = .done }
    isOn = $brief === .on
    isRunning = $whole === .run
  }
}
