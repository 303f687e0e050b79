// Lets writes inside the memory through, and none that a stop has left in the pipelines.
module weft_write_fence (
  input  wire clock,
  input  wire reset,
  input  wire results_enable,
  input  wire [23:0] results_address,
  input  wire [7:0] results_count,
  input  wire [7:0] results_data,
  input  wire [7:0] results_before,
  input  wire abort_,
  input  wire load_write,
  input  wire [3:0] load_region,
  input  wire [23:0] load_address,
  input  wire [31:0] load_data,
  input  wire [3:0] load_strobe,
  input  wire steps_start,
  input  wire steps_done,
  input  wire [15:0] steps_step,
  output wire memory_enable,
  output wire [23:0] memory_address,
  output wire [3:0] memory_mask,
  output wire [31:0] memory_data,
  output wire trace_start,
  output wire trace_done,
  output wire [15:0] trace_step,
  output wire trace_write,
  output wire [23:0] trace_address,
  output wire [7:0] trace_count,
  output wire [7:0] trace_data,
  output wire [7:0] trace_before,
  output wire fault_happens,
  output wire [7:0] fault_code,
  output wire [23:0] fault_place,
  output wire discards_tiles
);
  reg [4:0] stopping;

  wire [24:0] last_written = {1'd0, results_address} + {17'd0, results_count - 8'd1};
  wire is_outside = results_enable && (|last_written[24:12]);
  wire written = results_enable && !is_outside && stopping == 5'd0;
  wire write_features = load_write && load_region == 4'd4;
  wire [3:0] result_mask = {3'd0, results_count > 8'd0};

  assign discards_tiles = abort_ || stopping > 5'd23;
  assign fault_happens = is_outside;
  assign fault_code = 8'd3;
  assign fault_place = results_address;
  assign memory_enable = written || write_features;
  assign memory_address = write_features ? load_address : results_address;
  assign memory_mask = write_features ? load_strobe : result_mask;
  assign memory_data = write_features ? load_data : {24'd0, results_data};
  assign trace_start = steps_start;
  assign trace_done = steps_done;
  assign trace_step = steps_step;
  assign trace_write = written;
  assign trace_address = results_address;
  assign trace_count = results_count;
  assign trace_data = results_data;
  assign trace_before = results_before;

  always @(posedge clock) begin
    if (reset) begin
      stopping <= 5'd0;
    end else if (abort_) begin
      stopping <= 5'd31;
    end else if (stopping != 5'd0) begin
      stopping <= stopping - 5'd1;
    end
  end

  wire unused = &{1'b0, last_written[11:0]};
endmodule
