// One byte lane of the feature memory.
module weft_feature_lane (
  input  wire clock,
  input  wire read_enable,
  input  wire [8:0] read_row,
  output wire [7:0] read_byte,
  input  wire write_enable,
  input  wire [8:0] write_row,
  input  wire [7:0] write_byte
);
  reg [7:0] cells_data;
  (* no_rw_check *)
  reg [7:0] cells [0:511];

  assign read_byte = cells_data;

  always @(posedge clock) begin
    if (write_enable) begin
      cells[write_row] <= write_byte;
    end
  end

  always @(posedge clock) begin
    if (read_enable) begin
      cells_data <= cells[read_row];
    end
  end
endmodule
