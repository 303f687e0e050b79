import HDL
import Testing

/// A foreign module beside two of this design's, one of which the library brings.
private struct Foreign: BlackBox {
  @Input(8) var input: Unsigned
  @Output(8) var output: Unsigned
}
private struct Mixed: Module {
  @Input() var enable: Bit
  @Output(8) var count: Unsigned
  func body() {
    let counter = instance("counter", Counter(width: 8)), foreign = instance("foreign", Foreign())
    counter.$enable = enable
    foreign.$input = counter.$value
    count = foreign.$output
  }
}

/// A prefix on the names of all modules, so that designs made apart can be parts of one.
@Suite struct PrefixTests {
  @Test func everyModuleButForeignOnesHasIt() throws {
    let design = try elaborate(Mixed(), prefix: "mine_")
    #expect(design.modules.map(\.name) == ["mine_counter", "mine_mixed"])
    let text = VerilogPrinter.text(design)
    #expect(text.contains("module mine_mixed (") && text.contains("  mine_counter counter (") && text.contains("  foreign foreign ("))
  }

  @Test func textsDifferInNothingElse() throws {
    let plain = VerilogPrinter.files(try elaborate(SystolicArray(4))), named = VerilogPrinter.files(try elaborate(SystolicArray(4), prefix: "q_"))
    #expect(named.map(\.name) == plain.map { "q_\($0.name)" })
    for (one, other) in zip(plain, named) {
      let renamed = plain.reduce(one.text) { $0.replacing(" \($1.name) ", with: " q_\($1.name) ") }
      #expect(renamed == other.text)
    }
  }

  /// What would be no name, or a word of the language, becomes one.
  @Test func theWholeIsAName() throws {
    #expect(try elaborate(Counter(width: 2), prefix: "9 ").top?.name == "_9_counter")
  }
}
