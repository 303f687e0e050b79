// The host of the accelerator, for Verilator.
//
//   simulator JOB RESULTS [--vcd FILE --from CYCLE --to CYCLE]
//
// Reads a list of commands (JOB), drives the AXI4-Lite port of the top module as a host would, watches the trace
// port, counts clock edges itself, and writes what it saw (RESULTS). Both files are little-endian 32-bit words.
//
// Commands: a number, then its operands.
@COMMAND_TABLE@
//
// Records: a number, then its words.
@RECORD_TABLE@
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

enum Command : uint32_t {
@COMMANDS@
};

enum Record : uint32_t {
@RECORDS@
};

enum Wait : uint32_t {
@WAITS@
};

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
      if (mode == waitInterrupt) {
        if (top_.irq) { finished = true; break; }
        tick();
      } else {
        if (read(address) & mask) { finished = true; break; }
        idle(16);
      }
    }
    running_ = false;
    if (!finished) failed = true;
    record({recordRun, finished, static_cast<uint32_t>(cycle_), static_cast<uint32_t>(cycle_ >> 32)});
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
      if (pending_.empty() || top_.s_axi_bresp != 0) record({recordBusError, address, top_.s_axi_bresp | 0x100u});
      if (!pending_.empty()) pending_.pop_front();
    }
    if (top_.s_axi_rvalid && top_.s_axi_rready && !top_.reset) {
      if (top_.s_axi_rresp != 0) record({recordBusError, readAddress_, top_.s_axi_rresp});
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
    if (top_.trace_start) record({recordStepStarted, top_.trace_step, now});
    if (top_.trace_write) {
      const uint32_t count = top_.trace_count;
      record({recordTraceWrite, top_.trace_step | count << 16, top_.trace_address, now});
      appendBytes(top_.trace_data, count);
      appendBytes(top_.trace_before, count);
    }
    if (top_.trace_done) record({recordStepDone, top_.trace_step, now});
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
      case commandEnd: host.settle(); return at > 1 && at == job.size();
      case commandWriteBlock: {
        if (!has(4)) return false;
        const uint32_t address = job[at], run = job[at + 1], step = job[at + 2], count = job[at + 3];
        at += 4;
        if (!has(count) || run == 0) return false;
        for (uint32_t i = 0; i < count; ++i) host.post(address + i / run * step + 4 * (i % run), job[at + i], 15);
        at += count;
        host.settle();
        break;
      }
      case commandWrite:
        if (!has(3)) return false;
        host.post(job[at], job[at + 2], job[at + 1]);
        host.settle();
        at += 3;
        break;
      case commandReadBlock: {
        if (!has(2)) return false;
        const uint32_t address = job[at], count = job[at + 1];
        at += 2;
        std::vector<uint32_t> words;
        for (uint32_t i = 0; i < count; ++i) words.push_back(host.read(address + 4 * i));
        host.record({recordRead, address, count});
        host.results.insert(host.results.end(), words.begin(), words.end());
        break;
      }
      case commandCheck: {
        if (!has(3)) return false;
        const uint32_t address = job[at], mask = job[at + 1], expected = job[at + 2];
        at += 3;
        const uint32_t got = host.read(address);
        if ((got ^ expected) & mask) {
          std::printf("at %08x: expected %08x, got %08x (mask %08x)\n", address, expected & mask, got & mask, mask);
          host.record({recordCheckFailed, address, got, expected, mask});
          host.failed = true;
        }
        break;
      }
      case commandStart:
        if (!has(2)) return false;
        host.start(job[at], job[at + 1]);
        at += 2;
        break;
      case commandWait:
        if (!has(4)) return false;
        host.wait(job[at], job[at + 1], job[at + 2], job[at + 3]);
        at += 4;
        break;
      case commandReset:
        if (!has(1)) return false;
        host.reset(job[at++]);
        break;
      case commandIdle:
        if (!has(1)) return false;
        host.idle(job[at++]);
        break;
      case commandSample:
        if (!has(1)) return false;
        host.record({recordSample, job[at++]});
        break;
      case commandWaitStates:
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
    host.record({recordNoAnswer, problem.address});
    host.failed = true;
  }
  host.record({recordEnd});
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
