import HDL
import Testing

/// Long chains of logic, which no one names, print as lines and names that people can read.
@Suite struct ReadabilityTests {
  private func texts(_ module: some Module) throws -> [String] {
    let design = try elaborate(module)
    return Language.allCases.map { $0.text(design) }
  }

  @Test func rippleAdder() throws {
    for text in try texts(RippleAdder(width: 1024)) { #expect(unreadable(text) == []) }
    let text = try texts(RippleAdder(width: 1024))[0]
    #expect(
      text.contains(
        """
          wire chain_value_19 = (a[1] && b[1]) || (a[0] && b[0] && (a[1] ^ b[1]));
          wire chain_value_18 = (a[2] && b[2]) || (chain_value_19 && (a[2] ^ b[2]));
          wire chain_value_17 = (a[3] && b[3]) || (chain_value_18 && (a[3] ^ b[3]));

        """))
  }
  @Test func xorShift() throws {
    for text in try texts(XorShift(rounds: 1024)) { #expect(unreadable(text) == []) }
    let text = try texts(XorShift(rounds: 1024))[0]
    #expect(
      text.contains(
        """
          wire [31:0] chain_value_6 = x ^ {x[18:0], 13'd0};
          wire [31:0] chain_value_5 = chain_value_6 ^ {17'd0, chain_value_6[31:17]};
          wire [31:0] chain_value_4 = chain_value_5 ^ {chain_value_5[18:0], 13'd0};
          wire [31:0] chain_sum_4 = (chain_value_4 ^ {17'd0, chain_value_4[31:17]}) + 32'd40503;

        """))
  }

  /// What is unreadable is found.
  @Test func unreadableIsFound() {
    #expect(unreadable("wire sum_value_sum_value = a;").count == 1)
    #expect(unreadable("wire value_value_value_1 = a;").count == 1)
    #expect(unreadable("wire sum_value_1 = sum_value_2; // the the").isEmpty)
    #expect(unreadable("assign y = \(String(repeating: "a + ", count: 30))b;").count == 1)
  }
}

private struct RippleAdder: Module {
  @Input var a: Unsigned
  @Input var b: Unsigned
  @Output var sum: Unsigned
  init(width: Int) { (_a, _b, _sum) = (Input(width), Input(width), Output(width + 1)) }
  func body() {
    var carry = Bit(false), bits: [Bit] = []
    for index in 0..<a.width {
      bits.append(a[index] ^ b[index] ^ carry)
      carry = (a[index] && b[index]) || (carry && (a[index] ^ b[index]))
    }
    sum = concatenate(bits + [carry])
  }
}

private struct XorShift: Module {
  let rounds: Int
  @Input(32) var x: Unsigned
  @Output(32) var y: Unsigned
  init(rounds: Int) { self.rounds = rounds }
  func body() {
    var value = x
    for round in 0..<rounds {
      value = value ^ (value << 13).truncated(to: 32)
      value = value ^ (value >> 17).extended(to: 32)
      value = value &+ Unsigned(round * 0x9E37 & 0xffff_ffff, width: 32)
    }
    y = value
  }
}
