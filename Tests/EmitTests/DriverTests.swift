import Emit
import Foundation
import Machine
import TestTools
import Testing

/// A C program that runs the driver against a model of the address space.
private let driverTest = """
  #include <stdio.h>
  #include <string.h>
  #include "model.h"

  static uint32_t windows[8][1u << 18];
  static uint32_t fingerprint;
  static int started, broken;

  static uint32_t get(void *context, uint32_t address) {
    (void)context;
    switch (address) {
      case WEFT_IDENTITY: return WEFT_IDENTITY_MAGIC_VALUE;
      case WEFT_VERSION: return WEFT_VERSION_NUMBER_VALUE;
      case WEFT_FINGERPRINT: return fingerprint;
      case WEFT_STATUS: return broken ? WEFT_STATUS_ERROR_MASK : started ? WEFT_STATUS_DONE_MASK : 0;
      case WEFT_ERROR: return WEFT_ERROR_CODE_ILLEGAL_INSTRUCTION | 7u << 8;
      case WEFT_CYCLES_LOW: return 5;
      case WEFT_CYCLES_HIGH: return 1;
      default: return windows[address >> 24][(address & 0xFFFFFFu) / 4];
    }
  }

  static void put(void *context, uint32_t address, uint32_t value) {
    (void)context;
    if (address == WEFT_CONTROL && value == WEFT_CONTROL_START_MASK) started = 1;
    windows[address >> 24][(address & 0xFFFFFFu) / 4] = value;
  }

  #define CHECK(condition) do { if (!(condition)) { printf("line %d: %s\\n", __LINE__, #condition); return 1; } } while (0)

  int main(void) {
    weft_device device = {get, put, 0};
    /* Tensors at awkward addresses. */
    weft_tensor odd = {"odd", 5, 6, 1, {6}, 1.0f, 0};
    weft_model model = weft_network;
    unsigned char data[6] = {1, 2, 3, 4, 5, 6}, back[6] = {0};
    unsigned i;
    fingerprint = weft_network.fingerprint;
    CHECK(weft_load(&device, &weft_network) == WEFT_OK);
    CHECK(memcmp(windows[1], weft_network.program, 4 * weft_network.program_words) == 0);
    CHECK(memcmp(windows[2], weft_network.weights, 4 * weft_network.weight_words) == 0);
    CHECK(memcmp(windows[5], weft_network.scalar_tables, 4 * weft_network.scalar_table_words) == 0);
    for (i = 0; i < weft_network.parameter_channels; ++i)
      CHECK(memcmp(&windows[3][4 * i], &weft_network.parameters[3 * i], 12) == 0);
    model.inputs = model.outputs = &odd;
    model.input_count = model.output_count = 1;
    memset(windows[4], 0xEE, 64);
    CHECK(weft_write_input(&device, &model, 0, data) == WEFT_OK);
    CHECK(windows[4][0] == 0xEEEEEEEEu && windows[4][1] == 0x030201EEu && windows[4][2] == 0xEE060504u && windows[4][3] == 0xEEEEEEEEu);
    CHECK(weft_read_output(&device, &model, 0, back) == WEFT_OK);
    CHECK(memcmp(data, back, 6) == 0);
    CHECK(weft_write_input(&device, &model, 1, data) == WEFT_NO_SUCH_TENSOR);
    CHECK(weft_wait(&device, 3) == WEFT_TIMEOUT);
    CHECK(weft_run(&device, 3) == WEFT_OK);
    CHECK(weft_cycles(&device) == 0x100000005u);
    broken = 1;
    CHECK(weft_wait(&device, 3) == (int)WEFT_ERROR_CODE_ILLEGAL_INSTRUCTION);
    fingerprint ^= 1;
    CHECK(weft_load(&device, &weft_network) == WEFT_WRONG_HARDWARE);
    puts(weft_status_text(WEFT_WRONG_HARDWARE));
    return 0;
  }

  """

@Suite struct DriverTests {
  @Test func theHeaderHasEveryRegister() {
    let header = registerHeader()
    for register in RegisterMap.Register.allCases { #expect(header.contains("WEFT_\(register.name) ")) }
    #expect(header.contains("#define WEFT_IDENTITY_MAGIC_VALUE               0x57454654u"))
    #expect(driverHeader().contains("#include \"weft_registers.h\""))
  }

  @Test(.enabled(if: Tool.available(.cc))) func theDriverLoadsWritesRunsAndReads() throws {
    let scratch = try Scratch()
    for file in try Digits.bundle().files where file.path.hasPrefix("driver/") {
      try Data(file.bytes).write(to: scratch.url.appendingPathComponent(String(file.path.dropFirst(7))))
    }
    try driverTest.write(toFile: scratch.path("test.c"), atomically: false, encoding: .utf8)
    let compiled = try Tool.cc.run(strictC + ["-o", "test", "test.c", "weft.c"], in: scratch.url)
    #expect(compiled.status == 0, "\(compiled.output)")
    let result = try runProgram(scratch.path("test"), in: scratch.url)
    #expect(result.status == 0)
    #expect(result.output == "the network was compiled for another configuration of the accelerator\n")
  }
}
