import Foundation
import HDL
import Testing

// The snippets of docs/hdl.md, letter for letter: `GuideTests` compares the two.
extension Guide {
  public struct Counter: Module {
    @Input public var enable: Bit
    @Output public var value: Unsigned
    @Register var count: Unsigned

    public init(width: Int = 8) {
      _enable = Input()
      _value = Output(width)
      _count = Register(width)
    }
    public func body() {
      When(enable) { count = count &+ 1 }
      value = count
    }
  }

  @Test func countsWhileEnabled() throws {
    let simulation = try Simulation(Counter(width: 4))
    let waveform = simulation.record()
    simulation.reset()
    simulation.enable = true
    simulation.step(2)
    simulation.enable = false
    simulation.step()
    #expect(simulation.value == 2)
    #expect(try waveform.text() == """
      clock   ▁▁▁▁╱▔╲▁╱▔╲▁╱▔╲▁╱▔╲▁
      reset   ▔▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
      enable  ▁▁▁▁╱▔▔▔▔▔▔▔╲▁▁▁▁▁▁▁
      value   │0      │1  │2

      """)
  }

  func writeVerilog(_ top: some Module, to directory: URL) throws {
    let design = try elaborate(top)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for file in VerilogPrinter.files(design) {
      try file.text.write(to: directory.appendingPathComponent(file.name + ".v"), atomically: true, encoding: .utf8)
    }
    for file in VerilogPrinter.memoryFiles(design) {
      try file.text.write(to: directory.appendingPathComponent(file.name), atomically: true, encoding: .utf8)
    }
  }
}
