// 2 x 256 bytes, looked up in 2 cycles.
module weft_table_lane (
  input  wire clock,
  input  wire [7:0] index,
  input  wire [7:0] table_,
  input  wire load_write,
  input  wire [3:0] load_region,
  input  wire [23:0] load_address,
  input  wire [31:0] load_data,
  input  wire [3:0] load_strobe,
  output wire [7:0] result
);
  reg [1:0] place;
  reg [7:0] entry;
  wire [31:0] entries_read_data;

  weft_byte_table_memory entries (
    .clock(clock),
    .load_write(load_write),
    .load_region(load_region),
    .load_address(load_address),
    .load_data(load_data),
    .load_strobe(load_strobe),
    .read_enable(1'b1),
    .read_address({table_[0], index[7:2]}),
    .read_data(entries_read_data)
  );

  assign result = entry;

  always @(posedge clock) begin
    place <= index[1:0];
    case (place)
      2'd0: entry <= entries_read_data[7:0];
      2'd1: entry <= entries_read_data[15:8];
      2'd2: entry <= entries_read_data[23:16];
      default: entry <= entries_read_data[31:24];
    endcase
  end

  wire unused = &{1'b0, table_[7:1]};
endmodule
