// Column buffer: 4 banks of 32 entries; 4 neighbouring columns a read.
module weft_column_buffer (
  input  wire clock,
  input  wire reset,
  input  wire settings_launch,
  input  wire settings_clear,
  input  wire settings_enable,
  input  wire [7:0] settings_number,
  input  wire [23:0] settings_value,
  input  wire begin_,
  input  wire write_enable,
  input  wire [31:0] write_data,
  input  wire read_enable,
  input  wire [1:0] read_bank,
  input  wire [4:0] read_entry,
  output wire read_completed,
  output wire [127:0] taps
);
  reg [15:0] array_pass_steps_staged;
  reg [15:0] array_pass_steps;
  reg [1:0] bank;
  reg [4:0] base;
  reg [15:0] entry;
  wire [31:0] bank0_read_data;
  wire [31:0] bank1_read_data;
  wire [31:0] bank2_read_data;
  wire [31:0] bank3_read_data;
  reg [1:0] first;

  wire [4:0] write_address = base + entry[4:0];
  wire [4:0] height = array_pass_steps[4:0];
  wire [4:0] next_entry = read_entry + height;
  wire [15:0] entry_plus_1 = entry + 16'd1;
  wire column_ends = entry_plus_1 == array_pass_steps;
  wire [127:0] taps_bundle = {bank3_read_data, bank2_read_data, bank1_read_data, bank0_read_data};
  wire [127:0] taps_choice = first[0] ? {bank0_read_data, taps_bundle[127:32]} : taps_bundle;

  weft_column_bank bank0 (
    .clock(clock),
    .write(write_enable && bank == 2'd0),
    .write_address(write_address),
    .write_data(write_data),
    .read(read_enable),
    .read_address((read_bank > 2'd0) ? next_entry : read_entry),
    .read_data(bank0_read_data)
  );

  weft_column_bank bank1 (
    .clock(clock),
    .write(write_enable && bank == 2'd1),
    .write_address(write_address),
    .write_data(write_data),
    .read(read_enable),
    .read_address((read_bank > 2'd1) ? next_entry : read_entry),
    .read_data(bank1_read_data)
  );

  weft_column_bank bank2 (
    .clock(clock),
    .write(write_enable && bank == 2'd2),
    .write_address(write_address),
    .write_data(write_data),
    .read(read_enable),
    .read_address((read_bank > 2'd2) ? next_entry : read_entry),
    .read_data(bank2_read_data)
  );

  weft_column_bank bank3 (
    .clock(clock),
    .write(write_enable && bank == 2'd3),
    .write_address(write_address),
    .write_data(write_data),
    .read(read_enable),
    .read_address(read_entry),
    .read_data(bank3_read_data)
  );

  assign read_completed = write_enable && column_ends;
  assign taps = first[1] ? {taps_choice[63:0], taps_choice[127:64]} : taps_choice;

  always @(posedge clock) begin
    if (settings_clear) begin
      array_pass_steps_staged <= 16'd0;
    end else if (settings_enable && settings_number == 8'd22) begin
      array_pass_steps_staged <= settings_value[15:0];
    end
    if (settings_launch) begin
      array_pass_steps <= array_pass_steps_staged;
    end
    if (begin_) begin
      bank <= 2'd0;
      base <= 5'd0;
      entry <= 16'd0;
    end else if (write_enable) begin
      if (column_ends) begin
        entry <= 16'd0;
        bank <= bank + 2'd1;
        if (&bank) begin
          base <= base + height;
        end
      end else begin
        entry <= entry_plus_1;
      end
    end
    first <= read_bank;
    if (reset) begin
      array_pass_steps_staged <= 16'd0;
      array_pass_steps <= 16'd0;
      bank <= 2'd0;
      base <= 5'd0;
      entry <= 16'd0;
    end
  end

  wire unused = &{1'b0, settings_value[23:16]};
endmodule
