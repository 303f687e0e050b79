import HDL
import Testing

/// The Verilog of small designs, word for word: what a reader of the product gets to see.
private func expect(_ module: some Module, _ expected: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
  let text = try VerilogPrinter.files(elaborate(module)).last?.text
  #expect(text == expected, sourceLocation: sourceLocation)
}

/// A register with an enable.
@Test func counterVerilog() throws {
  try expect(
    Counter(width: 8),
    """
      module counter (
        input  wire clock,
        input  wire reset,
        input  wire enable,
        output wire [7:0] value
      );
        reg [7:0] count;

        assign value = count;

        always @(posedge clock) begin
          if (reset) begin
            count <= 8'd0;
          end else if (enable) begin
            count <= count + 8'd1;
          end
        end
      endmodule

      """)
}

/// Signed multiplication, sign extension, a priority chain, documentation.
@Test func processingElementVerilog() throws {
  try expect(
    MultiplyAccumulate(),
    """
      // One cell of a systolic array: multiplies, adds, and passes its operands on.
      module multiply_accumulate (
        input  wire clock,
        input  wire reset,
        input  wire clear,
        input  wire shift,
        input  wire signed [7:0] a,
        input  wire signed [7:0] b,
        input  wire signed [31:0] accumulator_in,
        output wire signed [7:0] a_next,
        output wire signed [7:0] b_next,
        output wire signed [31:0] accumulator
      );
        reg signed [7:0] a_held;
        reg signed [7:0] b_held;
        reg signed [31:0] sum;

        wire signed [15:0] product = a * b;

        assign a_next = a_held;
        assign b_next = b_held;
        assign accumulator = sum;

        always @(posedge clock) begin
          if (reset) begin
            a_held <= 8'sd0;
            b_held <= 8'sd0;
            sum <= 32'sd0;
          end else begin
            a_held <= a;
            b_held <= b;
            if (shift) begin
              sum <= accumulator_in;
            end else if (clear) begin
              sum <= {{16{product[15]}}, product};
            end else begin
              sum <= sum + {{16{product[15]}}, product};
            end
          end
        end
      endmodule

      """)
}

/// Instances share one definition; outputs that nobody reads say so.
@Test func systolicArrayVerilog() throws {
  try expect(
    SystolicArray(2),
    """
      module systolic_array (
        input  wire clock,
        input  wire reset,
        input  wire clear,
        input  wire shift,
        input  wire [15:0] a,
        input  wire [15:0] b,
        output wire [63:0] out
      );
        wire signed [7:0] pe_0_0_a_next;
        wire signed [7:0] pe_0_0_b_next;
        wire signed [31:0] pe_0_0_accumulator;
        wire signed [7:0] pe_1_0_a_next;
        wire signed [7:0] pe_0_1_b_next;
        wire signed [31:0] pe_0_1_accumulator;
        wire signed [31:0] pe_1_0_accumulator;
        wire signed [31:0] pe_1_1_accumulator;
        wire signed [7:0] unused_pe_0_1_a_next;
        wire signed [7:0] unused_pe_1_0_b_next;
        wire signed [7:0] unused_pe_1_1_a_next;
        wire signed [7:0] unused_pe_1_1_b_next;

        multiply_accumulate pe_0_0 (
          .clock(clock),
          .reset(reset),
          .clear(clear),
          .shift(shift),
          .a(a[7:0]),
          .b(b[7:0]),
          .accumulator_in(32'sd0),
          .a_next(pe_0_0_a_next),
          .b_next(pe_0_0_b_next),
          .accumulator(pe_0_0_accumulator)
        );

        multiply_accumulate pe_0_1 (
          .clock(clock),
          .reset(reset),
          .clear(clear),
          .shift(shift),
          .a(pe_0_0_a_next),
          .b(b[15:8]),
          .accumulator_in(32'sd0),
          .a_next(unused_pe_0_1_a_next),
          .b_next(pe_0_1_b_next),
          .accumulator(pe_0_1_accumulator)
        );

        multiply_accumulate pe_1_0 (
          .clock(clock),
          .reset(reset),
          .clear(clear),
          .shift(shift),
          .a(a[15:8]),
          .b(pe_0_0_b_next),
          .accumulator_in(pe_0_0_accumulator),
          .a_next(pe_1_0_a_next),
          .b_next(unused_pe_1_0_b_next),
          .accumulator(pe_1_0_accumulator)
        );

        multiply_accumulate pe_1_1 (
          .clock(clock),
          .reset(reset),
          .clear(clear),
          .shift(shift),
          .a(pe_1_0_a_next),
          .b(pe_0_1_b_next),
          .accumulator_in(pe_0_1_accumulator),
          .a_next(unused_pe_1_1_a_next),
          .b_next(unused_pe_1_1_b_next),
          .accumulator(pe_1_1_accumulator)
        );

        assign out = {pe_1_1_accumulator, pe_1_0_accumulator};
      endmodule

      """)
}

/// One process per port, as synthesis tools recognise block RAM.
@Test func memoryWithLanesVerilog() throws {
  try expect(
    Scratchpad(depth: 256, width: 64),
    """
      module scratchpad (
        input  wire clock,
        input  wire write_enable,
        input  wire [7:0] write_lanes,
        input  wire [7:0] write_address,
        input  wire [63:0] write_data,
        input  wire [7:0] read_address,
        output wire [63:0] read_data
      );
        reg [63:0] rows_data;
        (* no_rw_check *)
        reg [63:0] rows [0:255];
        integer rows_lane;

        assign read_data = rows_data;

        always @(posedge clock) begin
          if (write_enable) begin
            for (rows_lane = 0; rows_lane < 8; rows_lane = rows_lane + 1) begin
              if (write_lanes[rows_lane]) rows[write_address][8 * rows_lane +: 8] <= write_data[8 * rows_lane +: 8];
            end
          end
        end

        always @(posedge clock) begin
          rows_data <= rows[read_address];
        end
      endmodule

      """)
}

/// Case names are localparams; a register without reset shares the process.
@Test func stateMachineVerilog() throws {
  try expect(
    Sequencer(),
    """
      module sequencer (
        input  wire clock,
        input  wire reset,
        input  wire start,
        output wire busy
      );
        localparam [1:0] STATE_IDLE = 2'd0;
        localparam [1:0] STATE_LOAD = 2'd1;
        localparam [1:0] STATE_RUN = 2'd2;
        reg [1:0] state;
        reg [7:0] remaining;

        assign busy = state != STATE_IDLE;

        always @(posedge clock) begin
          case (state)
            STATE_IDLE: begin
              if (start) begin
                state <= STATE_LOAD;
              end
            end
            STATE_LOAD: begin
              remaining <= 8'd63;
              state <= STATE_RUN;
            end
            default: begin // STATE_RUN
              remaining <= remaining - 8'd1;
              if (remaining == 8'd0) begin
                state <= STATE_IDLE;
              end
            end
          endcase
          if (reset) begin
            state <= STATE_IDLE;
          end
        end
      endmodule

      """)
}

/// Named expressions, a memory, and wires.
@Test func fifoVerilog() throws {
  try expect(
    StreamFIFO(depth: 16, width: 32),
    """
      module stream_fifo (
        input  wire clock,
        input  wire reset,
        input  wire in_valid,
        output wire in_ready,
        input  wire [31:0] in_data,
        output wire out_valid,
        input  wire out_ready,
        output wire [31:0] out_data
      );
        reg [4:0] read_index;
        reg [4:0] write_index;
        wire push;
        wire pop;
        reg valid;
        reg [31:0] entries_data;
        (* no_rw_check *)
        reg [31:0] entries [0:15];

        wire full = (read_index ^ write_index) == 5'd16;
        wire empty = read_index == write_index;
        wire [4:0] next = pop ? read_index + 5'd1 : read_index;

        assign in_ready = !full;
        assign push = in_valid && !full;
        assign out_data = entries_data;
        assign pop = valid && out_ready && !empty;
        assign out_valid = valid;

        always @(posedge clock) begin
          if (reset) begin
            read_index <= 5'd0;
            write_index <= 5'd0;
            valid <= 1'b0;
          end else begin
            valid <= next != write_index;
            read_index <= next;
            if (push) begin
              write_index <= write_index + 5'd1;
            end
          end
        end

        always @(posedge clock) begin
          if (push) begin
            entries[write_index[3:0]] <= in_data;
          end
        end

        always @(posedge clock) begin
          entries_data <= entries[next[3:0]];
        end
      endmodule

      """)
}

/// Signals of one Switch share its process, unless one follows another.
@Test func sharedControlVerilog() throws {
  try expect(
    SharedControl(),
    """
      module shared_control (
        input  wire [1:0] mode,
        input  wire [7:0] x,
        output reg  [7:0] first,
        output reg  [7:0] second,
        output reg  [7:0] third,
        output reg  [7:0] fourth
      );
        reg [7:0] inner;
        reg [7:0] outer;

        always @* begin
          first = 8'd0;
          second = x;
          case (mode)
            2'd0: first = x;
            2'd1: begin
              first = ~x;
              second = 8'd3;
            end
            default: second = x + 8'd1; // 2'd2, 2'd3
          endcase
        end

        always @* begin
          if (mode[0]) begin
            third = outer + 8'd1;
          end else begin
            third = 8'd0;
          end
        end

        always @* begin
          if (mode[0]) begin
            inner = x;
          end else begin
            inner = 8'd7;
          end
        end

        always @* begin
          if (mode[1]) begin
            fourth = x;
          end else if (x == 8'd9) begin
            fourth = 8'd2;
          end else if (x > 8'd100) begin
            fourth = third;
          end else begin
            fourth = 8'd4;
          end
        end

        always @* begin
          if (mode[1]) begin
            outer = inner;
          end else begin
            outer = 8'd1;
          end
        end
      endmodule

      """)
}

/// The whole surface once.
@Test func everythingVerilog() throws {
  try expect(
    ExampleUnit(lanes: 4),
    """
      // What this block does,
      // in one or two lines.
      module weft_example_unit (
        input  wire clock,
        input  wire reset,
        input  wire clear,
        input  wire [11:0] address,
        input  wire signed [8:0] a,
        input  wire signed [4:0] b,
        input  wire [39:0] wide,
        output wire signed [23:0] total,
        output wire [31:0] bytes,
        output wire flag,
        output wire signed [23:0] shifted
      );
        localparam [1:0] PHASE_IDLE = 2'd0;
        localparam [1:0] PHASE_RUN = 2'd1;
        localparam [1:0] PHASE_DONE = 2'd2;
        reg signed [23:0] sum;
        reg [11:0] next;
        reg [1:0] phase;
        reg [7:0] stage;
        reg hold;
        wire signed [23:0] path;
        reg [7:0] part_0;
        reg [7:0] part_1;
        reg [7:0] part_2;
        reg [7:0] part_3;
        wire signed [23:0] other_0_total;
        reg [31:0] rows_data;
        (* no_rw_check *)
        reg [31:0] rows [0:511];
        wire [7:0] unused_other_0_spare;

        wire signed [13:0] a_times_b = a * b;
        reg signed [23:0] total_choice;
        always @* begin
          case (address[1:0])
            2'd0: total_choice = sum;
            2'd1: total_choice = path;
            default: total_choice = -24'sd1;
          endcase
        end
        wire signed [8:0] shifted_choice = (|wide[39:31]) ? 9'sd0 : a << wide[30:0];

        other other_0 (
          .clock(clock),
          .reset(reset),
          .clear(clear),
          .total(other_0_total),
          .spare(unused_other_0_spare)
        );

        always @* begin
          case (address)
            12'd0: next = 12'd1;
            12'd1, 12'd2: next = address + 12'd5;
            default: next = address;
          endcase
        end

        assign path = (a < $signed({{4{b[4]}}, b})) ? {{10{a_times_b[13]}}, a_times_b} : -24'sd24;
        assign total = hold ? other_0_total : total_choice;
        assign bytes = {part_3, part_2, part_1, part_0} ^ {{24{clear}}, rows_data[7:0]};
        assign flag = phase == PHASE_RUN || ($signed({{4{a[8]}}, a} + {{8{b[4]}}, b}) > 13'sd7 && a > -9'sd3)
            || wide[11:0] < address;
        assign shifted = $signed(sum >>> address[5:0]) + {{16{b[4]}}, b, 3'd0}
            - {{15{shifted_choice[8]}}, shifted_choice};

        always @(posedge clock) begin
          part_0 <= stage;
          part_1 <= 8'd1 ^ stage;
          part_2 <= 8'd2 ^ stage;
          part_3 <= 8'd3 ^ stage;
          if (clear) begin
            sum <= 24'sd0;
          end else if (address == 12'd3) begin
            sum <= sum + 24'sd1;
          end else begin
            sum <= sum + path;
          end
          case (phase)
            PHASE_IDLE: begin
              if (clear) begin
                phase <= PHASE_RUN;
              end
            end
            PHASE_RUN: phase <= PHASE_DONE;
            default: ;
          endcase
          stage <= next[9:2] - wide[10:3];
          hold <= (((|address) && (^wide)) || address[4]) && !(&next);
          if (reset) begin
            sum <= -24'sd3;
            phase <= PHASE_IDLE;
            stage <= 8'd0;
            hold <= 1'b0;
          end
        end

        always @(posedge clock) begin
          if (clear) begin
            if (stage[0]) rows[address[8:0]][7:0] <= wide[7:0];
            if (stage[1]) rows[address[8:0]][15:8] <= wide[15:8];
            if (stage[2]) rows[address[8:0]][23:16] <= wide[23:16];
            if (stage[3]) rows[address[8:0]][31:24] <= wide[31:24];
          end
        end

        always @(posedge clock) begin
          if (hold) begin
            rows_data <= rows[next[8:0]];
          end
        end

        wire unused = &{1'b0, rows_data[31:8]};
      endmodule

      """)
}
