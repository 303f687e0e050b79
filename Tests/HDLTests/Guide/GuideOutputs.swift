import HDL

/// What the guide shows of its designs, by the name of the block that shows it.
enum GuideOutputs {
  static let all: [String: @Sendable () throws -> String] = [
    "Counter": { try verilog(Guide.Counter()) },
    "Accumulator": { try verilog(Guide.Accumulator(limit: 1000, amount: 8)) },
    "Delay": { try verilog(Guide.Delay(cycles: 2)) },
    "Sequencer": { try verilog(Guide.Sequencer()) },
    "Door": { try verilog(Guide.Door()) },
    "Chain": { try verilog(Guide.Chain()) },
    "Arithmetic": { try verilog(Guide.Arithmetic()) },
    "Rotation": { try verilog(Guide.Rotation()) },
    "Machine": { try VerilogPrinter.text(elaborate(Guide.Machine())) },
    "Averager": { try verilog(Guide.Averager()) },
    "LineBuffer, SineTable": { try verilog(Guide.LineBuffer()) + "\n" + verilog(Guide.SineTable()) },
    "Button": { try verilog(Guide.Button()) },
    "Camera": { try verilog(Guide.Camera()) },
    "FastCounter": { try verilog(Guide.FastCounter()) },
    "timer header": { Guide.TimerMap.map.cHeader },
    "timer page": { Guide.TimerMap.map.markdown },
    "wait": {
      let simulation = try Simulation(Guide.Handshake())
      return try message { try simulation.run(until: { $0.finished }, limit: 20, "the end", file: "Example/Example.swift", line: 7) }
    },
    "unknown": {
      let simulation = try Simulation(Guide.Handshake())
      return try message { try simulation.peek("stat") }
    },
    "missing reset": { try Guide().missingResetOfAverage().map { "\($0)\n" } ?? "" },
    "failures, coverage": {
      let simulation = try Guide().threeTokensOfTwo()
      return (simulation.failures.map(\.description) + simulation.coverage.map(\.description)).map { $0 + "\n" }.joined()
    },
    "no model": { try message { try Simulation(Guide.FastCounter()) } },
    "too large": { try message { try Simulation(Guide.Archive()) } },
    "undefined reads": { try Guide().undefinedReads().map { "\($0)\n" }.joined() },
    "waveform": { try Guide().handshakeWaveform().text("clock", "start", "state", "left", "finished") },
    "vcd": { try Guide().handshakeWaveform().vcd() },
    "gtkwave": { try Guide().handshakeList().text },
    "gtkwave table": { try Guide().handshakeList().tables.map(\.text).joined() },
    "surfer": { try Guide().handshakeWaveform().surfer("clock", "start", "state", "left", dump: "handshake.fst").text },
    "structural coverage": { try Guide().handshakeCoverage().description },
    "Top": { try verilog(Guide.Top()) },
    "positions": { try VerilogPrinter.positions(elaborate(Guide.Top())).last?.text ?? "" },
    "Gate": { try SystemVerilogPrinter.text(elaborate(Guide.Gate())) },
    "resources": { try Guide().whatStereoIsMadeOf().description },
    "Tokens": { try verilog(Guide.Tokens(limit: 9)) },
    "Widths": { try findings(Guide.Widths()) },
    "Paths": { try findings(Guide.Paths()) },
    "Plain": { try findings(Guide.Plain()) },
    "Parts": { try findings(Guide.Parts()) },
    "Endless": { try findings(Guide.Endless()) },
    "Loop, Unread": { try findings(Guide.Loop()) + findings(Guide.Unread()) },
    "Words": { try findings(Guide.Words()) },
    "Careless": { try findings(Guide.Careless()) },
    "Waits, Misplaced": { try findings(Guide.Waits()) + findings(Guide.Misplaced()) },
  ]

  /// The module alone, without those below it.
  private static func verilog(_ module: some Module) throws -> String {
    try VerilogPrinter.files(elaborate(module)).last?.text ?? ""
  }
  private static func findings(_ module: some Module) throws -> String {
    try message { try elaborate(module) }
  }
  /// What is thrown, as a program would print it.
  private static func message(_ mistake: () throws -> some Any) throws -> String {
    do {
      _ = try mistake()
      return ""
    } catch {
      return "\(error)\n"
    }
  }
}
