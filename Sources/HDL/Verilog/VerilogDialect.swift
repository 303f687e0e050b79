/// What of a module's text depends on the language. The printer asks here, so that there is one printer for both.
enum VerilogDialect {
  /// Verilog-2005.
  case verilog
  /// SystemVerilog (IEEE 1800), as far as Verilator, Icarus and Yosys all read it.
  case systemVerilog

  /// What an `assign` or an instance drives.
  var wire: String { self == .verilog ? "wire" : "logic" }
  /// What a process assigns.
  var variable: String { self == .verilog ? "reg" : "logic" }

  var input: String { self == .verilog ? "input  wire" : "input  logic" }
  func output(isProcedural: Bool) -> String {
    switch self {
    case .verilog: isProcedural ? "output reg " : "output wire"
    case .systemVerilog: "output logic"
    }
  }

  /// The head of a process that follows its operands. For a bit that it reads, Icarus 11 wakes an `always_comb` whenever any bit of
  /// that word is assigned, and two such processes may wake each other for ever.
  func combinational(readsParts: Bool) -> String { self == .verilog || readsParts ? "always @*" : "always_comb" }
  /// The head of a process that follows a clock. What `always_ff` assigns must be assigned nowhere else, not even by an `initial`.
  func clocked(isOnlyDriver: Bool) -> String { self == .systemVerilog && isOnlyDriver ? "always_ff" : "always" }

  /// - Parameter isComplete: whether each value has exactly one label.
  func choice(isComplete: Bool) -> String { self == .systemVerilog && isComplete ? "unique case" : "case" }

  /// The ending of a file's name.
  var fileEnding: String { self == .verilog ? "v" : "sv" }
}
