// Runs the program: sets layer registers, launches layers, stops on halt or error.
module weft_sequencer (
  input  wire clock,
  input  wire reset,
  input  wire start,
  input  wire abort_request,
  input  wire finished,
  input  wire progress,
  input  wire layer_invalid,
  input  wire fault,
  input  wire [7:0] fault_code,
  input  wire [23:0] fault_place,
  input  wire limit_reached,
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
  reg [23:0] checksum;
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
  wire command_fits = is_halt || !above16_bits;
  wire operand_fits = is_set ? register_fits : command_fits;
  wire legal = known && operand_fits;
  wire idle = !engine_busy || finished;
  wire ready = running && legal && (is_set || ((is_run || is_scalar) && idle));
  wire faults = running && fault;
  wire late = running && limit_reached;
  wire invalid = running && begins && layer_invalid;
  wire standstill = running && (&quiet);
  wire overrun = ready && counter == 8'd255;
  wire [23:0] operand = program_word[23:0];
  wire corrupt = running && is_halt && checksum != operand;
  wire stops = abort_request || faults || late || invalid || standstill || overrun || corrupt;
  wire starts = ready && !is_set && !stops;
  wire proceeds = starts || (ready && is_set);
  wire illegal = running && !legal;
  wire fails = illegal || overrun || corrupt || faults || late || invalid || standstill;
  wire halts = running && legal && is_halt && idle && !stops;
  wire next_checksum23 = (^(checksum & 24'h247fa2)) ^ (^(program_word & 32'h247fa21f));
  wire next_checksum22 = (^(checksum & 24'hb64073)) ^ (^(program_word & 32'hb6407310));
  wire next_checksum21 = (^(checksum & 24'hdb2039)) ^ (^(program_word & 32'hdb203988));
  wire next_checksum20 = (^(checksum & 24'h6d901c)) ^ (^(program_word & 32'h6d901cc4));
  wire next_checksum19 = (^(checksum & 24'hb6c80e)) ^ (^(program_word & 32'hb6c80e62));
  wire next_checksum18 = (^(checksum & 24'hdb6407)) ^ (^(program_word & 32'hdb640731));
  wire next_checksum17 = (^(checksum & 24'h49cda1)) ^ (^(program_word & 32'h49cda187));
  wire next_checksum16 = (^(checksum & 24'h9972)) ^ (^(program_word & 32'h9972dc));
  wire next_checksum15 = (^(checksum & 24'h804cb9)) ^ (^(program_word & 32'h804cb96e));
  wire next_checksum14 = (^(checksum & 24'hc0265c)) ^ (^(program_word & 32'hc0265cb7));
  wire next_checksum13 = (^(checksum & 24'hc46c8c)) ^ (^(program_word & 32'hc46c8c44));
  wire next_checksum12 = (^(checksum & 24'he23646)) ^ (^(program_word & 32'he2364622));
  wire next_checksum11 = (^(checksum & 24'hf11b23)) ^ (^(program_word & 32'hf11b2311));
  wire next_checksum10 = (^(checksum & 24'hdcf233)) ^ (^(program_word & 32'hdcf23397));
  wire next_checksum9 = (^(checksum & 24'hca06bb)) ^ (^(program_word & 32'hca06bbd4));
  wire next_checksum8 = (^(checksum & 24'he5035d)) ^ (^(program_word & 32'he5035dea));
  wire next_checksum7 = (^(checksum & 24'h7281ae)) ^ (^(program_word & 32'h7281aef5));
  wire next_checksum6 = (^(checksum & 24'h9d3f75)) ^ (^(program_word & 32'h9d3f7565));
  wire next_checksum5 = (^(checksum & 24'h6ae018)) ^ (^(program_word & 32'h6ae018ad));
  wire next_checksum4 = (^(checksum & 24'h110fae)) ^ (^(program_word & 32'h110fae49));
  wire next_checksum3 = (^(checksum & 24'h2cf875)) ^ (^(program_word & 32'h2cf8753b));
  wire next_checksum2 = (^(checksum & 24'hb20398)) ^ (^(program_word & 32'hb2039882));
  wire next_checksum1 = (^(checksum & 24'hd901cc)) ^ (^(program_word & 32'hd901cc41));
  wire next_checksum0 = (^(checksum & 24'h48ff44)) ^ (^(program_word & 32'h48ff443f));

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
  assign failed = fails && !abort_request;
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
    if (start || abort_request) begin
      code <= 8'd0;
      place <= 24'd0;
    end else if (fails) begin
      place <= {16'd0, counter};
      if (faults) begin
        code <= fault_code;
        place <= fault_place;
      end else if (invalid) begin
        code <= 8'd1;
        place <= {16'd0, counter - 8'd1};
      end else if (illegal) begin
        code <= 8'd1;
      end else if (corrupt) begin
        code <= 8'd5;
      end else if (overrun) begin
        code <= 8'd2;
      end else if (late) begin
        code <= 8'd6;
      end else begin
        code <= 8'd4;
      end
    end
    counter <= next_counter;
    if (start) begin
      checksum <= 24'hb704ce;
    end else if (proceeds) begin
      checksum <= {next_checksum23, next_checksum22, next_checksum21, next_checksum20, next_checksum19,
          next_checksum18, next_checksum17, next_checksum16, next_checksum15, next_checksum14,
          next_checksum13, next_checksum12, next_checksum11, next_checksum10, next_checksum9,
          next_checksum8, next_checksum7, next_checksum6, next_checksum5, next_checksum4, next_checksum3,
          next_checksum2, next_checksum1, next_checksum0};
    end
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
      checksum <= 24'hb704ce;
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
