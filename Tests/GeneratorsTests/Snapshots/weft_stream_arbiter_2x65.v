// Merges 2 streams, in turn.
module weft_stream_arbiter_2x65 (
  input  wire clock,
  input  wire reset,
  input  wire [27:0] inputs_0_payload_address,
  input  wire inputs_0_payload_is_write,
  input  wire [31:0] inputs_0_payload_data,
  input  wire [3:0] inputs_0_payload_strobe,
  input  wire inputs_0_valid,
  output wire inputs_0_ready,
  input  wire [27:0] inputs_1_payload_address,
  input  wire inputs_1_payload_is_write,
  input  wire [31:0] inputs_1_payload_data,
  input  wire [3:0] inputs_1_payload_strobe,
  input  wire inputs_1_valid,
  output wire inputs_1_ready,
  output wire [27:0] output_payload_address,
  output wire output_payload_is_write,
  output wire [31:0] output_payload_data,
  output wire [3:0] output_payload_strobe,
  output wire output_valid,
  input  wire output_ready,
  output wire source
);
  reg is_held;
  reg holder;
  wire ends_turn;
  reg turn;
  reg first_from_turn;
  reg first;

  wire asks_from_turn0 = inputs_0_valid && (turn <= 1'b0);
  wire [1:0] requests_from_turn = {inputs_1_valid, asks_from_turn0};
  wire grant = is_held ? holder : (|requests_from_turn) ? first_from_turn : first;
  wire [64:0] output_payload_address_choice = grant ? {inputs_1_payload_strobe, inputs_1_payload_data,
      inputs_1_payload_is_write, inputs_1_payload_address}
      : {inputs_0_payload_strobe, inputs_0_payload_data, inputs_0_payload_is_write, inputs_0_payload_address};

  always @* begin
    first_from_turn = 1'b1;
    if (asks_from_turn0) begin
      first_from_turn = 1'b0;
    end
  end

  always @* begin
    first = 1'b1;
    if (inputs_0_valid) begin
      first = 1'b0;
    end
  end

  assign ends_turn = output_valid && output_ready;
  assign output_valid = grant ? inputs_1_valid : inputs_0_valid;
  assign output_payload_address = output_payload_address_choice[27:0];
  assign output_payload_is_write = output_payload_address_choice[28];
  assign output_payload_data = output_payload_address_choice[60:29];
  assign output_payload_strobe = output_payload_address_choice[64:61];
  assign source = grant;
  assign inputs_0_ready = output_ready && !grant;
  assign inputs_1_ready = output_ready && grant;

  always @(posedge clock) begin
    if (reset) begin
      is_held <= 1'b0;
      holder <= 1'b0;
      turn <= 1'b0;
    end else begin
      if (ends_turn) begin
        turn <= !source;
      end
      if (output_valid) begin
        is_held <= !ends_turn;
        holder <= grant;
      end
    end
  end
endmodule
