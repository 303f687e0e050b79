/// When one simulation goes over from the interpreter to machine code.
///
/// A compilation costs some tenths of a second of another core, so it begins when interpreting has cost about as much: most
/// tests are over before. How much has been done is counted in instructions, which takes no clock.
struct Acceleration {
  private(set) var library: NativeLibrary?
  /// The instructions that may still be interpreted before the next look at the machine code.
  private var patience = Int.max

  init(_ program: Program, _ engine: SimulationEngine) {
    switch engine.chosen {
    case .interpreter: break
    case .native: library = program.native.library(waitingFor: program)
    case .automatic:
      library = program.native.library
      patience = Acceleration.instructionsBeforeCompiling + Acceleration.runsBeforeCompiling * program.code.count
    }
  }

  /// What settles the program this time; nil if the interpreter does.
  mutating func library(after program: Program) -> NativeLibrary? {
    if let library { return library }
    patience -= program.code.count + 1
    if patience > 0 { return nil }
    patience = Acceleration.instructionsBetweenLooks
    library = program.native.library(begunFor: program)
    return library
  }

  // About 0.1 s and 2 ms of interpreting. An instruction takes about 80 ns without optimization, and 3 ns with it.
  #if DEBUG
    private static let instructionsBeforeCompiling = 1_000_000
    private static let runsBeforeCompiling = 500
    private static let instructionsBetweenLooks = 25_000
  #else
    private static let instructionsBeforeCompiling = 30_000_000
    private static let runsBeforeCompiling = 15_000
    private static let instructionsBetweenLooks = 700_000
  #endif
}

extension Engine {
  /// Takes an edge by machine code, after `settle`; false if the interpreter has to take it, because there is no such code or
  /// because a read has no defined result.
  func takesNativeEdge(of ticks: [Int]) -> Bool {
    acceleration.library?.edge(words, memory, heldResets, ticks) ?? false
  }
  /// Settles and takes edges, up to `count` times and until one comes that has something to note.
  /// - Returns: the edges that were taken, or nil if there is no machine code. If they are fewer, all has settled.
  func nativeCycles(_ count: Int, of ticks: [Int]) -> Int? {
    acceleration.library?.cycles(words, memory, heldResets, ticks, count)
  }
}
