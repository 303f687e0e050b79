import HDL
import Testing

/// The side file says of every name in the Verilog where in the Swift source it comes from.
private struct Mapped: Module {
  static let base = #line
  @Input(4) var dataIn: Unsigned
  @Input() var write: Bit
  @Output(5) var result: Unsigned
  @Register(4) var held: Unsigned
  func body() {
    When(write) { held = dataIn }
    let rows = Memory("rows", depth: 16, width: 4)
    rows.write(at: held, dataIn)
    let word = rows.read(at: held)
    let counter = instance("counter", Counter(width: 4))
    counter.$enable = synchronized(write, into: .default)
    let sum = (word + counter.$value).named("exactSum")
    result = sum
  }
}

@Suite struct SourceMapTests {
  @Test func everyNameHasItsPlace() throws {
    let design = try elaborate(Mapped())
    let map = try #require(VerilogPrinter.positions(design).last)
    #expect(map.name == "mapped")
    let b = Mapped.base
    #expect(
      map.text == """
        {
          "module": "mapped",
          "verilog": "mapped.v",
          "names": [
            {"name": "data_in", "kind": "input", "line": 4, "swift": "dataIn", "source": "HDLTests/SourceMapTests.swift:\(b + 1)"},
            {"name": "write", "kind": "input", "line": 5, "swift": "write", "source": "HDLTests/SourceMapTests.swift:\(b + 2)"},
            {"name": "result", "kind": "output", "line": 6, "swift": "result", "source": "HDLTests/SourceMapTests.swift:\(b + 3)"},
            {"name": "held", "kind": "register", "line": 8, "swift": "held", "source": "HDLTests/SourceMapTests.swift:\(b + 4)"},
            {"name": "rows_data", "kind": "memory word", "line": 9, "swift": "rows_data", "source": "HDLTests/SourceMapTests.swift:\(b + 7)"},
            {"name": "write_meta", "kind": "register", "line": 10, "swift": "write_meta", "source": "HDLTests/SourceMapTests.swift:\(b + 11)"},
            {"name": "write_synchronized", "kind": "register", "line": 11, "swift": "write_synchronized", "source": "HDLTests/SourceMapTests.swift:\(b + 11)"},
            {"name": "counter_value", "kind": "instance output", "line": 12, "swift": "counter_value", "source": "HDLTests/SourceMapTests.swift:\(b + 10)"},
            {"name": "rows", "kind": "memory", "line": 14, "swift": "rows", "source": "HDLTests/SourceMapTests.swift:\(b + 7)"},
            {"name": "exact_sum", "kind": "expression", "line": 16, "swift": "exactSum", "source": "HDLTests/SourceMapTests.swift:\(b + 12)"},
            {"name": "counter", "kind": "instance", "line": 18, "swift": "counter", "source": "HDLTests/SourceMapTests.swift:\(b + 10)"}
          ]
        }

        """)
  }

  /// Every line that the map names declares that name.
  @Test func linesAreRight() throws {
    for module in [ExampleUnit(lanes: 4), Guarded(limit: 9), PulseCounter(width: 4), WideVectors(), SystolicArray(2)] as [any Module] {
      let design = try elaborated(module)
      for (file, map) in zip(VerilogPrinter.files(design), VerilogPrinter.positions(design)) {
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
        let entries = map.text.split(separator: "\n").filter { $0.hasPrefix("    {\"name\"") }
        #expect(!entries.isEmpty)
        for entry in entries {
          let name = entry.split(separator: "\"")[3]
          let line = try #require(Int(entry.split(separator: "\"line\": ")[1].prefix { $0.isNumber }))
          #expect(lines[line - 1].contains(name) && !lines[line - 1].contains("assign"), "\(entry)")
        }
      }
    }
  }
  private func elaborated(_ module: some Module) throws -> Design { try elaborate(module) }
}
