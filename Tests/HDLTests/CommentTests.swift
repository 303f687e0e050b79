import HDL
import Testing

/// Texts that become comments stay in them, whatever ends their lines.

private struct Remarked: Module {
  @Input() var x: Bit
  @Output() var y: Bit
  var documentation: String { "one\r\ntwo\rthree\nfour\u{2028}five" }
  func body() {
    y = x
    Assert(x | !x, "holds\r\nalways\rindeed")
  }
}

@Test func linesOfComments() throws {
  try expectVerilog(
    Remarked(),
    """
    // one
    // two
    // three
    // four
    // five
    module remarked (
      input  wire clock,
      input  wire x,
      output wire y
    );
      assign y = x;

      wire unused = &{1'b0, clock};

    `ifdef FORMAL
      always @(posedge clock) begin
        // holds
        // always
        // indeed
        assert (x || !x);
      end
    `endif
    endmodule

    """)
}
