import Foundation
import Testing

@testable import HDL

/// What machine code is made of, and that nothing of its making stays.
@Suite struct NativeSourceTests {
  /// An edge that learns to do more must be taught to `NativeEdges` as well, or be excluded by `Program.hasPlainEdges`. Then
  /// the new name belongs into this list.
  @Test func everythingThatAnEdgeDoesIsKnown() throws {
    func names(_ value: Any) -> [String] { Mirror(reflecting: value).children.compactMap(\.label) }
    let program = try CompiledDesign(RandomAccess(depth: 4, width: 8, lanes: 2, holds: true)).program
    let memory = try #require(program.memories.first), read = try #require(memory.reads.first), write = try #require(memory.writes.first)
    #expect(names(program.state) == ["current", "next", "extents", "clocked", "resets", "asynchronousResets", "initial"])
    #expect(names(memory) == ["name", "scope", "depth", "width", "collision", "initial", "base", "reads", "writes"])
    #expect(names(read) == ["address", "enable", "tick", "target"])
    #expect(names(write) == ["address", "data", "enable", "mask", "tick", "port"])
    let property = try #require(try CompiledDesign(Guarded(limit: 9)).program.properties.first)
    #expect(names(property) == ["property", "scope", "enable", "condition", "tick", "reset"])
  }

  @Test(.enabled(if: Tool.available(.cc))) func noFilesStay() async {
    await #expect(processExitsWith: .success) {
      let simulation = try CompiledDesign(Counter(width: 3)).simulation(engine: .native)
      simulation.step(2)
      precondition(simulation.isNative && simulation.cycle == 2)
      precondition(NativeCompiler.library(of: "no C at all", isCancelled: { false }) == nil)
      precondition(NativeCompiler.library(of: "int weft_settle;", isCancelled: { false }) == nil)
      precondition(ours(getpid()) == [])
    }
  }
  /// As on a machine that has none: the interpreter runs.
  @Test func noCompilerIsNoMistake() async {
    await #expect(processExitsWith: .success) {
      setenv("PATH", "/nowhere", 1)
      let simulation = try Simulation(Counter(width: 3), engine: .native)
      simulation.enable = true
      simulation.step(5)
      precondition(!simulation.isNative && simulation.value == 5)
    }
  }
  @Test func theEnvironmentChooses() async {
    await #expect(processExitsWith: .success) {
      setenv("WEFT_SIMULATOR", "interpreter", 1)
      precondition(SimulationEngine.automatic.chosen == .interpreter && SimulationEngine.native.chosen == .native)
      setenv("WEFT_SIMULATOR", "native", 1)
      precondition(SimulationEngine.automatic.chosen == .native && SimulationEngine.interpreter.chosen == .interpreter)
      setenv("WEFT_SIMULATOR", "anything", 1)
      precondition(SimulationEngine.automatic.chosen == .automatic)
    }
  }

  /// A design that nobody holds any more is not compiled to its end; a process that ends removes what it began.
  @Test(.enabled(if: Tool.available(.cc))) func anEndInTheMiddleLeavesNothing() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      let compiled = try CompiledDesign(SystolicArray(24))
      _ = compiled.program.native.library(begunFor: compiled.program)
      // Until the compiler runs.
      while ours(getpid()).isEmpty { usleep(1_000) }
      print("process", getpid(), "end")
      exit(0)
    }
    let words = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self).split(separator: " ")
    let process = try #require(words.firstIndex(of: "process").flatMap { Int32(words[$0 + 1]) })
    #expect(ours(process) == [])
  }

  @Test func theInterpreterCanBeAsked() throws {
    let simulation = try Simulation(Counter(width: 3), engine: .interpreter)
    simulation.enable = true
    simulation.step(3_000_000 / 8)
    #expect(!simulation.isNative && simulation.value == 0)
  }
}

/// The directories of compilations of a process.
private func ours(_ process: Int32) -> [String] {
  let names = try? FileManager.default.contentsOfDirectory(atPath: ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp")
  return (names ?? []).filter { $0.hasPrefix("weft-simulator-\(process)-") }
}
