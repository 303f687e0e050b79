import Emit
import Foundation
import Machine
import Testing
import Verify

/// Two accelerators in one design: their modules keep out of each other's way, in all simulators.
@Suite struct TwoAcceleratorsTests {
  /// One top with an edge16 and an edge64, which reads the fingerprints of both through their ports.
  private struct Design {
    let scratch: TemporaryDirectory
    let fingerprints: [UInt32]

    init() throws {
      scratch = try TemporaryDirectory()
      let both = try ["edge16", "edge64"].map { try Hardware(standalone: try Configuration.load(nameOrPath: $0)) }
      fingerprints = both.map(\.fingerprint)
      var names: [String] = [], instances = ""
      for (index, hardware) in both.enumerated() {
        let verilog = try makeVerilog(for: hardware)
        for file in verilog {
          #expect(!names.contains(file.name), "two modules \(file.name)")
          names.append(file.name)
          try file.text.write(to: scratch.file(file.name + ".v"), atomically: false, encoding: .utf8)
        }
        instances += Self.instance(of: verilog.topModule, index, postLanes: hardware.configuration.postLanes)
      }
      try Self.top(instances).write(to: scratch.file("both.v"), atomically: false, encoding: .utf8)
    }

    private static func instance(of top: String, _ index: Int, postLanes: Int) -> String {
      """
        wire arready\(index), rvalid\(index), awready\(index), wready\(index), bvalid\(index), irq\(index);
        wire start\(index), done\(index), write\(index);
        wire [1:0] bresp\(index), rresp\(index);
        wire [31:0] rdata\(index);
        wire [15:0] step\(index);
        wire [23:0] address\(index);
        wire [7:0] count\(index);
        wire [\(8 * postLanes - 1):0] data\(index), before\(index);
        \(top) accelerator\(index) (
            .clock(clock), .reset(reset), .s_axi_awaddr(28'd0), .s_axi_awvalid(1'b0), .s_axi_awready(awready\(index)),
            .s_axi_wdata(32'd0), .s_axi_wstrb(4'd0), .s_axi_wvalid(1'b0), .s_axi_wready(wready\(index)),
            .s_axi_bresp(bresp\(index)), .s_axi_bvalid(bvalid\(index)), .s_axi_bready(1'b1), .s_axi_araddr(28'd8),
            .s_axi_arvalid(arvalid), .s_axi_arready(arready\(index)), .s_axi_rdata(rdata\(index)), .s_axi_rresp(rresp\(index)),
            .s_axi_rvalid(rvalid\(index)), .s_axi_rready(1'b1), .irq(irq\(index)), .trace_start(start\(index)),
            .trace_done(done\(index)), .trace_step(step\(index)), .trace_write(write\(index)), .trace_address(address\(index)),
            .trace_count(count\(index)), .trace_data(data\(index)), .trace_before(before\(index)));
        wire unused\(index) = &{1'b0, arready\(index), awready\(index), wready\(index), bvalid\(index), irq\(index), bresp\(index),
            rresp\(index), start\(index), done\(index), write\(index), step\(index), address\(index), count\(index), data\(index), before\(index)};
        always @(posedge clock) if (rvalid\(index)) $display("accelerator \(index): %h", rdata\(index));

      """
    }

    private static func top(_ instances: String) -> String {
      """
      module both (input wire clock, input wire reset, input wire arvalid);
      \(instances)endmodule

      module bench;
        reg clock, reset, arvalid;
        both both (.clock(clock), .reset(reset), .arvalid(arvalid));
        integer cycle;
        initial begin
          clock = 1'b0; reset = 1'b1; arvalid = 1'b0;
          for (cycle = 0; cycle < 30; cycle = cycle + 1) begin
            #5 clock = 1'b1;
            #5 clock = 1'b0;
            reset = cycle < 4;
            arvalid = cycle == 10;
          end
          $finish;
        end
      endmodule

      """
    }

    func shell(_ command: String) throws -> (status: Int32, output: String) { try runTool("/bin/sh", ["-c", command], in: scratch.url) }

    /// That both show their own fingerprint.
    func expectFingerprints(_ output: String) {
      for (index, fingerprint) in fingerprints.enumerated() {
        #expect(output.contains("accelerator \(index): \(hexadecimal(fingerprint))\n"), "\(output.suffix(1_000))")
      }
    }
  }

  @Test(.enabled(if: hasIcarus)) func icarusRunsBoth() throws {
    let design = try Design()
    let result = try design.shell("iverilog -g2005 -Wall -s bench -o bench *.v && vvp -n bench")
    #expect(result.status == 0 && !result.output.contains("warning") && !result.output.contains("error"), "\(result.output.prefix(1_000))")
    design.expectFingerprints(result.output)
  }

  @Test(.enabled(if: hasVerilator)) func verilatorLintsAndRunsBoth() throws {
    let design = try Design()
    let lint = try design.shell("verilator --lint-only -Wall -Wno-DECLFILENAME -y . --top-module both both.v")
    #expect(lint.status == 0 && lint.output.isEmpty, "\(lint.output.prefix(1_000))")
    let run = try design.shell(
      "verilator --binary -j 2 -Wno-fatal -Wno-lint --timing --top-module bench -MAKEFLAGS 'OPT_FAST=-O0 OPT_SLOW=-O0 OPT_GLOBAL=-O0' "
        + "-Mdir build -o run *.v >log 2>&1 || { cat log; exit 1; }; build/run")
    #expect(run.status == 0, "\(run.output.suffix(1_000))")
    design.expectFingerprints(run.output)
  }
}
