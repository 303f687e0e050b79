// One bank of the column buffer.
module weft_column_bank (
  input  wire clock,
  input  wire write,
  input  wire [4:0] write_address,
  input  wire [31:0] write_data,
  input  wire read,
  input  wire [4:0] read_address,
  output wire [31:0] read_data
);
  reg [31:0] entries_data;
  (* no_rw_check *)
  reg [31:0] entries [0:31];

  assign read_data = entries_data;

  always @(posedge clock) begin
    if (write) begin
      entries[write_address] <= write_data;
    end
  end

  always @(posedge clock) begin
    if (read) begin
      entries_data <= entries[read_address];
    end
  end
endmodule
