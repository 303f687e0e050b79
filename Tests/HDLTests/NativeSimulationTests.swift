import Foundation
import Testing

@testable import HDL

/// Machine code and the interpreter agree: on every signal, every word of every memory, every undefined read and every
/// property, whether the cycles are taken one by one or many at once.
///
/// Each random test prints its seed; `WEFT_SEED` repeats one.
@Suite(.enabled(if: Tool.available(.cc))) struct NativeSimulationTests {
  // MARK: random designs

  @Test(arguments: RandomAgreementTests.seeds) func randomExpressions(seed: UInt64) throws {
    print("16 random expression modules, two engines, seed \(seed) (WEFT_SEED=\(seed) repeats it)")
    try compare(RandomBatch(expressions: 16, seed: seed), seed)
  }
  @Test(arguments: RandomAgreementTests.seeds) func randomPrograms(seed: UInt64) throws {
    print("12 random programs, two engines, seed \(seed) (WEFT_SEED=\(seed) repeats it)")
    try compare(RandomBatch(programs: 12, seed: seed), seed)
  }
  private func compare(_ batch: RandomBatch, _ seed: UInt64) throws {
    let twins = try EngineTwins(batch, .random(seed: seed))
    var random = SplitMix(state: seed ^ 0xC0DE)
    for stimulus in batch.stimuli(RandomAgreementTests.size.cycles, seed: seed) {
      let count = random.pick([1, 1, 1, 2, 5])
      twins.both { simulation in
        simulation.poke(\.x, words: stimulus.x.words)
        if stimulus.isReset { simulation.reset(cycles: count) } else { simulation.step(count) }
      }
      let difference = twins.difference()
      #expect(difference == nil, "seed \(seed)")
      if difference != nil { return }
    }
  }

  @Test(arguments: RandomAgreementTests.seeds) func randomClocks(seed: UInt64) throws {
    print("4 random modules of several clocks, two engines, seed \(seed) (WEFT_SEED=\(seed) repeats it)")
    let batch = RandomClockBatch((0..<4).map { seed &* 104_729 &+ UInt64($0) })
    let twins = try EngineTwins(batch, .random(seed: seed))
    var random = SplitMix(state: seed)
    for _ in 0..<150 {
      let inputs = (0..<3).map { _ in random.int(0...(1 << RandomClocks.inputWidth) - 1) }
      let ticking = random.pick([[], [.default], [batch.left], [batch.right], [batch.left, batch.right], [.default, batch.left]])
      let isReset = random.int(0...9) == 0, count = random.int(1...3)
      twins.both { simulation in
        (simulation.x, simulation.xLeft, simulation.xRight) = (inputs[0], inputs[1], inputs[2])
        switch (ticking.count, isReset) {
        case (0, _): isReset ? simulation.reset(cycles: count) : simulation.step(count)
        case (1, _): isReset ? simulation.reset(cycles: count, in: ticking[0]) : simulation.step(count, in: ticking[0])
        default: isReset ? simulation.reset(cycles: count, in: ticking[0], ticking[1]) : simulation.step(count, in: ticking[0], ticking[1])
        }
      }
      let difference = twins.difference()
      #expect(difference == nil, "seed \(seed)")
      if difference != nil { return }
    }
  }

  // MARK: memories

  /// Noise, in its order and its values, is that of the interpreter.
  @Test(
    arguments: [(37, 24, 3, false), (5, 72, 9, true), (2, 1, 1, false), (1, 5, 1, true), (16, 200, 100, false), (48, 64, 1, true)],
    [Memory.Collision.undefined, .readsOld, .readsNew])
  func memories(size: (depth: Int, width: Int, lanes: Int, holds: Bool), collision: Memory.Collision) throws {
    let (depth, width, lanes, holds) = size
    let twins = try EngineTwins(RandomAccess(depth: depth, width: width, lanes: lanes, holds: holds, collision: collision), .random(seed: 5))
    var random = SplitMix(state: UInt64(depth))
    for _ in 0..<200 {
      let data = random.bits(width), mask = random.bits(lanes), most = (1 << indexBits(depth)) - 1
      let isWriting = random.int(0...1) == 1, isReading = random.int(0...2) > 0
      let writes = random.int(0...most), reads = random.int(0...2) == 0 ? writes : random.int(0...most), count = random.int(1...3)
      twins.both { simulation in
        (simulation.write, simulation.read, simulation.writeAddress, simulation.readAddress) = (isWriting, isReading, writes, reads)
        simulation.poke(\.data, words: data.words)
        simulation.poke(\.mask, words: mask.words)
        simulation.step(count)
      }
      try #require(twins.difference() == nil)
    }
    #expect(collision != .undefined || depth == 1 || !twins.native.undefinedReads.isEmpty)
  }

  /// One memory after the other: noise for the first must not come from what the second was to get.
  @Test func manyMemories() throws {
    let twins = try EngineTwins(MemoryChain(), .random(seed: 9))
    for cycle in 0..<300 {
      twins.both { simulation in
        simulation.x = cycle * 37 % 256
        simulation.step(1 + cycle % 4)
      }
      try #require(twins.difference() == nil)
    }
    #expect(Set(twins.native.undefinedReads.map(\.memory)).count == 3)
  }

  // MARK: properties

  @Test func properties() throws {
    let twins = try EngineTwins(Guarded(limit: 9, broken: true), .zeros)
    twins.both { $0.stopsAtFailure = false }
    var random = SplitMix(state: 3)
    for _ in 0..<200 {
      let (up, down, count) = (random.int(0...2) > 0, random.int(0...3) == 0, random.int(1...6)), isReset = random.int(0...19) == 0
      twins.both { simulation in
        (simulation.up, simulation.down) = (up, down)
        if isReset { simulation.reset(cycles: count) } else { simulation.step(count) }
      }
      try #require(twins.difference() == nil)
    }
    #expect(!twins.native.failures.isEmpty)
  }

  // MARK: waveforms, and going over

  @Test func waveformsAreTheSame() throws {
    let twins = try EngineTwins(RandomBatch(programs: 6, seed: 4), .random(seed: 1))
    let waveforms = [twins.interpreted.record(), twins.native.record()]
    twins.both { simulation in
      simulation.reset(cycles: 3)
      simulation.step(30)
    }
    #expect(waveforms[0].vcd() == waveforms[1].vcd())
  }

  /// In the middle of a call that takes many cycles, and between calls.
  @Test func simulationsGoOver() throws {
    let compiled = try CompiledDesign(RandomBatch(programs: 20, seed: 2))
    let interpreted = compiled.simulation(.random(seed: 3), engine: .interpreter)
    let other = compiled.simulation(.random(seed: 3), engine: .automatic)
    if getenv("WEFT_SIMULATOR") == nil { #expect(!other.isNative) }
    #expect(compiled.simulation(engine: .native).isNative)
    #expect(!interpreted.isNative && compiled.simulation(engine: .automatic).isNative)
    let twins = EngineTwins(interpreted: interpreted, native: other)
    for cycle in 0..<400 {
      twins.both { simulation in
        simulation.poke(\.x, words: [UInt64(cycle) &* 0x9E37_79B9])
        if cycle == 20 { simulation.reset() } else { simulation.step(cycle % 7) }
      }
      try #require(twins.difference() == nil)
    }
    for _ in 0..<200 {
      twins.both { $0.step(1_000) }
      if other.isNative { break }
    }
    #expect(other.isNative && twins.difference() == nil)
  }

  @Test func manySimulationsShareOneLibrary() async throws {
    let compiled = try CompiledDesign(Counter(width: 16))
    let counts = await withTaskGroup(of: Int.self) { group in
      for steps in 1...20 {
        group.addTask {
          let simulation = compiled.simulation(engine: .native)
          simulation.enable = true
          simulation.step(steps)
          return simulation.value
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts.sorted() == Array(1...20))
  }
}

/// One design in both engines, side by side.
struct EngineTwins<Top: Module> {
  let interpreted: Simulation<Top>
  let native: Simulation<Top>
  private let signals: [SignalHandle]

  init(_ top: Top, _ powerUp: PowerUp) throws {
    let compiled = try CompiledDesign(top)
    self.init(interpreted: compiled.simulation(powerUp, engine: .interpreter), native: compiled.simulation(powerUp, engine: .native))
    try #require(native.isNative && !interpreted.isNative)
  }
  init(interpreted: Simulation<Top>, native: Simulation<Top>) {
    self.interpreted = interpreted
    self.native = native
    let table = interpreted.running.signals
    signals = table.hierarchy.scopes.indices.flatMap { scope in table.entries(of: scope).map { table.handle($0, in: scope) } }
  }

  func both(_ body: (Simulation<Top>) -> Void) {
    body(interpreted)
    body(native)
  }

  /// The first thing that is not the same.
  func difference() -> String? {
    let (a, b) = (interpreted.running, native.running)
    a.settle()
    b.settle()
    for signal in signals where signal.slots.contains(where: { a.engine.words[Int($0)] != b.engine.words[Int($0)] }) {
      return "cycle \(a.cycle), \(signal.description): \(a.value(signal)), and as machine code \(b.value(signal))"
    }
    for memory in a.program.memories {
      for word in memory.base..<memory.base + memory.wordCount where a.engine.memory[word] != b.engine.memory[word] {
        return "cycle \(a.cycle), \(memory.name)[\((word - memory.base) / memory.stride)]: \(a.engine.memory[word]), and as machine code \(b.engine.memory[word])"
      }
    }
    if a.cycle != b.cycle { return "\(a.cycle) cycles, and \(b.cycle) as machine code" }
    if a.undefinedReads != b.undefinedReads { return "cycle \(a.cycle): undefined reads \(a.undefinedReads.suffix(3)), \(b.undefinedReads.suffix(3))" }
    if a.failures != b.failures { return "cycle \(a.cycle): failures \(a.failures.suffix(3)), \(b.failures.suffix(3))" }
    return a.coverage == b.coverage ? nil : "cycle \(a.cycle): coverage \(a.coverage), \(b.coverage)"
  }
}

/// Three memories, each of which is addressed by what was read before.
private struct MemoryChain: Module {
  @Input(8) var x: Unsigned
  @Output(8) var y: Unsigned

  func body() {
    var value = x
    for number in 0..<3 {
      let rows = Memory("rows_\(number)", depth: 11 + 50 * number, width: 8, contents: .words(Array(0..<11)))
      let width = indexBits(rows.depth)
      rows.write(at: value[0..<width], value ^ x, when: x[number])
      value = rows.read(at: (value ^ x[4..<8].extended(to: 8))[0..<width], when: x[number + 2])
    }
    y = value
  }
}
