import HDL
import Testing

/// A memory that no simulation could hold is a diagnostic, and no more than that: the design is still Verilog.
@Suite struct MemoryLimitTests {
  private struct Vast: Module {
    let depth: Int
    let width: Int
    @Input var address: Unsigned
    @Output() var y: Bit

    init(depth: Int, width: Int = 8) {
      self.depth = depth
      self.width = width
      _address = Input(indexBits(depth))
    }
    func body() {
      let rows = Memory("rows", depth: depth, width: width, contents: .words([1, 2, 3]), file: "Vast.swift", line: 7)
      y = rows.read(at: address)[0]
    }
  }
  private struct Many: Module {
    @Input(27) var address: Unsigned
    @Output() var y: Bit

    func body() {
      var parity = Bit(false)
      for number in 0..<5 {
        let part = instance("part_\(number)", Vast(depth: 1 << 27))
        part.$address = address
        parity = parity ^ part.$y
      }
      y = parity
    }
  }

  private func message(_ compile: () throws -> Void) -> String {
    do { try compile() } catch { return "\(error)" }
    return "none"
  }

  @Test func oneThatIsTooVast() throws {
    #expect(message { _ = try Simulation(Vast(depth: 1 << 40)) } == """
      Vast.swift:7: error: vast: memory 'rows' (1099511627776 words of 8 bits) is too large to simulate: all memories together may have 536870912 words of 64 bits; simulate the design with a smaller depth
      """)
    #expect(message { _ = try CompiledDesign(Vast(depth: 1 << 62, width: 300)) }.contains("(4611686018427387904 words of 300 bits) is too large"))
    #expect(message { _ = try CompiledDesign(Vast(depth: .max)) }.contains("is too large"))
    #expect(try VerilogPrinter.text(elaborate(Vast(depth: 1 << 40))).contains("[0:1099511627775]"))
  }

  @Test func manyThatAreTooLargeTogether() {
    #expect(message { _ = try CompiledDesign(Many()) } == """
      Vast.swift:7: error: vast: memory 'rows' of instance 'part_4' (134217728 words of 8 bits) is too large to simulate: all memories together may have 536870912 words of 64 bits, after the 536870912 of the memories before it; simulate the design with a smaller depth
      """)
  }
}
