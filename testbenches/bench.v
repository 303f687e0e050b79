// The host of the accelerator, in plain Verilog-2005, for Icarus Verilog and other event-driven simulators.
//
//   iverilog -g2005 -s @BENCH@ -o bench testbench/bench.v rtl/*.v
//   ./bench +job=testbench/job.bin [+results=results.bin] [+vcd=wave.vcd +from=0 +to=1000]
//
// Reads the commands that harness.cpp describes and writes the same records. Being four-state, it also
// reports unknown bits on the trace port. Wait states are ignored.
//
// The last line it prints is PASS or FAIL. Icarus Verilog also ends with a status: 0 for PASS, 1 for FAIL, 2 when there
// is no job, or a damaged one; Verilog-2005 has no word for that, so with other simulators read the last line.

// One word of results. No task: two processes write records, and a call may let the other go first.
`define PUT(word) if (results != 0) $fwrite(results, "%u", word)

`ifdef __ICARUS__
`define END(status) $finish_and_return(status)
`else
`define END(status) $finish
`endif

module @BENCH@;
  parameter Q = @POST_LANES@;  // post lanes: bytes of a trace write

@COMMANDS@

@RECORDS@

@WAITS@

  reg clock, reset;
  reg [27:0] awaddr, araddr;
  reg awvalid, wvalid, bready, arvalid, rready;
  reg [31:0] wdata;
  reg [3:0] wstrb;
  wire awready, wready, bvalid, arready, rvalid, irq;
  wire [1:0] bresp, rresp;
  wire [31:0] rdata;
  wire trace_start, trace_done, trace_write;
  wire [15:0] trace_step;
  wire [23:0] trace_address;
  wire [7:0] trace_count;
  wire [8*Q-1:0] trace_data, trace_before;

  @TOP@ top (
      .clock(clock), .reset(reset),
      .s_axi_awaddr(awaddr), .s_axi_awvalid(awvalid), .s_axi_awready(awready),
      .s_axi_wdata(wdata), .s_axi_wstrb(wstrb), .s_axi_wvalid(wvalid), .s_axi_wready(wready),
      .s_axi_bresp(bresp), .s_axi_bvalid(bvalid), .s_axi_bready(bready),
      .s_axi_araddr(araddr), .s_axi_arvalid(arvalid), .s_axi_arready(arready),
      .s_axi_rdata(rdata), .s_axi_rresp(rresp), .s_axi_rvalid(rvalid), .s_axi_rready(rready),
      .irq(irq),
      .trace_start(trace_start), .trace_done(trace_done), .trace_step(trace_step), .trace_write(trace_write),
      .trace_address(trace_address), .trace_count(trace_count), .trace_data(trace_data),
      .trace_before(trace_before)
  );

  integer job, results, code, i;
  reg [31:0] edges, first_edge;  // rising edges, and the one that took the start command
  wire [31:0] cycle = edges - first_edge;  // of the run
  reg failed, running, finished, ended, damaged;
  reg acted;  // whether the job had a command besides its end
  reg [31:0] raw, word, command, a, b, c, d;
  reg [8*256-1:0] job_path, results_path, vcd_path;
  reg [31:0] vcd_from, vcd_to;
  reg vcd;

  initial begin
    clock = 1'b0;
    forever #5 clock = ~clock;
  end

  task get;  // the next word of the job
    begin
      code = $fread(raw, job);
      if (code != 4) begin
        raw = 32'd0; ended = 1'b1; damaged = 1'b1;
      end
      word = {raw[7:0], raw[15:8], raw[23:16], raw[31:24]};
    end
  endtask

  task no_answer;
    input [31:0] address;
    begin
      $display("the bus does not answer at address %h", address);
      `PUT(RECORD_NO_ANSWER); `PUT(address); `PUT(RECORD_END);
      $display("FAIL");
      `END(1);
    end
  endtask

  task write_word;
    input [31:0] address, data;
    input [3:0] strobe;
    input is_start;
    reg address_due, data_due, response_due;
    integer patience;
    begin
      awaddr <= address[27:0]; wdata <= data; wstrb <= strobe;
      awvalid <= 1'b1; wvalid <= 1'b1; bready <= 1'b1;
      address_due = 1'b1; data_due = 1'b1; response_due = 1'b1; patience = 0;
      while (address_due || data_due || response_due) begin
        @(posedge clock);
        if (bvalid === 1'b1 && bready === 1'b1) begin
          response_due = 1'b0;
          if (bresp !== 2'b00) begin `PUT(RECORD_BUS_ERROR); `PUT(address); `PUT({23'd0, 1'b1, 6'd0, bresp}); end
        end
        if (address_due && awready === 1'b1) begin address_due = 1'b0; awvalid <= 1'b0; end
        if (data_due && wready === 1'b1) begin data_due = 1'b0; wvalid <= 1'b0; end
        if (is_start && !running && !address_due && !data_due) begin first_edge = edges; running = 1'b1; end
        patience = patience + 1;
        if (patience > 20000) no_answer(address);
      end
    end
  endtask

  task read_word;  // result in `word`
    input [31:0] address;
    reg address_due, data_due;
    integer patience;
    begin
      araddr <= address[27:0]; arvalid <= 1'b1; rready <= 1'b1;
      address_due = 1'b1; data_due = 1'b1; patience = 0;
      while (address_due || data_due) begin
        @(posedge clock);
        if (rvalid === 1'b1 && rready === 1'b1) begin
          data_due = 1'b0;
          word = rdata;
          if (rresp !== 2'b00) begin `PUT(RECORD_BUS_ERROR); `PUT(address); `PUT({30'd0, rresp}); end
          if (^rdata === 1'bx) begin
            $display("unknown bits read at address %h: %b", address, rdata);
            failed = 1'b1;
          end
        end
        if (address_due && arready === 1'b1) begin address_due = 1'b0; arvalid <= 1'b0; end
        patience = patience + 1;
        if (patience > 20000) no_answer(address);
      end
    end
  endtask

  always @(posedge clock) begin
    edges <= edges + 1;
    if (!reset) begin
      if (^{trace_start, trace_write, trace_done} === 1'bx) begin
        `PUT(RECORD_UNKNOWN_BITS); `PUT({16'd0, trace_step}); `PUT(32'd0); `PUT(cycle);
        failed = 1'b1;
      end
      if (trace_start === 1'b1) begin `PUT(RECORD_STEP_STARTED); `PUT({16'd0, trace_step}); `PUT(cycle); end
      if (trace_write === 1'b1) begin : traced
        reg [31:0] bytes;
        integer n;
        reg [8*Q-1:0] data, data_before;
        reg unknown;
        `PUT(RECORD_TRACE_WRITE); `PUT({8'd0, trace_count, trace_step}); `PUT({8'd0, trace_address}); `PUT(cycle);
        data = trace_data; data_before = trace_before; unknown = 1'b0;
        for (n = 0; n < trace_count; n = n + 4) begin
          bytes = data >> (8 * n);
          if (n + 4 > trace_count) bytes = bytes & ~(32'hFFFFFFFF << (8 * (trace_count - n)));
          if (^bytes === 1'bx) unknown = 1'b1;
          `PUT(bytes);
        end
        for (n = 0; n < trace_count; n = n + 4) begin
          bytes = data_before >> (8 * n);
          if (n + 4 > trace_count) bytes = bytes & ~(32'hFFFFFFFF << (8 * (trace_count - n)));
          `PUT(bytes);
        end
        if (unknown || ^{trace_address, trace_count, trace_step} === 1'bx) begin
          `PUT(RECORD_UNKNOWN_BITS); `PUT({16'd0, trace_step}); `PUT({8'd0, trace_address}); `PUT(cycle);
          failed = 1'b1;
        end
      end
      if (trace_done === 1'b1) begin `PUT(RECORD_STEP_DONE); `PUT({16'd0, trace_step}); `PUT(cycle); end
    end
    if (vcd && running) begin
      if (cycle == vcd_from) $dumpon;
      if (cycle == vcd_to) $dumpoff;
    end
  end

  initial begin
    failed = 1'b0; running = 1'b0; ended = 1'b0; damaged = 1'b0; acted = 1'b0; edges = 0; first_edge = 0; vcd = 1'b0;
    reset = 1'b1;
    awaddr = 0; araddr = 0; wdata = 0; wstrb = 0;
    awvalid = 1'b0; wvalid = 1'b0; arvalid = 1'b0; bready = 1'b1; rready = 1'b1;
    if (!$value$plusargs("job=%s", job_path)) begin
      $display("usage: bench +job=FILE [+results=FILE] [+vcd=FILE +from=CYCLE +to=CYCLE]");
      $display("FAIL");
      `END(2);
    end
    results = 0;
    if ($value$plusargs("results=%s", results_path)) results = $fopen(results_path, "wb");
    job = $fopen(job_path, "rb");
    if (job == 0) begin $display("the job cannot be read"); $display("FAIL"); `END(2); end
    vcd_from = 0; vcd_to = 32'hFFFFFFFF;
    if ($value$plusargs("from=%d", vcd_from)) begin end
    if ($value$plusargs("to=%d", vcd_to)) begin end
    if ($value$plusargs("vcd=%s", vcd_path)) begin
      vcd = 1'b1;
      $dumpfile(vcd_path);
      $dumpvars(0, top);
      $dumpoff;
    end
    repeat (8) @(posedge clock);
    reset <= 1'b0;
    repeat (2) @(posedge clock);
    while (!ended) begin
      get; command = word;
      if (command != COMMAND_END) acted = 1'b1;
      case (command)
        COMMAND_END: ended = 1'b1;
        COMMAND_WRITE_BLOCK: begin
          get; a = word; get; b = word; get; c = word; get; d = word;
          if (b == 0) begin ended = 1'b1; damaged = 1'b1; end
          for (i = 0; i < d && !ended; i = i + 1) begin
            get;
            write_word(a + (i / b) * c + 4 * (i % b), word, 4'hF, 1'b0);
          end
        end
        COMMAND_WRITE: begin get; a = word; get; b = word; get; write_word(a, word, b[3:0], 1'b0); end
        COMMAND_READ_BLOCK: begin
          get; a = word; get; b = word;
          // A record a word, so that no trace record comes between the words of one.
          for (i = 0; i < b; i = i + 1) begin
            read_word(a + 4 * i);
            `PUT(RECORD_READ); `PUT(a + 4 * i); `PUT(32'd1); `PUT(word);
          end
        end
        COMMAND_CHECK: begin
          get; a = word; get; b = word; get; c = word;
          read_word(a);
          if (((word ^ c) & b) !== 32'd0) begin
            $display("at %h: expected %h, got %h (mask %h)", a, c & b, word & b, b);
            `PUT(RECORD_CHECK_FAILED); `PUT(a); `PUT(word); `PUT(c); `PUT(b);
            failed = 1'b1;
          end
        end
        COMMAND_START: begin get; a = word; get; running = 1'b0; write_word(a, word, 4'hF, 1'b1); end
        COMMAND_WAIT: begin
          get; a = word; get; b = word; get; c = word; get; d = word;
          finished = 1'b0;
          while (!finished && cycle < b) begin
            if (a == WAIT_INTERRUPT) begin
              if (irq === 1'b1) finished = 1'b1; else @(posedge clock);
            end else begin
              read_word(c);
              if ((word & d) != 0) finished = 1'b1; else repeat (16) @(posedge clock);
            end
          end
          running = 1'b0;
          if (!finished) failed = 1'b1;
          `PUT(RECORD_RUN); `PUT({31'd0, finished}); `PUT(cycle); `PUT(32'd0);
        end
        COMMAND_RESET: begin
          get;
          reset <= 1'b1; awvalid <= 1'b0; wvalid <= 1'b0; arvalid <= 1'b0;
          running = 1'b0;
          repeat (word) @(posedge clock);
          reset <= 1'b0;
          repeat (2) @(posedge clock);
        end
        COMMAND_IDLE: begin get; repeat (word) @(posedge clock); end
        COMMAND_SAMPLE: begin get; `PUT(RECORD_SAMPLE); `PUT(word); end
        COMMAND_WAIT_STATES: begin get; get; end
        default: begin ended = 1'b1; damaged = 1'b1; end
      endcase
    end
    // A job does something, and nothing follows its end.
    if (!acted || $fread(raw, job) != 0) damaged = 1'b1;
    `PUT(RECORD_END);
    if (results != 0) $fclose(results);
    if (damaged) begin $display("damaged job"); $display("FAIL"); `END(2); end
    else if (failed) begin $display("FAIL"); `END(1); end
    else begin $display("PASS"); `END(0); end
  end
endmodule
