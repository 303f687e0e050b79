import Foundation
import HDL
import Testing

/// Reads without a clock, two ports that write, ports of several words: as they are printed, simulated, and inferred.

/// A register file: two reads at once, one write.
struct RegisterFile: Module {
  let depth: Int
  let style: Memory.Style
  @Input() var isWriting: Bit
  @Input var target: Unsigned
  @Input var first: Unsigned
  @Input var second: Unsigned
  @Input(16) var data: Unsigned
  @Output(16) var a: Unsigned
  @Output(16) var b: Unsigned
  init(depth: Int = 32, style: Memory.Style = .automatic) {
    self.depth = depth
    self.style = style
    _target = Input(indexBits(depth))
    _first = Input(indexBits(depth))
    _second = Input(indexBits(depth))
  }
  func body() {
    let rows = Memory("rows", depth: depth, width: 16, style: style)
    rows.write(at: target, data, when: isWriting)
    a = rows[first]
    b = rows[second]
  }
}

/// Two ports, each of which writes or reads, with a clock of its own if wanted.
struct TwoPorts: Module {
  let depth: Int
  let lanes: Int
  let collision: Memory.Collision
  let right: ClockDomain
  @Input() var isWritingLeft: Bit
  @Input var isWritingRight: Bit
  @Input var leftAddress: Unsigned
  @Input var rightAddress: Unsigned
  @Input var leftData: Unsigned
  @Input var rightData: Unsigned
  @Input var leftMask: Unsigned
  @Output var leftWord: Unsigned
  @Output var rightWord: Unsigned
  init(depth: Int, width: Int, lanes: Int = 1, collision: Memory.Collision = .undefined, twoClocks: Bool = false) {
    self.depth = depth
    self.lanes = lanes
    self.collision = collision
    right = twoClocks ? ClockDomain("right") : .default
    _isWritingRight = Input(in: right)
    _leftAddress = Input(indexBits(depth))
    _rightAddress = Input(indexBits(depth), in: right)
    _leftData = Input(width)
    _rightData = Input(width, in: right)
    _leftMask = Input(lanes)
    _leftWord = Output(width)
    _rightWord = Output(width)
  }
  func body() {
    let rows = Memory("rows", depth: depth, width: leftData.width, lanes: lanes, collision: collision)
    leftWord = rows.access(at: leftAddress, write: leftData, when: isWritingLeft, lanes: lanes > 1 ? leftMask : nil)
    rightWord = rows.access(at: rightAddress, write: rightData, when: isWritingRight, in: right)
  }
}

/// Written in words, read in parts or the other way round.
struct Narrowing: Module {
  let depth: Int
  let width: Int
  let writes: Int
  let reads: Int
  let collision: Memory.Collision
  @Input() var isWriting: Bit
  @Input var writeAddress: Unsigned
  @Input var readAddress: Unsigned
  @Input var data: Unsigned
  @Output var word: Unsigned
  init(depth: Int, width: Int, writes: Int, reads: Int, collision: Memory.Collision = .undefined) {
    (self.depth, self.width, self.writes, self.reads, self.collision) = (depth, width, writes, reads, collision)
    _writeAddress = Input(indexBits(depth / writes))
    _readAddress = Input(indexBits(depth / reads))
    _data = Input(width * writes)
    _word = Output(width * reads)
  }
  func body() {
    let rows = Memory("rows", depth: depth, width: width, collision: collision)
    rows.write(at: writeAddress, data, when: isWriting, words: writes)
    word = rows.read(at: readAddress, words: reads)
  }
}

@Suite struct MemoryPortTests {
  @Test func aRegisterFileAsText() throws {
    try expectVerilog(
      RegisterFile(style: .distributed),
      """
      module register_file (
        input  wire clock,
        input  wire is_writing,
        input  wire [4:0] target,
        input  wire [4:0] first,
        input  wire [4:0] second,
        input  wire [15:0] data,
        output wire [15:0] a,
        output wire [15:0] b
      );
        wire [15:0] rows_data;
        wire [15:0] rows_data_1;
        (* ram_style = "distributed" *)
        reg [15:0] rows [0:31];

        assign a = rows_data;
        assign b = rows_data_1;

        always @(posedge clock) begin
          if (is_writing) begin
            rows[target] <= data;
          end
        end

        assign rows_data = rows[first];

        assign rows_data_1 = rows[second];
      endmodule

      """)
  }

  @Test func aWordIsThereAtOnceAfterItsEdge() throws {
    let simulation = try Simulation(RegisterFile(depth: 20))
    (simulation.target, simulation.data, simulation.first, simulation.second) = (7, 1234, 7, 8)
    simulation.step()
    #expect(simulation.a == 0)
    simulation.isWriting = true
    #expect(simulation.a == 0)
    simulation.step()
    #expect(simulation.a == 1234 && simulation.b == 0)
    simulation.second = 7
    #expect(simulation.b == 1234)
    try simulation.poke("rows[7]", 9)
    #expect(simulation.b == 9)
    // Beyond the end is noise, and the same noise.
    simulation.first = 25
    let noise = simulation.a
    simulation.step()
    #expect(simulation.a == noise && noise != 0)
  }

  /// A loop through a memory that is read at once is one.
  @Test func anAddressThatFollowsItsWordIsALoop() {
    struct Chase: Module {
      @Output(4) var y: Unsigned
      func body() {
        let links = Memory("links", depth: 16, width: 4, contents: .words([3, 2, 1, 0]))
        @Wire("next", 4) var next: Unsigned
        next = links[next]
        y = next
      }
    }
    #expect(throws: ElaborationFailure.self) { try elaborate(Chase()) }
  }

  @Test func blockRAMHasAClock() {
    #expect(throws: ElaborationFailure.self) { try elaborate(RegisterFile(style: .block)) }
  }

  @Test func twoPortsThatWriteOneWord() throws {
    let simulation = try Simulation(TwoPorts(depth: 16, width: 16, lanes: 2), .random(seed: 3))
    (simulation.isWritingLeft, simulation.isWritingRight, simulation.leftMask) = (true, true, 1)
    (simulation.leftAddress, simulation.rightAddress, simulation.leftData, simulation.rightData) = (3, 4, 0x1111, 0x2222)
    simulation.step()
    #expect(simulation.undefinedWrites.isEmpty)
    let left = try #require(try simulation.peek("rows[3]").int) % 256
    #expect(left == 0x11)
    #expect(try simulation.peek("rows[4]").int == 0x2222)
    simulation.rightAddress = 3
    simulation.step()
    #expect(simulation.undefinedWrites.map(\.description) == ["cycle 1: 'rows[3]' was written by two ports at once"])
    // The lane that only one of them writes is what that one wrote.
    let right = try #require(try simulation.peek("rows[3]").int) / 256
    #expect(right == 0x22)
  }

  @Test func aPortOfSeveralWords() throws {
    let simulation = try Simulation(Narrowing(depth: 64, width: 8, writes: 4, reads: 2))
    simulation.isWriting = true
    (simulation.writeAddress, simulation.data) = (5, 0x4433_2211)
    simulation.step()
    simulation.isWriting = false
    simulation.readAddress = 11
    simulation.step()
    #expect(simulation.word == 0x4433)
    #expect(try simulation.peek("rows[20]").int == 0x11)
  }

  @Test func portsThatCannotBe() {
    func messages(_ writes: Int, _ reads: Int, depth: Int) -> [String] {
      do {
        _ = try elaborate(Narrowing(depth: depth, width: 8, writes: writes, reads: reads))
        return []
      } catch { return error.diagnostics.map(\.message) }
    }
    #expect(messages(4, 1, depth: 64).isEmpty)
    #expect(messages(3, 1, depth: 63).first == "memory 'rows' of 63 words has no port of 3 words; use a power of two that divides the depth")
    #expect(messages(4, 1, depth: 66).first == "memory 'rows' of 66 words has no port of 4 words; use a power of two that divides the depth")
  }

  // MARK: against Icarus

  /// Random accesses in the simulator and in the printed text. Two ports never write one word, and where collisions are
  /// undefined they never meet.
  @Test(.enabled(if: Tool.available(.iverilog, .vvp)), arguments: [Memory.Collision.undefined, .readsOld, .readsNew])
  func behavesAsPrinted(collision: Memory.Collision) throws {
    for seed in UInt64(1)...3 {
      var random = SplitMix(state: seed)
      let depth = random.pick([4, 16, 24]), width = random.pick([4, 13, 40, 64])
      try expectAgreement(TwoPorts(depth: depth, width: 2 * width, lanes: 2, collision: collision), seed) { random in
        let left = random.int(0...depth - 1), right = random.int(0...depth - 1)
        let both = (collision != .undefined || left != right) ? [random.int(0...1), random.int(0...1)] : [0, 0]
        return [both[0], left == right && both[0] == 1 ? 0 : both[1], left, right, random.int(0...15), random.int(0...15), random.int(0...3)]
      }
      let (writes, reads) = (random.pick([1, 2, 4]), random.pick([1, 2, 4]))
      try expectAgreement(Narrowing(depth: 16, width: width, writes: writes, reads: reads, collision: collision), seed) { random in
        let write = random.int(0...16 / writes - 1), read = random.int(0...16 / reads - 1)
        let meets = write * writes / max(writes, reads) == read * reads / max(writes, reads)
        return [collision == .undefined && meets ? 0 : random.int(0...1), write, read, random.int(0...15)]
      }
      try expectAgreement(RegisterFile(depth: 16), seed) { random in (0..<5).map { $0 == 0 ? random.int(0...1) : random.int(0...15) } }
    }
  }

  /// Drives all inputs, in order, and compares all outputs before each edge. The memory is filled with zeros first.
  private func expectAgreement<M: Module>(_ module: M, _ seed: UInt64, _ draw: (inout SplitMix) -> [Int]) throws {
    let compiled = try CompiledDesign(module), simulation = compiled.simulation()
    let ports = try ports(VerilogPrinter.text(compiled.design))
    let memory = try #require(compiled.design.top?.graph.memories.first)
    var random = SplitMix(state: seed)
    var steps = "", expected: [String] = []
    for cycle in 0..<300 {
      let values = draw(&random)
      for (port, value) in zip(ports.inputs, values) {
        try simulation.poke(port.swift, value)
        steps += "    \(port.verilog) = \(value);\n"
      }
      if cycle > 1 {
        steps += "    #1 $display(\"\(ports.outputs.map { _ in "%h" }.joined(separator: " "))\", \(ports.outputs.map(\.verilog).joined(separator: ", ")));\n"
        expected.append(try ports.outputs.map { try simulation.peek($0.swift).hexadecimal }.joined(separator: " "))
      }
      steps += "    #1 clock = 1; #1 clock = 0;\n"
      simulation.step()
    }
    let declarations = ports.inputs.map { "  reg \($0.range) \($0.verilog);\n" } + ports.outputs.map { "  wire \($0.range) \($0.verilog);\n" }
    let connections = (ports.inputs + ports.outputs).map { ".\($0.verilog)(\($0.verilog))" }.joined(separator: ", ")
    let name = compiled.design.top?.name ?? ""
    let bench = """
      module bench;
        reg clock = 0;
        integer i;
      \(declarations.joined())
        \(name) top (.clock(clock), \(connections));
        initial begin
          for (i = 0; i < \(memory.depth); i = i + 1) top.\(memory.name)[i] = 0;
      \(steps)
          $finish;
        end
      endmodule

      """
    try withTemporaryDirectory { directory in
      try (VerilogPrinter.text(compiled.design) + bench).write(to: directory.appendingPathComponent("bench.v"), atomically: true, encoding: .utf8)
      let lines = try Tool.iverilog.simulateBench(in: directory).split(separator: "\n").map { line in
        line.split(separator: " ").map { word in
          let digits = word.drop { $0 == "0" }
          return digits.isEmpty ? "0" : String(digits)
        }.joined(separator: " ")
      }
      // Before the first read nothing is known.
      let wrong = zip(lines, expected).enumerated().first { !$1.0.contains("x") && $1.0 != $1.1 }
      #expect(lines.count == expected.count && lines.filter { $0.contains("x") }.count < 20)
      #expect(wrong == nil, "\(name), seed \(seed), \(memory.depth) words of \(memory.width)")
    }
  }

  private typealias Port = (swift: String, verilog: String, range: String)
  /// The data ports of a printed module.
  private func ports(_ text: String) throws -> (inputs: [Port], outputs: [Port]) {
    func port(_ line: Substring) -> Port {
      let words = line.split { " ,".contains($0) }, name = String(words.last ?? "")
      let parts = name.split(separator: "_")
      let swift = parts.first.map(String.init).map { $0 + parts.dropFirst().map(\.capitalized).joined() } ?? ""
      return (swift, name, words.first { $0.hasPrefix("[") }.map(String.init) ?? "")
    }
    let lines = text.split(separator: "\n")
    return (
      lines.filter { $0.hasPrefix("  input") && !$0.contains("clock") }.map(port), lines.filter { $0.hasPrefix("  output") }.map(port)
    )
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    var designs = [
      try elaborate(RegisterFile(depth: 24, style: .distributed)), try elaborate(TwoPorts(depth: 24, width: 16, lanes: 8, collision: .readsNew)),
      try elaborate(TwoPorts(depth: 32, width: 16, twoClocks: true)),
    ]
    for (writes, reads) in [(1, 4), (4, 1), (2, 8), (8, 1)] {
      designs.append(try elaborate(Narrowing(depth: 16, width: 8, writes: writes, reads: reads, collision: .readsNew)))
    }
    for design in designs {
      let complaints = try lint(design)
      #expect(complaints == "")
    }
  }
}
