import HDL
import Testing

/// Cases of enums as ports, wires, registers, records, memory words and branches of a selection.

private enum Mode: Int, CaseIterable { case idle, read, write, refresh }
private enum Phase: Int, CaseIterable { case wait, go }

private struct Command: Record {
  let mode = Forward<Enumerated<Mode>>()
  let address = Forward<Unsigned>(4)
}

private struct Machine: Module {
  @Input() var mode: Enumerated<Mode>
  @Input() var isWriting: Bit
  @Input(2) var code: Unsigned
  @Output() var shown: Enumerated<Mode>
  @Output() var next: Enumerated<Mode>
  @Output() var stored: Enumerated<Mode>
  @Output() var isRead: Bit
  @Output() var isSame: Bit
  @Register(reset: .refresh) var resume: Enumerated<Mode>
  @StateRegister var state: Mode = .idle
  let commands = Target(Stream(Command()))
  let sent = Initiator(Stream(Command()))

  func body() {
    let memory = Memory("memory", depth: 4, width: Enumerated<Mode>.encodingWidth)
    memory.write(at: code, mode.asUnsigned)
    stored = Enumerated(encoding: memory.read(at: code))
    When(mode === .refresh) { resume = $state }
    Switch($state) {
      Case(.idle) { state = .read }
      Case(.read) { $state = select(isWriting, .write, mode) }
      Case(.write) { $state = resume }
      Case(.refresh) { $state = mode }
    }
    shown = $state
    next = select(mode === .idle, .read, select(isWriting, .write, .idle))
    isRead = mode !== .write && $state === .read
    isSame = mode === resume
    sent.payload.mode = select(isWriting, commands.payload.mode, .idle)
    sent.payload.address = commands.payload.address
    sent.valid = commands.valid
    commands.ready = sent.ready
  }
}

@Suite struct EnumeratedTests {
  @Test func everywhere() throws {
    let simulation = try Simulation(Machine())
    simulation.reset()
    var state = Mode.idle, resume = Mode.refresh
    for cycle in 0..<200 {
      let mode = Mode.allCases[cycle * 7 % 4], isWriting = cycle % 3 == 0
      (simulation.mode, simulation.isWriting, simulation.code) = (mode, isWriting, cycle & 3)
      simulation.commands.payload.mode = mode
      #expect(simulation.shown == state && simulation.resume == resume)
      #expect(simulation.next == (mode == .idle ? .read : isWriting ? .write : .idle))
      #expect(simulation.isRead == (mode != .write && state == .read) && simulation.isSame == (mode == resume))
      #expect(simulation.sent.payload.mode == (isWriting ? mode : .idle))
      simulation.step()
      let old = state
      switch state {
      case .idle: state = .read
      case .read: state = isWriting ? .write : mode
      case .write: state = resume
      case .refresh: state = mode
      }
      if mode == .refresh { resume = old }
    }
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    let complaints = try lint(elaborate(Machine()))
    #expect(complaints == "")
  }

  @Test func verilog() throws {
    let text = try VerilogPrinter.text(elaborate(Machine()))
    for line in [
      "  localparam [1:0] MODE_IDLE = 2'd0;", "      state <= MODE_IDLE;", "      resume <= MODE_REFRESH;",
      "        MODE_READ: state <= is_writing ? MODE_WRITE : mode;", "  assign next = (mode == MODE_IDLE) ? MODE_READ : is_writing ? MODE_WRITE : MODE_IDLE;",
    ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
    #expect(text.components(separatedBy: "localparam").count == 5)
  }

  @Test func encodingsOfAnotherWidthAreRefused() throws {
    #expect(throws: ElaborationFailure.self) { try elaborate(WrongEncoding()) }
  }
}

private struct WrongEncoding: Module {
  @Input(3) var code: Unsigned
  @Output() var mode: Enumerated<Mode>
  func body() { mode = Enumerated(encoding: code) }
}
