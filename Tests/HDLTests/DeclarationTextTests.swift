import HDL
import Testing

/// What declarations carry into the Verilog beyond their name and width: documentation, attributes, names of constants and of
/// local values, widths from parameters.

private struct Gain: Module {
  let width: Int
  @Input(\Self.width, documentation: "What comes in,\nonce in every cycle.") var sample: Signed
  @Output(\Self.doubleWidth, documentation: "sample times the gain") var product: Signed
  @Output(documentation: "high while it is large") var isLarge: Bit
  @Register(\Self.width) var held: Signed
  var doubleWidth: Int { 2 * width }

  func body() {
    let limit = Signed(90).named("limit"), gain = Signed(-3, width: 4).named("gain")
    held = sample
    held.attribute("keep").attribute("max_fanout", 16)
    let found = named((isPositive: held > limit, isNegative: held < -limit))
    isLarge = found.isPositive || found.isNegative
    product = (held * gain).attribute("use_dsp", "yes").named("scaled").extended(to: doubleWidth)
    sample.attribute("mark_debug", "true")
    let table = Memory("table", depth: 4, width: 8, style: .distributed, contents: .words([1, 2])).attribute("keep")
    ignore(table[held[0..<2]])
  }
}

@Suite struct DeclarationTextTests {
  @Test func asText() throws {
    try expectVerilog(
      Gain(width: 8),
      """
      module gain (
        input  wire clock,
        input  wire reset,
        // What comes in,
        // once in every cycle.
        (* mark_debug = "true" *) input  wire signed [7:0] sample,
        // sample times the gain
        output wire signed [15:0] product,
        // high while it is large
        output wire is_large
      );
        localparam signed [7:0] LIMIT = 8'sd90;
        localparam signed [3:0] GAIN = -4'sd3;
        (* keep = 1, max_fanout = 16 *) reg signed [7:0] held;
        wire [7:0] table_data;
        (* rom_style = "distributed", keep = 1 *)
        reg [7:0] table_ [0:3];

        wire is_positive = held > LIMIT;
        wire is_negative = held < -8'sd90;
        (* use_dsp = "yes" *) wire signed [11:0] scaled;
        assign scaled = held * GAIN;

        assign is_large = is_positive || is_negative;
        assign product = {{4{scaled[11]}}, scaled};

        always @(posedge clock) begin
          if (reset) begin
            held <= 8'sd0;
          end else begin
            held <= sample;
          end
        end

        initial begin
          table_[0] = 8'd1;
          table_[1] = 8'd2;
        end

        assign table_data = table_[held[1:0]];

        wire unused = &{1'b0, table_data};
      endmodule

      """)
  }

  @Test func theParameterIsTheWidth() throws {
    let narrow = try elaborate(Gain(width: 8)), wide = try elaborate(Gain(width: 20))
    #expect(VerilogPrinter.text(narrow).contains("input  wire signed [7:0] sample"))
    #expect(VerilogPrinter.text(wide).contains("output wire signed [39:0] product"))
    struct Pair: Module {
      @Input(8) var x: Signed
      @Output(16) var y: Signed
      @Output(24) var z: Signed
      func body() {
        let a = instance("a", Gain(width: 8)), b = instance("b", Gain(width: 8)), c = instance("c", Gain(width: 12))
        (a.$sample, b.$sample, c.$sample) = (x, x, x)
        y = a.$product
        z = c.$product
        ignore(b.$product)
      }
    }
    #expect(try elaborate(Pair()).modules.map(\.name) == ["gain", "gain_1", "pair"])
  }

  @Test func aWidthThatCannotBe() {
    do {
      _ = try elaborate(Gain(width: 0))
      Issue.record("nothing was said")
    } catch { #expect(error.diagnostics.first?.message == "'sample' cannot be 0 bits wide; the least is 1") }
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    let complaints = try lint(elaborate(Gain(width: 8)))
    #expect(complaints == "")
  }

  /// Names that Verilator's class of a design has itself, and names that differ in capitals only.
  @Test func namesThatWouldClash() throws {
    struct Members: Module {
      @Input(8) var eval: Unsigned
      @Input(8) var name: Unsigned
      @Input(8) var trace: Unsigned
      @Output(8) var y: Unsigned
      func body() { y = eval ^ name ^ trace }
    }
    #expect(VerilogPrinter.text(try elaborate(Members())).contains("assign y = eval_ ^ name_ ^ trace_;"))
    struct Leaf: Module {
      let name: String
      @Output() var y: Bit
      var moduleName: String { name }
      func body() { y = Bit(name == "Leaf") }
    }
    struct Both: Module {
      @Output() var y: Bit
      func body() { y = instance("a", Leaf(name: "Leaf")).$y | instance("b", Leaf(name: "leaf")).$y }
    }
    #expect(try elaborate(Both()).modules.map(\.name) == ["Leaf", "leaf_1", "both"])
  }

  /// Swift drops the labels of a tuple that is taken apart at once.
  @Test func labelsThatAreLost() {
    struct Lost: Module {
      @Input(8) var a: Unsigned
      @Output() var y: Bit
      func body() {
        let (low, high) = named((low: a < 3, high: a > 9))
        y = low | high
      }
    }
    do {
      _ = try elaborate(Lost())
      Issue.record("nothing was said")
    } catch {
      #expect(
        error.diagnostics.map(\.message) == [
          "named(…) has lost the labels of the tuple, because its members are taken apart at once; give all of them one name, as in let d = named((…)), and read d.label"
        ])
    }
  }

  @Test func foreignNamesAreNames() {
    struct Illegal: BlackBox {
      @Input(4) var a: Unsigned
      @Output(4) var y: Unsigned
      var verilogName: String { "my module" }
      var parameters: KeyValuePairs<String, VerilogParameter> { ["bad name": 3, "reg": 4, "N": 1, "N": 2] }
      var portNames: [PartialKeyPath<Self>: String] { [\.$a: "p", \.$y: "p"] }
    }
    struct Around: Module {
      @Input(4) var a: Unsigned
      @Output(4) var y: Unsigned
      func body() {
        let box = instance("box", Illegal())
        box.$a = a
        y = box.$y
      }
    }
    do {
      _ = try elaborate(Around())
      Issue.record("nothing was said")
    } catch {
      #expect(error.diagnostics.map(\.message) == [
        "'my module' is no Verilog name for a module; use letters, digits, _ and $, and no keyword",
        "'bad name' is no Verilog name for a parameter of the black box 'my module'; use letters, digits, _ and $, and no keyword",
        "'reg' is no Verilog name for a parameter of the black box 'my module'; use letters, digits, _ and $, and no keyword",
        "the black box 'my module' has a parameter 'N' twice; name each once", "the black box 'my module' has a port 'p' twice; name each once",
      ])
    }
  }
}
