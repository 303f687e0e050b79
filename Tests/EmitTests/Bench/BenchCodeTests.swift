import Testing
@testable import Emit

@Suite struct BenchCodeTests {
  @Test func theNumbersBecomeConstants() {
    #expect(BenchCommand.Code.enumerators.hasPrefix("  commandEnd = 0,\n  commandWriteBlock = 1,\n"))
    #expect(
      BenchRecord.Code.localParameters.hasSuffix(
        "\n  localparam [31:0] RECORD_UNKNOWN_BITS = 9;\n  localparam [31:0] RECORD_NO_ANSWER = 10;"))
  }

  @Test func theTableIsForPeople() {
    #expect(
      BenchCommand.Code.commentTable == """
        //    0 end
        //    1 write block     address, run, step, count, words...   word i goes to address + (i / run) * step + 4 * (i % run)
        //    2 write           address, strobe, data
        //    3 read block      address, count
        //    4 check           address, mask, data                   reads, compares the masked bits
        //    5 start           address, data                         a write; cycle 0 of the run is the edge that takes it
        //    6 wait            mode, limit, address, mask            until the interrupt (mode 1) or a masked bit of that
        //                                                            register (mode 0) is set, at most `limit` cycles
        //    7 reset           cycles
        //    8 idle            cycles
        //    9 sample          number                                a mark in the results
        //   10 wait states     seed, probability                     of 256, that a valid or ready signal waits a cycle
        """)
  }

  /// Both benches carry out every command and write every record that they can see.
  @Test func bothBenchesKnowEveryNumber() {
    let bench = benchText(top: "weft_top", postLanes: 4)
    func capitalized(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }
    for code in BenchCommand.Code.allCases {
      #expect(harnessText.contains("case command\(capitalized(code.name)):"), "\(code)")
      #expect(bench.contains("COMMAND_\(upperSnake(code.name)): "), "\(code)")
    }
    for code in BenchRecord.Code.allCases {
      #expect(harnessText.contains("record({record\(capitalized(code.name))") == (code != .unknownBits), "\(code)")
      #expect(bench.contains("`PUT(RECORD_\(upperSnake(code.name)))"), "\(code)")
    }
  }
}
