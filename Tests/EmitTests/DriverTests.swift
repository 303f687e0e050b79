import Emit
import Foundation
import Machine
import Mapper
import Model
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
    weft_tensor odd = {"odd", 5, 6, 1, {6}, 1.0f, 0, WEFT_INT8, 0, 0, 0, 0};
    const uint8_t first[3] = {7, 8, 9};
    weft_state state = {9, 3, first};
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
    model.states = &state;
    model.state_count = 1;
    CHECK(weft_reset_state(&device, &model) == WEFT_OK);
    CHECK(windows[4][2] == 0x09080704u);
    windows[4][2] = 0;
    CHECK(weft_load(&device, &model) == WEFT_OK && windows[4][2] == 0x09080700u);
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
  /// Every conversion of the driver beside the golden kernels, element by element: all bytes, many wide integers, numbers at halves and
  /// beyond the range.
  @Test(.enabled(if: Tool.available(.cc))) func theDriverConvertsExactly() throws {
    let scratch = try Scratch()
    try Data(registerHeader().utf8).write(to: scratch.url.appendingPathComponent("weft_registers.h"))
    try Data(driverHeader().utf8).write(to: scratch.url.appendingPathComponent("weft.h"))
    try Data(driverSource().utf8).write(to: scratch.url.appendingPathComponent("weft.c"))
    let scales: [(Float, Float)] = [(0.5, 0.5), (0.5, 0.3), (0.013, 0.5), (2, 0.25), (1, 4)]
    var checks = "", names = 0
    for (index, (mine, theirs)) in scales.enumerated() {
      let stored = Tensor(name: "s", shape: [256], type: .int8, quantization: Quantization(scale: mine, zeroPoint: 7 * index - 20))
      for type in [ElementType.uint8, .int16, .int32, .float32] {
        let zero = type == .uint8 ? 100 : type == .int16 ? -3 : 0
        let outside = Tensor(
          name: "o", shape: [256], type: type, quantization: type == .float32 ? .none : Quantization(scale: theirs, zeroPoint: zero))
        let numbers = (0..<256).map { type == .uint8 ? $0 : ($0 - 128) * ($0 % 3 == 0 ? 1 : 97) }
        func evaluated(_ operation: any HostOperation, _ from: Tensor, _ to: Tensor, _ bytes: [UInt8]) throws -> [UInt8] {
          let graph = Graph(
            name: "c", tensors: [from, to], nodes: [Node(index: 0, operation: operation, inputs: [0], outputs: [1])], inputs: [0], outputs: [1])
          try operation.validateOnHost(graph.nodes[0], in: graph)
          var store = TensorStore(graph)
          store[0] = bytes
          operation.evaluate(graph.nodes[0], in: graph, on: &store)
          return store[1]
        }
        let width = type == .uint8 ? 1 : type == .int16 ? 2 : 4
        let given = numbers.flatMap { number -> [UInt8] in
          let bits = type == .float32 ? Int((Float(number) * mine / 2).bitPattern) : number
          return (0..<width).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        }
        let all = (0..<256).map { UInt8($0) }
        let quantized = try evaluated(Quantize(), outside, stored, given)
        let back = try evaluated(type == .float32 ? Dequantize() : Quantize(), stored, outside, all)
        func factor(_ from: Float, _ to: Float) -> String {
          let factor = QuantizedMultiplier(Double(from) / Double(to))
          return type == .float32 ? "0, 0" : "\(factor.multiplier), \(factor.exponent)"
        }
        func array(_ name: String, _ bytes: [UInt8]) -> String {
          "{ static const unsigned char \(name)[] = {\(bytes.map(String.init).joined(separator: ","))};"
        }
        func tensor(_ factor: String) -> String {
          "{\"t\", 0, 256, 1, {256}, \(mine)f, \(stored.zeroPoint), WEFT_\(type.description.uppercased()), \(zero), \(factor), 0}"
        }
        checks += """
          \(array("given", given)) \(array("quantized", quantized)) \(array("back", back))
            const weft_tensor in = \(tensor(factor(theirs, mine))), out = \(tensor(factor(mine, theirs)));
            memcpy(numbers, given, sizeof given);
            weft_quantize(&in, numbers, bytes);
            if (memcmp(bytes, quantized, 256) != 0) return \(2 * names + 1);
            for (i = 0; i < 256; ++i) bytes[i] = (signed char)(i < 128 ? i : i - 256);
            weft_dequantize(&out, bytes, numbers);
            if (memcmp(numbers, back, sizeof back) != 0) return \(2 * names + 2);
          }}}

        """
        names += 1
      }
    }
    let program = """
      #include <string.h>
      #include "weft.h"
      static signed char bytes[256];
      static int32_t numbers[256];
      int main(void) {
        int i;
      \(checks)
        return 0;
      }

      """
    try program.write(toFile: scratch.path("test.c"), atomically: false, encoding: .utf8)
    let compiled = try Tool.cc.run(strictC + ["-o", "test", "test.c", "weft.c"], in: scratch.url)
    #expect(compiled.status == 0, "\(compiled.output.prefix(2_000))")
    #expect(try runProgram(scratch.path("test"), in: scratch.url).status == 0)
  }

  /// Numbers of int16 in rows of high and of low bytes: as they are, and from and to float32.
  @Test(.enabled(if: Tool.available(.cc))) func theDriverKnowsRowsOfInt16() throws {
    let scratch = try Scratch()
    try Data(registerHeader().utf8).write(to: scratch.url.appendingPathComponent("weft_registers.h"))
    try Data(driverHeader().utf8).write(to: scratch.url.appendingPathComponent("weft.h"))
    try Data(driverSource().utf8).write(to: scratch.url.appendingPathComponent("weft.c"))
    let rows = Int16Rows(length: 6), scale: Float = 0.003
    let values = [-32_768, 32_767, -1, 0, 1, 255, 256, -255, -256, -257, 127, 128] + (0..<48).map { ($0 - 24) * 1_237 }
    // Halves, numbers beyond the range, and none.
    let reals = values.map { Float($0) * scale / 2 * 1.0001 } + [1e9, -1e9, .infinity, -.infinity, .nan, 0]
    let tensor = Tensor(name: "t", shape: [66], type: .int16, quantization: Quantization(scale: scale, zeroPoint: 0))
    let rounded = reals.map { Quantize.quantized($0.isNaN ? 0 : $0, to: tensor) }
    func bytes(_ name: String, _ bytes: [UInt8]) -> String {
      "static const unsigned char \(name)[] = {\(bytes.map(String.init).joined(separator: ","))};\n"
    }
    // An int8 behind, clamped at both ends, and one whose factor is nothing.
    let given = Elements.bytes(values + [0, 0, 0, 0, 0, 0], .int16), factors: [Float] = [0.1, 0x1p-40]
    let narrow = factors.map { factor -> (factor: String, bytes: [UInt8]) in
      let byte = Tensor(name: "b", shape: [66], type: .int8, quantization: Quantization(scale: scale / factor, zeroPoint: -5))
      let node = Node(index: 0, operation: Quantize(), inputs: [0], outputs: [1])
      let graph = Graph(name: "n", tensors: [tensor, byte], nodes: [node], inputs: [0], outputs: [1])
      var store = TensorStore(graph)
      store[0] = given
      Quantize().evaluate(node, in: graph, on: &store)
      let multiplier = Quantize().rescaling(node, in: graph).multiplier
      return ("\(multiplier.multiplier), \(multiplier.exponent)", store[1])
    }
    let numbers = Elements.integers(given, .int16).map { scale * Float($0) }
    let program = """
      #include <string.h>
      #include "weft.h"
      \(bytes("given", given))\(bytes("stored", rows.stored(given)))\(bytes("reals", Elements.bytes(reals)))
      \(bytes("rounded", rows.stored(Elements.bytes(rounded, .int16))))\(bytes("numbers", Elements.bytes(numbers)))
      static unsigned char bytes[132];
      static int16_t words[66];
      static float floats[66];
      \(narrow.enumerated().map { bytes("narrow\($0)", $1.bytes) }.joined())
      int main(void) {
        const weft_tensor own = {"t", 0, 132, 1, {66}, \(scale)f, 0, WEFT_INT16, 0, 1073741824, 1, 6};
        const weft_tensor narrower0 = {"t", 0, 132, 1, {66}, \(scale)f, 0, WEFT_INT8, -5, \(narrow[0].factor), 6};
        const weft_tensor narrower1 = {"t", 0, 132, 1, {66}, \(scale)f, 0, WEFT_INT8, -5, \(narrow[1].factor), 6};
        const weft_tensor real = {"t", 0, 132, 1, {66}, \(scale)f, 0, WEFT_FLOAT32, 0, 0, 0, 6};
        memcpy(words, given, sizeof given);
        weft_quantize(&own, words, bytes);
        if (memcmp(bytes, stored, sizeof stored) != 0) return 1;
        memset(words, 0, sizeof words);
        weft_dequantize(&own, bytes, words);
        if (memcmp(words, given, sizeof given) != 0) return 2;
        weft_dequantize(&narrower0, bytes, words);
        if (memcmp(words, narrow0, sizeof narrow0) != 0) return 5;
        weft_dequantize(&narrower1, bytes, words);
        if (memcmp(words, narrow1, sizeof narrow1) != 0) return 6;
        weft_dequantize(&real, bytes, floats);
        if (memcmp(floats, numbers, sizeof numbers) != 0) return 3;
        memcpy(floats, reals, sizeof reals);
        weft_quantize(&real, floats, bytes);
        if (memcmp(bytes, rounded, sizeof rounded) != 0) return 4;
        return 0;
      }

      """
    try program.write(toFile: scratch.path("test.c"), atomically: false, encoding: .utf8)
    let compiled = try Tool.cc.run(strictC + ["-o", "test", "test.c", "weft.c"], in: scratch.url)
    #expect(compiled.status == 0, "\(compiled.output.prefix(2_000))")
    #expect(try runProgram(scratch.path("test"), in: scratch.url).status == 0)
  }

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
