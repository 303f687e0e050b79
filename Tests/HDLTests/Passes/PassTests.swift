import HDL
import Testing

/// What each pass does to the text of one small module, which has something for all of them.
struct PassSampler: Module {
  @Input(8) var a: Unsigned
  @Input(8) var b: Unsigned
  @Input() var c: Bit
  @Input() var d: Bit
  @Output(8) var folded: Unsigned
  @Output(8) var propagated: Unsigned
  @Output() var simplified: Bit
  @Output(8) var nested: Unsigned
  @Output(8) var narrowed: Unsigned
  @Output(16) var first: Unsigned
  @Output(16) var second: Unsigned
  @Output(8) var held: Unsigned
  @Register(8) var kept: Unsigned
  @Wire(2) var mode: Unsigned
  init() {}
  func body() {
    folded = a
    When(false) { folded = b }
    mode = 2
    propagated = select(mode === 2, a, b)
    simplified = select(c, select(d, true, false), false)
    nested = select(!c, select(c, a, b), select(c, b, a))
    narrowed = (a + b).truncated(to: 8)
    first = concatenate([a & b, b]) ^ 1
    second = concatenate([a & b, b]) ^ 2
    held = kept
    When(c) {
      kept = b
    }.ElseWhen(d) {
      When(mode === 1) { kept = 0 }
    }
  }
}

@Suite struct PassTests {
  /// The lines of `PassSampler` that mention `words`, before and after the pass of that name.
  private func effect(of name: String, on words: String...) throws -> (before: [String], after: [String]) {
    let index = try #require(Pass.all.firstIndex { $0.name == name })
    func lines(_ count: Int) throws -> [String] {
      let text = try VerilogPrinter.text(elaborate(PassSampler(), passes: Array(Pass.all.prefix(count))))
      return text.split(separator: "\n").map { String($0.drop { $0 == " " }) }.filter { line in words.contains { line.hasPrefix($0) } }
    }
    return try (lines(index), lines(index + 1))
  }

  @Test func foldConstantBranches() throws {
    let (before, after) = try effect(of: "fold constant branches", on: "if (1", "folded =", "assign folded")
    #expect(before == ["folded = a;", "if (1'b0) begin", "folded = b;"])
    #expect(after == ["assign folded = a;"])
  }

  @Test func propagateConstants() throws {
    let (before, after) = try effect(of: "propagate constants", on: "assign propagated", "wire unused")
    #expect(before == ["assign propagated = (mode == 2'd2) ? a : b;", "wire unused = &{1'b0, a_plus_b[8]};"])
    #expect(after == ["assign propagated = a;", "wire unused = &{1'b0, mode, a_plus_b[8]};"])
  }

  @Test func simplifyMultiplexers() throws {
    let (before, after) = try effect(of: "simplify multiplexers", on: "assign simplified", "assign nested")
    #expect(before == ["assign simplified = c ? (d ? 1'b1 : 1'b0) : 1'b0;", "assign nested = !c ? (c ? a : b) : c ? b : a;"])
    #expect(after == ["assign simplified = c && d;", "assign nested = b;"])
  }

  @Test func narrowSlices() throws {
    let (before, after) = try effect(of: "narrow slices", on: "wire [8:0]", "assign narrowed")
    #expect(before == ["wire [8:0] a_plus_b = {1'd0, a} + {1'd0, b};", "assign narrowed = a_plus_b[7:0];"])
    #expect(after == ["assign narrowed = a + b;"])
  }

  /// A bit of a widened value is a bit of the value, or zero: nothing is left of the widening.
  @Test func bitsOfWidenedValues() throws {
    struct MaskBit: Module {
      @Input(2) var mask: Unsigned
      @Input(2) var turn: Unsigned
      @Output() var y: Bit
      func body() {
        let wide = mask.extended(to: 4)
        y = choose(turn, (0..<4).map { wide[$0].asUnsigned }).asBit
      }
    }
    let text = try VerilogPrinter.text(elaborate(MaskBit()))
    let lines = text.split(separator: "\n").map { String($0.drop { $0 == " " }) }.filter { $0.contains("mask") || $0.contains("y = ") }
    #expect(lines == [
      "module mask_bit (", "input  wire [1:0] mask,", "2'd0: y = mask[0];", "2'd1: y = mask[1];", "2'd2: y = 1'b0;", "default: y = 1'b0;",
    ])
  }

  @Test func shareCommonSubexpressions() throws {
    let (before, after) = try effect(of: "share common subexpressions", on: "wire [15:0]", "assign first", "assign second")
    #expect(before == ["assign first = {b, a & b} ^ 16'd1;", "assign second = {b, a & b} ^ 16'd2;"])
    #expect(after == ["wire [15:0] first_bundle = {b, a & b};", "assign first = first_bundle ^ 16'd1;", "assign second = first_bundle ^ 16'd2;"])
  }

  /// Control structure that assigns nothing is gone, and so are nodes that nothing uses; what was declared stays.
  @Test func removeDeadLogic() throws {
    let index = try #require(Pass.all.firstIndex { $0.name == "remove dead logic" })
    let before = try elaborate(PassSampler(), passes: Array(Pass.all.prefix(index))).modules[0].graph
    let after = try elaborate(PassSampler()).modules[0].graph
    func arms(_ graph: Graph) -> [Int] { graph.body.statements.compactMap { if case .branch(let branch) = $0 { branch.arms.count } else { nil } } }
    #expect(arms(before) == [2])
    #expect(arms(after) == [1])
    #expect(after.nodes.count < before.nodes.count)
    #expect(after.signals.map(\.name) == before.signals.map(\.name))
  }

  /// A name that the user gave survives every pass.
  @Test func namesStay() throws {
    #expect(try VerilogPrinter.text(elaborate(Named())).contains("  wire chosen = a ? 1'b1 : 1'b0;\n"))
  }
}

private struct Named: Module {
  @Input() var a: Bit
  @Output() var y: Bit
  func body() {
    let chosen = select(a, Bit(true), Bit(false)).named("chosen")
    y = chosen
  }
}
