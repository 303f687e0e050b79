// Made by scripts/embed-testbenches from testbenches/: edit those files and run the script again.

/// The simulator side of a bundle, as text.
public enum TestbenchSources {
  /// testbenches/harness.cpp
  public static let harness = ##"""
// The host of the accelerator, for Verilator.
//
//   simulator JOB RESULTS [--vcd FILE --from CYCLE --to CYCLE]
//
// Reads a list of commands (JOB), drives the AXI4-Lite port of the top module as a host would, watches the trace
// port, counts clock edges itself, and writes what it saw (RESULTS). Both files are little-endian 32-bit words.
//
// Commands: a number, then its operands.
//    0 end
//    1 write block   address, run, step, count, words...   word i goes to address + (i / run) * step + 4 * (i % run)
//    2 write         address, strobe, data
//    3 read block    address, count
//    4 check         address, mask, data                   reads, compares the masked bits
//    5 start         address, data                         a write; cycle 0 of the run is the edge that takes it
//    6 wait          mode, limit, address, mask            until the interrupt (mode 1) or a masked bit of that
//                                                          register (mode 0) is set, at most `limit` cycles
//    7 reset         cycles
//    8 idle          cycles
//    9 sample        number                                a mark in the results
//   10 wait states   seed, probability                     of 256, that a valid or ready signal waits a cycle
//
// Records: a number, then its words.
//    1 read          address, count, words...
//    2 run           finished, cycles low, cycles high
//    3 sample        number
//    4 step started  step, cycle
//    5 step done     step, cycle
//    6 trace write   step | count << 16, address, cycle, data words..., words before the fused addition...
//    7 bus error     address, response | write << 8
//    8 check failed  address, got, expected, mask
//   10 no answer     address                               the bus did not answer; the job ends here
//    0 end
// Record 9 (unknown bits on the trace port) comes from the four-state bench only.
//
// Exit code 0 and PASS when every check held and every run finished, 1 and FAIL when not; 2 and FAIL when there is no
// job, or a damaged one: cut short, without a command, or with words after its end.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "Vweft_top.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_vcd_c.h"
#endif

namespace {

// Byte `i` of a port of any width.
template <class T>
uint8_t byteOf(const T& port, unsigned i) {
  return static_cast<uint8_t>(static_cast<uint64_t>(port) >> (8 * i));
}
template <std::size_t N>
uint8_t byteOf(const VlWide<N>& port, unsigned i) {
  return static_cast<uint8_t>(port[i / 4] >> (8 * (i % 4)));
}

struct NoAnswer {
  uint32_t address;
};

class Host {
 public:
  explicit Host(VerilatedContext* context) : context_(context), top_(context, "weft_top") {
    top_.clock = 0;
    top_.reset = 1;
    top_.s_axi_awvalid = top_.s_axi_wvalid = top_.s_axi_arvalid = 0;
    top_.s_axi_bready = top_.s_axi_rready = 1;
    top_.s_axi_awaddr = top_.s_axi_araddr = 0;
    top_.s_axi_wdata = 0;
    top_.s_axi_wstrb = 0;
  }
  ~Host() { top_.final(); }

  std::vector<uint32_t> results;
  bool failed = false;

#if VM_TRACE
  VerilatedVcdC vcd;
  uint64_t vcdFrom = 0, vcdTo = 0;
  void openWaveform(const char* file, uint64_t from, uint64_t to) {
    vcdFrom = from;
    vcdTo = to;
    context_->traceEverOn(true);
    top_.trace(&vcd, 99);
    vcd.open(file);
  }
#endif

  void reset(uint32_t cycles) {
    top_.reset = 1;
    top_.s_axi_awvalid = top_.s_axi_wvalid = top_.s_axi_arvalid = 0;
    running_ = false;
    idle(cycles);
    top_.reset = 0;
    pending_.clear();
    idle(2);
  }

  void idle(uint32_t cycles) {
    for (uint32_t i = 0; i < cycles; ++i) tick();
  }

  void waitStates(uint32_t seed, uint32_t probability) {
    random_ = seed * 2654435761u + 1;
    probability_ = probability;
    // A host that waits no more is ready again.
    top_.s_axi_bready = top_.s_axi_rready = 1;
  }

  // Hands a write to the accelerator and returns once address and data are taken; the response may come later.
  void post(uint32_t address, uint32_t data, uint32_t strobe) {
    bool addressDue = true, dataDue = true;
    top_.s_axi_awaddr = address;
    top_.s_axi_wdata = data;
    top_.s_axi_wstrb = strobe;
    pending_.push_back(address);
    for (uint32_t i = 0; addressDue || dataDue; ++i) {
      if (i > patience) throw NoAnswer{address};
      if (addressDue && !top_.s_axi_awvalid) top_.s_axi_awvalid = go();
      if (dataDue && !top_.s_axi_wvalid) top_.s_axi_wvalid = go();
      tick();
      if (awFired_) { addressDue = false; top_.s_axi_awvalid = 0; }
      if (wFired_) { dataDue = false; top_.s_axi_wvalid = 0; }
    }
  }

  // Waits for all responses.
  void settle() {
    for (uint32_t i = 0; !pending_.empty(); ++i) {
      if (i > patience) throw NoAnswer{pending_.front()};
      tick();
    }
  }

  uint32_t read(uint32_t address) {
    settle();
    bool addressDue = true;
    readDone_ = false;
    readAddress_ = address;
    top_.s_axi_araddr = address;
    for (uint32_t i = 0; addressDue || !readDone_; ++i) {
      if (i > patience) throw NoAnswer{address};
      if (addressDue && !top_.s_axi_arvalid) top_.s_axi_arvalid = go();
      tick();
      if (arFired_) { addressDue = false; top_.s_axi_arvalid = 0; }
    }
    return readData_;
  }

  // The edge that takes the last half of this write is cycle 0.
  void start(uint32_t address, uint32_t data) {
    settle();
    post(address, data, 15);
    cycle_ = 1;
    running_ = true;
    settle();
  }

  void wait(uint32_t mode, uint64_t limit, uint32_t address, uint32_t mask) {
    bool finished = false;
    while (cycle_ < limit) {
      if (mode == 1) {
        if (top_.irq) { finished = true; break; }
        tick();
      } else {
        if (read(address) & mask) { finished = true; break; }
        idle(16);
      }
    }
    running_ = false;
    if (!finished) failed = true;
    record({2, finished, static_cast<uint32_t>(cycle_), static_cast<uint32_t>(cycle_ >> 32)});
  }

  void record(std::initializer_list<uint32_t> words) { results.insert(results.end(), words); }

 private:
  static constexpr uint32_t patience = 20000;
  VerilatedContext* context_;
  Vweft_top top_;
  uint64_t cycle_ = 0;  // of the run
  bool running_ = false;
  uint32_t random_ = 1, probability_ = 0;
  std::deque<uint32_t> pending_;
  bool awFired_ = false, wFired_ = false, arFired_ = false, readDone_ = false;
  uint32_t readAddress_ = 0, readData_ = 0;

  // Whether a valid or ready signal may rise in this cycle.
  bool go() {
    if (probability_ == 0) return true;
    random_ = random_ * 1664525u + 1013904223u;
    return (random_ >> 24) >= probability_;
  }

  // One clock cycle: settle the inputs, look at what the rising edge will see, make the edge.
  void tick() {
    if (probability_ != 0) {
      top_.s_axi_bready = go();
      top_.s_axi_rready = go();
    }
    top_.clock = 0;
    top_.eval();
    dump();
    awFired_ = top_.s_axi_awvalid && top_.s_axi_awready;
    wFired_ = top_.s_axi_wvalid && top_.s_axi_wready;
    arFired_ = top_.s_axi_arvalid && top_.s_axi_arready;
    if (top_.s_axi_bvalid && top_.s_axi_bready && !top_.reset) {
      uint32_t address = pending_.empty() ? 0xFFFFFFFFu : pending_.front();
      if (pending_.empty() || top_.s_axi_bresp != 0) record({7, address, top_.s_axi_bresp | 0x100u});
      if (!pending_.empty()) pending_.pop_front();
    }
    if (top_.s_axi_rvalid && top_.s_axi_rready && !top_.reset) {
      if (top_.s_axi_rresp != 0) record({7, readAddress_, top_.s_axi_rresp});
      readData_ = top_.s_axi_rdata;
      readDone_ = true;
    }
    if (top_.trace_start | top_.trace_write | top_.trace_done) watch();
    top_.clock = 1;
    top_.eval();
    context_->timeInc(5);
    dump();
    context_->timeInc(5);
    ++cycle_;
  }

  void watch() {
    const uint32_t now = static_cast<uint32_t>(cycle_);
    if (top_.trace_start) record({4, top_.trace_step, now});
    if (top_.trace_write) {
      const uint32_t count = top_.trace_count;
      record({6, top_.trace_step | count << 16, top_.trace_address, now});
      appendBytes(top_.trace_data, count);
      appendBytes(top_.trace_before, count);
    }
    if (top_.trace_done) record({5, top_.trace_step, now});
  }

  template <class T>
  void appendBytes(const T& port, uint32_t count) {
    uint32_t word = 0;
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t byte = i < sizeof(T) ? byteOf(port, i) : 0;
      word |= byte << (8 * (i % 4));
      if (i % 4 == 3 || i + 1 == count) {
        results.push_back(word);
        word = 0;
      }
    }
  }

  void dump() {
#if VM_TRACE
    if (vcd.isOpen() && running_ && cycle_ >= vcdFrom && cycle_ <= vcdTo) vcd.dump(context_->time());
#endif
  }
};

bool readWords(const char* path, std::vector<uint32_t>& words) {
  FILE* file = std::fopen(path, "rb");
  if (!file) return false;
  uint8_t bytes[4];
  std::size_t count;
  while ((count = std::fread(bytes, 1, 4, file)) == 4)
    words.push_back(bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<uint32_t>(bytes[3]) << 24);
  const bool whole = count == 0 && std::ferror(file) == 0;
  std::fclose(file);
  return whole;
}

bool writeWords(const char* path, const std::vector<uint32_t>& words) {
  FILE* file = std::fopen(path, "wb");
  if (!file) return false;
  std::vector<uint8_t> bytes;
  bytes.reserve(words.size() * 4);
  for (uint32_t word : words)
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<uint8_t>(word >> (8 * i)));
  const bool good = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  return std::fclose(file) == 0 && good;
}

// Runs the commands; returns false when the job itself is damaged.
bool play(Host& host, const std::vector<uint32_t>& job) {
  std::size_t at = 0;
  auto has = [&](std::size_t count) { return job.size() - at >= count; };
  while (has(1)) {
    const uint32_t command = job[at++];
    switch (command) {
      case 0: host.settle(); return at > 1 && at == job.size();
      case 1: {
        if (!has(4)) return false;
        const uint32_t address = job[at], run = job[at + 1], step = job[at + 2], count = job[at + 3];
        at += 4;
        if (!has(count) || run == 0) return false;
        for (uint32_t i = 0; i < count; ++i) host.post(address + i / run * step + 4 * (i % run), job[at + i], 15);
        at += count;
        host.settle();
        break;
      }
      case 2:
        if (!has(3)) return false;
        host.post(job[at], job[at + 2], job[at + 1]);
        host.settle();
        at += 3;
        break;
      case 3: {
        if (!has(2)) return false;
        const uint32_t address = job[at], count = job[at + 1];
        at += 2;
        std::vector<uint32_t> words;
        for (uint32_t i = 0; i < count; ++i) words.push_back(host.read(address + 4 * i));
        host.record({1, address, count});
        host.results.insert(host.results.end(), words.begin(), words.end());
        break;
      }
      case 4: {
        if (!has(3)) return false;
        const uint32_t address = job[at], mask = job[at + 1], expected = job[at + 2];
        at += 3;
        const uint32_t got = host.read(address);
        if ((got ^ expected) & mask) {
          std::printf("at %08x: expected %08x, got %08x (mask %08x)\n", address, expected & mask, got & mask, mask);
          host.record({8, address, got, expected, mask});
          host.failed = true;
        }
        break;
      }
      case 5:
        if (!has(2)) return false;
        host.start(job[at], job[at + 1]);
        at += 2;
        break;
      case 6:
        if (!has(4)) return false;
        host.wait(job[at], job[at + 1], job[at + 2], job[at + 3]);
        at += 4;
        break;
      case 7:
        if (!has(1)) return false;
        host.reset(job[at++]);
        break;
      case 8:
        if (!has(1)) return false;
        host.idle(job[at++]);
        break;
      case 9:
        if (!has(1)) return false;
        host.record({3, job[at++]});
        break;
      case 10:
        if (!has(2)) return false;
        host.waitStates(job[at], job[at + 1]);
        at += 2;
        break;
      default: return false;
    }
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s JOB RESULTS [--vcd FILE --from CYCLE --to CYCLE]\n", argv[0]);
    return 2;
  }
  std::vector<uint32_t> job;
  if (!readWords(argv[1], job)) {
    std::fprintf(stderr, "%s: cannot be read\n", argv[1]);
    std::puts("FAIL");
    return 2;
  }
  const auto context = std::make_unique<VerilatedContext>();
  Host host(context.get());
#if VM_TRACE
  const char* waveform = nullptr;
  uint64_t from = 0, to = ~0ull;
  for (int i = 3; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--vcd")) waveform = argv[i + 1];
    if (!std::strcmp(argv[i], "--from")) from = std::strtoull(argv[i + 1], nullptr, 10);
    if (!std::strcmp(argv[i], "--to")) to = std::strtoull(argv[i + 1], nullptr, 10);
  }
  if (waveform) host.openWaveform(waveform, from, to);
#endif
  try {
    host.reset(8);
    if (!play(host, job)) {
      std::fprintf(stderr, "%s: damaged job\n", argv[1]);
      std::puts("FAIL");
      return 2;
    }
  } catch (const NoAnswer& problem) {
    std::printf("the bus does not answer at address %08x\n", problem.address);
    host.record({10, problem.address});
    host.failed = true;
  }
  host.record({0});
#if VM_TRACE
  if (waveform) host.vcd.close();
#endif
  if (!writeWords(argv[2], host.results)) {
    std::fprintf(stderr, "%s: cannot be written\n", argv[2]);
    std::puts("FAIL");
    return 2;
  }
  std::puts(host.failed ? "FAIL" : "PASS");
  return host.failed ? 1 : 0;
}

"""##
  /// testbenches/bench.v
  public static let bench = ##"""
// The host of the accelerator, in plain Verilog-2005, for Icarus Verilog and other event-driven simulators.
//
//   iverilog -g2005 -s weft_bench -o bench testbench/bench.v rtl/*.v
//   ./bench +job=testbench/job.bin [+results=results.bin] [+vcd=wave.vcd +from=0 +to=1000]
//
// Reads the commands that harness.cpp describes and writes the same records. Being four-state, it also
// reports unknown bits on the trace port: record 9, step, address, cycle. Wait states (command 10) are ignored.
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

module weft_bench;
  parameter Q = 4;  // post lanes: bytes of a trace write

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

  weft_top top (
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
      `PUT(32'd10); `PUT(address); `PUT(32'd0);
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
          if (bresp !== 2'b00) begin `PUT(32'd7); `PUT(address); `PUT({23'd0, 1'b1, 6'd0, bresp}); end
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
          if (rresp !== 2'b00) begin `PUT(32'd7); `PUT(address); `PUT({30'd0, rresp}); end
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
        `PUT(32'd9); `PUT({16'd0, trace_step}); `PUT(32'd0); `PUT(cycle);
        failed = 1'b1;
      end
      if (trace_start === 1'b1) begin `PUT(32'd4); `PUT({16'd0, trace_step}); `PUT(cycle); end
      if (trace_write === 1'b1) begin : traced
        reg [31:0] bytes;
        integer n;
        reg [8*Q-1:0] data, before;
        reg unknown;
        `PUT(32'd6); `PUT({8'd0, trace_count, trace_step}); `PUT({8'd0, trace_address}); `PUT(cycle);
        data = trace_data; before = trace_before; unknown = 1'b0;
        for (n = 0; n < trace_count; n = n + 4) begin
          bytes = data >> (8 * n);
          if (n + 4 > trace_count) bytes = bytes & ~(32'hFFFFFFFF << (8 * (trace_count - n)));
          if (^bytes === 1'bx) unknown = 1'b1;
          `PUT(bytes);
        end
        for (n = 0; n < trace_count; n = n + 4) begin
          bytes = before >> (8 * n);
          if (n + 4 > trace_count) bytes = bytes & ~(32'hFFFFFFFF << (8 * (trace_count - n)));
          `PUT(bytes);
        end
        if (unknown || ^{trace_address, trace_count, trace_step} === 1'bx) begin
          `PUT(32'd9); `PUT({16'd0, trace_step}); `PUT({8'd0, trace_address}); `PUT(cycle);
          failed = 1'b1;
        end
      end
      if (trace_done === 1'b1) begin `PUT(32'd5); `PUT({16'd0, trace_step}); `PUT(cycle); end
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
      if (command != 0) acted = 1'b1;
      case (command)
        0: ended = 1'b1;
        1: begin
          get; a = word; get; b = word; get; c = word; get; d = word;
          if (b == 0) begin ended = 1'b1; damaged = 1'b1; end
          for (i = 0; i < d && !ended; i = i + 1) begin
            get;
            write_word(a + (i / b) * c + 4 * (i % b), word, 4'hF, 1'b0);
          end
        end
        2: begin get; a = word; get; b = word; get; write_word(a, word, b[3:0], 1'b0); end
        3: begin
          get; a = word; get; b = word;
          // A record a word, so that no trace record comes between the words of one.
          for (i = 0; i < b; i = i + 1) begin
            read_word(a + 4 * i);
            `PUT(32'd1); `PUT(a + 4 * i); `PUT(32'd1); `PUT(word);
          end
        end
        4: begin
          get; a = word; get; b = word; get; c = word;
          read_word(a);
          if (((word ^ c) & b) !== 32'd0) begin
            $display("at %h: expected %h, got %h (mask %h)", a, c & b, word & b, b);
            `PUT(32'd8); `PUT(a); `PUT(word); `PUT(c); `PUT(b);
            failed = 1'b1;
          end
        end
        5: begin get; a = word; get; running = 1'b0; write_word(a, word, 4'hF, 1'b1); end
        6: begin
          get; a = word; get; b = word; get; c = word; get; d = word;
          finished = 1'b0;
          while (!finished && cycle < b) begin
            if (a == 1) begin
              if (irq === 1'b1) finished = 1'b1; else @(posedge clock);
            end else begin
              read_word(c);
              if ((word & d) != 0) finished = 1'b1; else repeat (16) @(posedge clock);
            end
          end
          running = 1'b0;
          if (!finished) failed = 1'b1;
          `PUT(32'd2); `PUT({31'd0, finished}); `PUT(cycle); `PUT(32'd0);
        end
        7: begin
          get;
          reset <= 1'b1; awvalid <= 1'b0; wvalid <= 1'b0; arvalid <= 1'b0;
          running = 1'b0;
          repeat (word) @(posedge clock);
          reset <= 1'b0;
          repeat (2) @(posedge clock);
        end
        8: begin get; repeat (word) @(posedge clock); end
        9: begin get; `PUT(32'd3); `PUT(word); end
        10: begin get; get; end
        default: begin ended = 1'b1; damaged = 1'b1; end
      endcase
    end
    // A job does something, and nothing follows its end.
    if (!acted || $fread(raw, job) != 0) damaged = 1'b1;
    `PUT(32'd0);
    if (results != 0) $fclose(results);
    if (damaged) begin $display("damaged job"); $display("FAIL"); `END(2); end
    else if (failed) begin $display("FAIL"); `END(1); end
    else begin $display("PASS"); `END(0); end
  end
endmodule

"""##
}
