// Runs the program: sets layer registers, launches layers, stops on halt or error.
module weft_sequencer (
  input  wire clock,
  input  wire reset,
  input  wire host_start,
  input  wire host_abort,
  input  wire host_limit_reached,
  output wire host_busy,
  output wire host_done,
  output wire host_failed,
  output wire [7:0] host_error_code,
  output wire [23:0] host_error_place,
  output wire program_enable,
  output wire [7:0] program_address,
  input  wire [31:0] program_data,
  output wire settings_launch,
  output wire settings_clear,
  output wire settings_enable,
  output wire [7:0] settings_number,
  output wire [23:0] settings_value,
  output wire engines_run_begin,
  output wire engines_run_abort,
  input  wire engines_run_invalid,
  input  wire engines_run_finished,
  input  wire engines_run_moves,
  output wire engines_scalar_0_layer_begin,
  output wire engines_scalar_0_layer_abort,
  input  wire engines_scalar_0_layer_invalid,
  input  wire engines_scalar_0_layer_finished,
  input  wire engines_scalar_0_layer_moves,
  output wire engines_scalar_0_is_addition,
  input  wire fault_happens,
  input  wire [7:0] fault_code,
  input  wire [23:0] fault_place,
  output wire trace_start,
  output wire trace_done,
  output wire [15:0] trace_step
);
  reg running;
  reg [7:0] counter;
  reg engine_busy;
  reg begins;
  reg [23:0] checksum;
  reg [15:0] quiet;
  reg [7:0] code;
  reg [23:0] place;
  reg [7:0] next_counter;
  reg array_next;
  reg addition_next;
  reg softmax_next;
  reg [15:0] step;
  reg trace_start_held;
  reg trace_done_held;
  reg [15:0] trace_step_held;

  wire [7:0] opcode = program_data[31:24];
  wire is_set = opcode < 8'd63;
  wire is_run = opcode == 8'd128;
  wire is_softmax = opcode == 8'd129;
  wire is_addition = opcode == 8'd130;
  wire starts_layer = is_run || is_softmax || is_addition;
  wire is_halt = opcode == 8'd143;
  wire known = is_set || starts_layer || is_halt;
  wire above5_bits = |program_data[23:5];
  wire above16_bits = |program_data[23:16];
  wire above15_bits = |program_data[23:15];
  wire above8_bits = |program_data[23:8];
  wire above20_bits = |program_data[23:20];
  wire above1_bits = |program_data[23:1];
  wire above12_bits = |program_data[23:12];
  wire above6_bits = |program_data[23:6];
  wire above7_bits = |program_data[23:7];
  reg register_fits;
  always @* begin
    case (program_data[29:24])
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
  wire command_fits = is_halt || !above16_bits;
  wire operand_fits = is_set ? register_fits : command_fits;
  wire legal = known && operand_fits;
  wire finished = engines_run_finished || engines_scalar_0_layer_finished;
  wire idle = !engine_busy || finished;
  wire ready = running && legal && (is_set || (starts_layer && idle));
  wire faults = running && fault_happens;
  wire layer_invalid = (engines_run_begin && engines_run_invalid)
      || (engines_scalar_0_layer_begin && engines_scalar_0_layer_invalid);
  wire invalid = running && begins && layer_invalid;
  wire illegal = running && !legal;
  wire [23:0] operand = program_data[23:0];
  wire corrupt = running && is_halt && checksum != operand;
  wire overrun = ready && counter == 8'd255;
  wire late = running && host_limit_reached;
  wire standstill = running && (&quiet);
  wire fails = faults || invalid || illegal || corrupt || overrun || late || standstill;
  wire stops = host_abort || fails;
  wire starts = ready && !is_set && !stops;
  wire proceeds = starts || (ready && is_set);
  wire halts = running && legal && is_halt && idle && !stops;
  wire begin_addition = begins && addition_next;
  wire progress = engines_run_moves || engines_scalar_0_layer_moves;
  wire next_checksum23 = (^(checksum & 24'h247fa2)) ^ (^(program_data & 32'h247fa21f));
  wire next_checksum22 = (^(checksum & 24'hb64073)) ^ (^(program_data & 32'hb6407310));
  wire next_checksum21 = (^(checksum & 24'hdb2039)) ^ (^(program_data & 32'hdb203988));
  wire next_checksum20 = (^(checksum & 24'h6d901c)) ^ (^(program_data & 32'h6d901cc4));
  wire next_checksum19 = (^(checksum & 24'hb6c80e)) ^ (^(program_data & 32'hb6c80e62));
  wire next_checksum18 = (^(checksum & 24'hdb6407)) ^ (^(program_data & 32'hdb640731));
  wire next_checksum17 = (^(checksum & 24'h49cda1)) ^ (^(program_data & 32'h49cda187));
  wire next_checksum16 = (^(checksum & 24'h9972)) ^ (^(program_data & 32'h9972dc));
  wire next_checksum15 = (^(checksum & 24'h804cb9)) ^ (^(program_data & 32'h804cb96e));
  wire next_checksum14 = (^(checksum & 24'hc0265c)) ^ (^(program_data & 32'hc0265cb7));
  wire next_checksum13 = (^(checksum & 24'hc46c8c)) ^ (^(program_data & 32'hc46c8c44));
  wire next_checksum12 = (^(checksum & 24'he23646)) ^ (^(program_data & 32'he2364622));
  wire next_checksum11 = (^(checksum & 24'hf11b23)) ^ (^(program_data & 32'hf11b2311));
  wire next_checksum10 = (^(checksum & 24'hdcf233)) ^ (^(program_data & 32'hdcf23397));
  wire next_checksum9 = (^(checksum & 24'hca06bb)) ^ (^(program_data & 32'hca06bbd4));
  wire next_checksum8 = (^(checksum & 24'he5035d)) ^ (^(program_data & 32'he5035dea));
  wire next_checksum7 = (^(checksum & 24'h7281ae)) ^ (^(program_data & 32'h7281aef5));
  wire next_checksum6 = (^(checksum & 24'h9d3f75)) ^ (^(program_data & 32'h9d3f7565));
  wire next_checksum5 = (^(checksum & 24'h6ae018)) ^ (^(program_data & 32'h6ae018ad));
  wire next_checksum4 = (^(checksum & 24'h110fae)) ^ (^(program_data & 32'h110fae49));
  wire next_checksum3 = (^(checksum & 24'h2cf875)) ^ (^(program_data & 32'h2cf8753b));
  wire next_checksum2 = (^(checksum & 24'hb20398)) ^ (^(program_data & 32'hb2039882));
  wire next_checksum1 = (^(checksum & 24'hd901cc)) ^ (^(program_data & 32'hd901cc41));
  wire next_checksum0 = (^(checksum & 24'h48ff44)) ^ (^(program_data & 32'h48ff443f));

  assign host_error_code = code;
  assign host_error_place = place;

  always @* begin
    next_counter = counter;
    if (proceeds) begin
      next_counter = counter + 8'd1;
    end
    if (!running) begin
      next_counter = 8'd0;
    end
  end

  assign program_enable = 1'b1;
  assign program_address = next_counter;
  assign host_busy = running;
  assign host_done = halts;
  assign host_failed = fails && !host_abort;
  assign settings_launch = starts;
  assign settings_clear = host_start;
  assign settings_enable = running && legal && is_set;
  assign settings_number = opcode;
  assign settings_value = operand;
  assign engines_run_begin = begins && array_next;
  assign engines_run_abort = stops;
  assign engines_scalar_0_layer_begin = begin_addition || (begins && softmax_next);
  assign engines_scalar_0_is_addition = begin_addition;
  assign engines_scalar_0_layer_abort = stops;
  assign trace_start = trace_start_held;
  assign trace_done = trace_done_held;
  assign trace_step = trace_step_held;

  always @(posedge clock) begin
    if (!running || progress || proceeds) begin
      quiet <= 16'd0;
    end else begin
      quiet <= quiet + 16'd1;
    end
    if (host_start || host_abort) begin
      code <= 8'd0;
      place <= 24'd0;
    end else if (fails) begin
      code <= faults ? fault_code : invalid ? 8'd1 : illegal ? 8'd1 : corrupt ? 8'd5 : overrun ? 8'd2
          : late ? 8'd6 : 8'd4;
      place <= faults ? fault_place : invalid ? {16'd0, counter - 8'd1} : {16'd0, counter};
    end
    if (host_start) begin
      checksum <= 24'hb704ce;
    end else if (proceeds) begin
      checksum <= {next_checksum23, next_checksum22, next_checksum21, next_checksum20, next_checksum19,
          next_checksum18, next_checksum17, next_checksum16, next_checksum15, next_checksum14,
          next_checksum13, next_checksum12, next_checksum11, next_checksum10, next_checksum9,
          next_checksum8, next_checksum7, next_checksum6, next_checksum5, next_checksum4, next_checksum3,
          next_checksum2, next_checksum1, next_checksum0};
    end
    counter <= next_counter;
    if (host_start) begin
      running <= 1'b1;
    end else if (halts || stops) begin
      running <= 1'b0;
    end
    begins <= starts;
    if (starts) begin
      engine_busy <= 1'b1;
    end else if (finished || stops) begin
      engine_busy <= 1'b0;
    end
    array_next <= is_run;
    addition_next <= is_addition;
    softmax_next <= is_softmax;
    if (starts) begin
      step <= program_data[15:0];
    end
    trace_start_held <= begins;
    trace_done_held <= finished && engine_busy;
    trace_step_held <= step;
    if (reset) begin
      running <= 1'b0;
      counter <= 8'd0;
      engine_busy <= 1'b0;
      begins <= 1'b0;
      checksum <= 24'hb704ce;
      quiet <= 16'd0;
      code <= 8'd0;
      place <= 24'd0;
      array_next <= 1'b0;
      addition_next <= 1'b0;
      softmax_next <= 1'b0;
      step <= 16'd0;
      trace_start_held <= 1'b0;
      trace_done_held <= 1'b0;
    end
  end
endmodule
