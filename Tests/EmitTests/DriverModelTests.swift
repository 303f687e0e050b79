import Emit
import Foundation
import TestTools
import Testing

@Suite struct DriverModelTests {
  /// Two bundles in one program, even in one file: the driver once, both networks.
  @Test(.enabled(if: Tool.available(.cc))) func twoNetworksFitIntoOneProgram() throws {
    let scratch = try Scratch()
    for name in ["edge16", "edge64"] {
      let bundle = try OutputBundle(
        try Digits.mapping(name), model: try Digits.bytes(), verilog: [VerilogFile(name: "weft_top", text: "module weft_top;\nendmodule\n")])
      for file in bundle.files where file.path.hasPrefix("driver/") {
        let url = scratch.url.appendingPathComponent("\(name)/\(file.path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: url)
      }
    }
    // The driver is the same text, whatever the network and the hardware.
    for file in ["weft.c", "weft.h", "weft_registers.h"] {
      let both = try ["edge16", "edge64"].map { try String(contentsOfFile: scratch.path("\($0)/driver/\(file)"), encoding: .utf8) }
      #expect(both[0] == both[1], "\(file)")
    }
    func network(_ name: String) throws -> Substring {
      let text = try String(contentsOfFile: scratch.path("\(name)/driver/model.h"), encoding: .utf8)
      return try #require(text.firstMatch(of: /static const weft_model ([a-z0-9_]+) =/)).1
    }
    let first = try network("edge16"), second = try network("edge64")
    #expect(first != second)
    let program = """
      #include <stdio.h>
      #include "edge16/driver/model.h"
      #include "edge64/driver/model.h"
      int main(void) {
        const weft_model *models[2] = {&\(first), &\(second)};
        printf("%d %d", models[0]->fingerprint != models[1]->fingerprint, &weft_network == models[0]);
        return 0;
      }
      """
    try program.write(toFile: scratch.path("main.c"), atomically: false, encoding: .utf8)
    let compiled = try Tool.cc.run(strictC + ["-o", "both", "main.c", "edge16/driver/weft.c"], in: scratch.url)
    #expect(compiled.status == 0, "\(compiled.output)")
    let result = try runProgram(scratch.path("both"), in: scratch.url)
    #expect(result.status == 0 && result.output == "1 1")
  }
}
