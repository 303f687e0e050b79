// Runs the program: sets layer registers, launches layers, stops on halt or error.
module weft_sequencer (
  input  wire clock,
  input  wire reset,
  input  wire start,
  input  wire abort_request,
  input  wire finished,
  input  wire progress,
  input  wire layer_invalid,
  input  wire write_fault,
  input  wire [23:0] write_fault_address,
  output wire [7:0] program_address,
  input  wire [31:0] program_word,
  output wire begin_array,
  output wire begin_softmax,
  output wire begin_addition,
  output wire abort_,
  output wire settings_launch,
  output wire settings_clear,
  output wire settings_enable,
  output wire [7:0] settings_number,
  output wire [23:0] settings_value,
  output wire busy,
  output wire done,
  output wire failed,
  output wire [7:0] error_code,
  output wire [23:0] error_place,
  output wire trace_start,
  output wire trace_done,
  output wire [15:0] trace_step
);
  reg running;
  reg [7:0] counter;
  reg engine_busy;
  reg [15:0] step;
  reg [15:0] quiet;
  reg begins;
  reg [7:0] code;
  reg [23:0] place;
  reg [7:0] next_counter;
  reg array_next;
  reg softmax_next;
  reg addition_next;
  reg trace_start_held;
  reg trace_done_held;
  reg [15:0] trace_step_held;

  wire [7:0] opcode = program_word[31:24];
  wire is_set = opcode < 8'd63;
  wire is_run = opcode == 8'd128;
  wire is_halt = opcode == 8'd143;
  wire is_softmax = opcode == 8'd129;
  wire is_addition = opcode == 8'd130;
  wire is_scalar = is_softmax || is_addition;
  wire known = is_set || is_run || is_halt || is_scalar;
  wire above5_bits = |program_word[23:5];
  wire above16_bits = |program_word[23:16];
  wire above15_bits = |program_word[23:15];
  wire above8_bits = |program_word[23:8];
  wire above20_bits = |program_word[23:20];
  wire above1_bits = |program_word[23:1];
  wire above12_bits = |program_word[23:12];
  wire above6_bits = |program_word[23:6];
  wire above7_bits = |program_word[23:7];
  reg register_fits;
  always @* begin
    case (program_word[29:24])
      6'd0: register_fits = !above5_bits;
      6'd1: register_fits = 1'b1;
      6'd2: register_fits = 1'b1;
      6'd3: register_fits = 1'b1;
      6'd4: register_fits = !above16_bits;
      6'd5: register_fits = !above16_bits;
      6'd6: register_fits = !above16_bits;
      6'd7: register_fits = !above15_bits;
      6'd8: register_fits = 1'b1;
      6'd9: register_fits = 1'b1;
      6'd10: register_fits = 1'b1;
      6'd11: register_fits = 1'b1;
      6'd12: register_fits = 1'b1;
      6'd13: register_fits = !above16_bits;
      6'd14: register_fits = !above16_bits;
      6'd15: register_fits = !above16_bits;
      6'd16: register_fits = !above16_bits;
      6'd17: register_fits = !above16_bits;
      6'd18: register_fits = 1'b1;
      6'd19: register_fits = !above8_bits;
      6'd20: register_fits = !above16_bits;
      6'd21: register_fits = !above16_bits;
      6'd22: register_fits = !above16_bits;
      6'd23: register_fits = !above8_bits;
      6'd24: register_fits = !above16_bits;
      6'd25: register_fits = !above16_bits;
      6'd26: register_fits = !above16_bits;
      6'd27: register_fits = !above16_bits;
      6'd28: register_fits = !above16_bits;
      6'd29: register_fits = !above16_bits;
      6'd30: register_fits = !above20_bits;
      6'd31: register_fits = !above1_bits;
      6'd32: register_fits = !above20_bits;
      6'd33: register_fits = 1'b1;
      6'd34: register_fits = 1'b1;
      6'd35: register_fits = 1'b1;
      6'd36: register_fits = 1'b1;
      6'd37: register_fits = !above12_bits;
      6'd38: register_fits = !above12_bits;
      6'd39: register_fits = !above20_bits;
      6'd40: register_fits = !above1_bits;
      6'd41: register_fits = !above20_bits;
      6'd42: register_fits = !above8_bits;
      6'd43: register_fits = !above8_bits;
      6'd44: register_fits = !above8_bits;
      6'd45: register_fits = 1'b1;
      6'd46: register_fits = 1'b1;
      6'd47: register_fits = 1'b1;
      6'd48: register_fits = 1'b1;
      6'd49: register_fits = !above16_bits;
      6'd50: register_fits = 1'b1;
      6'd51: register_fits = !above16_bits;
      6'd52: register_fits = 1'b1;
      6'd53: register_fits = !above6_bits;
      6'd54: register_fits = !above8_bits;
      6'd55: register_fits = !above8_bits;
      6'd56: register_fits = !above8_bits;
      6'd57: register_fits = !above8_bits;
      6'd58: register_fits = !above8_bits;
      6'd59: register_fits = !above8_bits;
      6'd60: register_fits = 1'b1;
      6'd61: register_fits = !above7_bits;
      default: register_fits = !above6_bits;
    endcase
  end
  wire [23:0] operand = program_word[23:0];
  wire command_fits = is_halt ? !(|operand) : !above16_bits;
  wire operand_fits = is_set ? register_fits : command_fits;
  wire legal = known && operand_fits;
  wire idle = !engine_busy || finished;
  wire ready = running && legal && (is_set || ((is_run || is_scalar) && idle));
  wire fault = running && write_fault;
  wire invalid = running && begins && layer_invalid;
  wire standstill = running && (&quiet);
  wire overrun = ready && counter == 8'd255;
  wire stops = abort_request || fault || invalid || standstill || overrun;
  wire starts = ready && !is_set && !stops;
  wire proceeds = starts || (ready && is_set);
  wire illegal = running && !legal;
  wire fails = illegal || overrun || fault || invalid || standstill;
  wire halts = running && legal && is_halt && idle && !stops;

  assign error_code = code;
  assign error_place = place;

  always @* begin
    next_counter = counter;
    if (proceeds) begin
      next_counter = counter + 8'd1;
    end
    if (!running) begin
      next_counter = 8'd0;
    end
  end

  assign program_address = next_counter;
  assign settings_launch = starts;
  assign begin_array = begins && array_next;
  assign begin_softmax = begins && softmax_next;
  assign begin_addition = begins && addition_next;
  assign abort_ = abort_request || fails;
  assign settings_clear = start;
  assign settings_enable = running && legal && is_set;
  assign settings_number = opcode;
  assign settings_value = operand;
  assign busy = running;
  assign done = halts;
  assign failed = fails;
  assign trace_start = trace_start_held;
  assign trace_done = trace_done_held;
  assign trace_step = trace_step_held;

  always @(posedge clock) begin
    begins <= starts;
    if (!running || progress || proceeds) begin
      quiet <= 16'd0;
    end else begin
      quiet <= quiet + 16'd1;
    end
    if (start) begin
      code <= 8'd0;
      place <= 24'd0;
    end else if (fails) begin
      place <= {16'd0, counter};
      if (fault) begin
        code <= 8'd3;
        place <= write_fault_address;
      end else if (invalid) begin
        code <= 8'd1;
        place <= {16'd0, counter - 8'd1};
      end else if (illegal) begin
        code <= 8'd1;
      end else if (overrun) begin
        code <= 8'd2;
      end else begin
        code <= 8'd4;
      end
    end
    counter <= next_counter;
    if (start) begin
      running <= 1'b1;
    end else if (halts || fails || abort_request) begin
      running <= 1'b0;
    end
    if (starts) begin
      engine_busy <= 1'b1;
      step <= program_word[15:0];
    end else if (finished || abort_request || fails) begin
      engine_busy <= 1'b0;
    end
    array_next <= is_run;
    softmax_next <= is_softmax;
    addition_next <= is_addition;
    trace_start_held <= begins;
    trace_done_held <= finished && engine_busy;
    trace_step_held <= step;
    if (reset) begin
      running <= 1'b0;
      counter <= 8'd0;
      engine_busy <= 1'b0;
      step <= 16'd0;
      quiet <= 16'd0;
      begins <= 1'b0;
      code <= 8'd0;
      place <= 24'd0;
      array_next <= 1'b0;
      softmax_next <= 1'b0;
      addition_next <= 1'b0;
      trace_start_held <= 1'b0;
      trace_done_held <= 1'b0;
    end
  end
endmodule
