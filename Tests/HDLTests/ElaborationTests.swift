import HDL
import Testing

/// Elaboration: memoization, names, determinism, speed.

@Test func equalModulesAreElaboratedOnce() throws {
  let design = try elaborate(SystolicArray(4))
  #expect(design.modules.map(\.name) == ["multiply_accumulate", "systolic_array"])
  #expect(design.top?.name == "systolic_array")
}

/// Two counters of different widths, one of each twice.
private struct Pair: Module {
  @Input() var enable: Bit
  @Output(8) var small: Unsigned
  @Output(16) var large: Unsigned
  func body() {
    let narrow = instance("narrow", Counter(width: 8))
    let wide = instance("wide", Counter(width: 16))
    let again = instance("again", Counter(width: 8))
    narrow.$enable = enable
    wide.$enable = narrow.$value[7]
    again.$enable = wide.$value[15]
    small = again.$value
    large = wide.$value
  }
}
@Test func unequalModulesOfOneNameAreNumbered() throws {
  let design = try elaborate(Pair())
  #expect(design.modules.map(\.name) == ["counter", "counter_1", "pair"])
  #expect(VerilogPrinter.text(design).contains("  counter_1 wide ("))
}

@Test func snakeCaseNames() {
  #expect(snakeCase("MultiplyAccumulate") == "multiply_accumulate")
  #expect(snakeCase("aHeld") == "a_held")
  #expect(snakeCase("part_0") == "part_0")
  #expect(snakeCase("URLValue") == "url_value")
  #expect(snakeCase("AXI4Lite") == "axi4_lite")
  #expect(snakeCase("rowURL2x") == "row_url2x")
}

@Test func equalBytesEveryTime() throws {
  func text() throws -> String {
    try [
      VerilogPrinter.text(elaborate(ExampleUnit(lanes: 4))), VerilogPrinter.text(elaborate(SystolicArray(5))),
      VerilogPrinter.text(elaborate(SharedControl())), VerilogPrinter.text(elaborate(RandomBatch(expressions: 4, seed: 5))),
    ].joined()
  }
  let first = try text()
  #expect(try text() == first)
}

/// Everything that elaboration shares between tasks, which should be nothing: run this under the thread sanitizer.
@Test func eightElaborationsAtOnceGiveTheSameBytes() async throws {
  @Sendable func texts() throws -> [String] {
    let designs = try [
      elaborate(ExampleUnit(lanes: 4)), elaborate(PulseCounter(width: 6)), elaborate(Guarded(limit: 9)), elaborate(SystolicArray(4)),
      elaborate(RandomAccess(depth: 16, width: 8, lanes: 2, holds: true, collision: .readsNew)), elaborate(RandomModule(Recipe(seed: 3))),
    ]
    return designs.map(VerilogPrinter.text) + designs.flatMap { VerilogPrinter.positions($0).map(\.text) }
  }
  let alone = try texts()
  let together = try await withThrowingTaskGroup(of: [String].self) { group in
    for _ in 0..<8 { group.addTask { try texts() } }
    return try await group.reduce(into: []) { $0.append($1) }
  }
  #expect(together == Array(repeating: alone, count: 8))
}

/// The same module value may be elaborated again and again.
@Test func oneValueManyElaborations() throws {
  let counter = Counter(width: 8)
  let first = try VerilogPrinter.text(elaborate(counter))
  #expect(try VerilogPrinter.text(elaborate(counter)) == first)
}

/// Parameters changed on a copy share the original's declarations; that must not confuse either.
private struct Tree2: Module {
  var depth: Int
  @Input(8) var x: Unsigned
  @Output(8) var y: Unsigned
  init(depth: Int) { self.depth = depth }
  func body() {
    guard depth > 0 else {
      y = x
      return
    }
    var smaller = self
    smaller.depth -= 1
    let left = instance("left", smaller), right = instance("right", smaller)
    left.$x = x
    right.$x = ~x
    y = left.$y ^ right.$y
  }
}
@Test func copiesOfAModuleThatIsBeingElaborated() throws {
  let design = try elaborate(Tree2(depth: 3))
  #expect(design.modules.map(\.name) == ["tree2_3", "tree2_2", "tree2_1", "tree2"])
}

/// Reports how long a 64 x 64 array takes; the time is not asserted, since machines differ.
@Test func speedOfALargeArray() throws {
  let clock = ContinuousClock()
  var bytes = 0
  let time = try clock.measure { bytes = try VerilogPrinter.text(elaborate(SystolicArray(64))).utf8.count }
  print("64 x 64 processing elements: elaborated and printed \(bytes) bytes in \(time)")
  #expect(bytes > 1_000_000)
}
