import Foundation
import HDL
import Testing

/// Foreign Verilog: how it is instantiated, named, clocked, and modelled.

private struct Multiplier: BlackBox {
  let stages: Int
  @Input(16) var left: Signed
  @Input(16) var right: Signed
  @Input() var enable: Bit
  @Output(32) var product: Signed
  init(stages: Int) { self.stages = stages }
  var verilogName: String { "VENDOR_MULT16" }
  var parameters: KeyValuePairs<String, VerilogParameter> { ["STAGES": .integer(stages), "MODE": "SIGNED", "INIT": .bits(5, width: 32)] }
  var portNames: [PartialKeyPath<Multiplier>: String] { [\.$left: "A", \.$right: "B", \.$product: "O"] }
  var clockPins: [ClockPin] { [ClockPin("CLK", reset: "RST_N", resetIsActiveLow: true)] }
}

private struct Squares: Module {
  @Input(16) var x: Signed
  @Output(32) var square: Signed
  @Output(32) var late: Signed
  func body() {
    let quick = instance("quick", Multiplier(stages: 1)), slow = instance("slow", Multiplier(stages: 3))
    for box in [quick, slow] {
      box.$left = x
      box.$right = x
      box.$enable = true
    }
    square = quick.$product
    late = slow.$product
  }
}

@Suite struct BlackBoxTests {
  @Test func verilog() throws {
    let design = try elaborate(Squares())
    #expect(design.modules.map(\.name) == ["squares"])
    try expectVerilog(
      Squares(),
      """
      module squares (
        input  wire clock,
        input  wire reset,
        input  wire signed [15:0] x,
        output wire signed [31:0] square,
        output wire signed [31:0] late
      );
        wire signed [31:0] quick_product;
        wire signed [31:0] slow_product;

        VENDOR_MULT16 #(.STAGES(1), .MODE("SIGNED"), .INIT(32'd5)) quick (
          .CLK(clock),
          .RST_N(!reset),
          .A(x),
          .B(x),
          .enable(1'b1),
          .O(quick_product)
        );

        VENDOR_MULT16 #(.STAGES(3), .MODE("SIGNED"), .INIT(32'd5)) slow (
          .CLK(clock),
          .RST_N(!reset),
          .A(x),
          .B(x),
          .enable(1'b1),
          .O(slow_product)
        );

        assign square = quick_product;
        assign late = slow_product;
      endmodule

      """)
  }

  /// With the vendor's module beside it, the linters have nothing to say.
  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    let vendor = """
      module VENDOR_MULT16 #(parameter STAGES = 1, parameter MODE = "SIGNED", parameter [31:0] INIT = 0) (
        input wire CLK, input wire RST_N, input wire signed [15:0] A, input wire signed [15:0] B, input wire enable,
        output reg signed [31:0] O
      );
        always @(posedge CLK) if (!RST_N) O <= INIT; else if (enable) O <= (MODE == "SIGNED" && STAGES > 0) ? A * B : 32'sd0;
      endmodule

      """
    #expect(try lint(elaborate(Squares()), foreign: [("VENDOR_MULT16", vendor)]) == "")
  }

  @Test func modelsMustFit() {
    expectFindings(ModelledTop(model: .good))
    expectFindings(
      ModelledTop(model: .misnamed),
      "+3: the model 'misnamed_model' has no output 'result' (unsigned 8-bit); did you mean 'resutl'?")
    expectFindings(
      ModelledTop(model: .narrow),
      "+3: the model 'narrow_model' has no output 'result' (unsigned 8-bit); give both the same direction and shape")
    expectFindings(
      ModelledTop(model: .clocked),
      "+1: the model 'clocked_model' has a clock domain 'default' that the black box has no pin for; add a ClockPin")
  }

  @Test func aBoxIsNoDesign() {
    expectFindings(Inverter(kind: .none), "+1: a black box has no body to elaborate; put it into a module")
  }

  /// The loop check sees through a model, and takes a box without one for a register.
  @Test func loopsThroughABox() {
    expectFindings(BoxLoop(isModelled: false))
    expectFindings(BoxLoop(isModelled: true), "+5: combinational loop box.result -> box.result; put a Register on this path")
  }
}

private struct Inverter: BlackBox, HasBase {
  enum Model { case none, good, misnamed, narrow, clocked }
  static let base = #line
  @Input(8) var operand: Unsigned
  let kind: Model
  @Output(8) var result: Unsigned
  init(kind: Model) { self.kind = kind }
  var model: (any Module)? {
    switch kind {
    case .none: nil
    case .good: GoodModel()
    case .misnamed: MisnamedModel()
    case .narrow: NarrowModel()
    case .clocked: ClockedModel()
    }
  }
}
private struct GoodModel: Module {
  @Output(8) var result: Unsigned
  @Input(8) var operand: Unsigned
  func body() { result = ~operand }
}
private struct MisnamedModel: Module {
  @Output(8) var resutl: Unsigned
  @Input(8) var operand: Unsigned
  func body() { resutl = ~operand }
}
private struct NarrowModel: Module {
  @Output(7) var result: Unsigned
  @Input(8) var operand: Unsigned
  func body() { result = ~operand[0..<7] }
}
private struct ClockedModel: Module {
  @Output(8) var result: Unsigned
  @Input(8) var operand: Unsigned
  @Register(8) var held: Unsigned
  func body() {
    held = operand
    result = held
  }
}
private struct ModelledTop: Module, HasBase {
  static var base: Int { Inverter.base }
  let model: Inverter.Model
  @Input(8) var x: Unsigned
  @Output(8) var y: Unsigned
  init(model: Inverter.Model) { self.model = model }
  func body() {
    let box = instance("box", Inverter(kind: model))
    box.$operand = x
    y = box.$result
  }
}
private struct BoxLoop: Module, HasBase {
  static let base = #line
  let isModelled: Bool
  @Output(8) var y: Unsigned
  init(isModelled: Bool) { self.isModelled = isModelled }
  func body() {
    let box = instance("box", Inverter(kind: isModelled ? .good : .none))
    box.$operand = box.$result &+ 1
    y = box.$result
  }
}
