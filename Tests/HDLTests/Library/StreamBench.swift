import Foundation
import HDL
import Testing

/// A bench for anything with streams: offers payloads at random times, takes them at random times, and
/// reports what was transferred where and when, and who broke the rules of `Stream`.

/// What is done to a design: a pure value, so that a failing one can be printed, repeated and made smaller.
struct StreamStimulus {
  var cycles: Int
  /// For each input stream what it sends, and in which cycles it may begin to offer.
  var words: [[UInt64]]
  var offers: [[Bool]]
  /// For each output stream the cycles in which its receiver is ready.
  var takes: [[Bool]]
  /// For each clock the cycles of the bench in which it ticks; all of them, if there is only one.
  var ticks: [[Bool]]

  init(seed: UInt64, cycles: Int, inputs: [StreamPort], outputs: Int, clocks: Int = 1) {
    var random = SplitMix(state: seed)
    self.cycles = cycles
    ticks = (0..<clocks).map { _ in clocks == 1 ? Array(repeating: true, count: cycles) : StreamStimulus.pattern(cycles, &random) }
    words = inputs.map { port in (0..<cycles).map { _ in random.next() & port.mask } }
    offers = inputs.map { _ in StreamStimulus.pattern(cycles, &random) }
    takes = (0..<outputs).map { _ in StreamStimulus.pattern(cycles, &random) }
  }
  /// Nobody ever waits.
  mutating func open() {
    offers = offers.map { $0.map { _ in true } }
    takes = takes.map { $0.map { _ in true } }
  }
  /// Always, mostly, rarely, or in bursts.
  private static func pattern(_ cycles: Int, _ random: inout SplitMix) -> [Bool] {
    let style = random.int(0...4)
    var isOn = true
    return (0..<cycles).map { _ in
      switch style {
      case 0: return true
      case 1: return random.int(0...3) > 0
      case 2: return random.int(0...5) == 0
      case 3: return random.int(0...1) == 0
      default:
        if random.int(0...7) == 0 { isOn.toggle() }
        return isOn
      }
    }
  }
}

/// What happened.
struct StreamTrace {
  struct Transfer: Equatable {
    let cycle: Int
    let word: UInt64
  }
  var inputs: [[Transfer]]
  var outputs: [[Transfer]]
  /// The values of all other outputs, by name and cycle.
  var others: [String: [UInt64]] = [:]
  var violations: [String] = []
}

/// One stream at the boundary of a design.
struct StreamPort {
  let name: String
  let isInput: Bool
  /// Number of the clock among those of the design.
  let clock: Int
  /// The members of the payload, the least significant first: Swift and Verilog names, and widths.
  let payload: [(path: String, name: String, width: Int)]
  /// The Swift name of the stream.
  let path: String
  var width: Int { payload.reduce(0) { $0 + $1.width } }
  var mask: UInt64 { width == 64 ? .max : (1 << UInt64(width)) - 1 }
}

struct StreamBench {
  let design: Design
  let inputs: [StreamPort]
  let outputs: [StreamPort]
  private let others: [(path: String, name: String, width: Int)]
  /// The prefixes of the ports `clock` and `reset`.
  private let clocks: [String]
  private let simulate: (StreamBench, StreamStimulus) throws -> StreamTrace

  init<M: Module>(_ module: M) throws {
    let compiled = try CompiledDesign(module)
    design = compiled.design
    simulate = { bench, stimulus in try bench.simulated(compiled.simulation(), stimulus) }
    let graph = try #require(design.top).graph
    let signals = graph.ports.map { graph.signals[$0.signal] }
    let used = graph.domains.indices.filter { graph.domains[$0].usesClock }
    clocks = used.map { $0 == 0 ? "" : snakeCase(graph.domains[$0].name) + "_" }
    let streams = graph.handshakes.map { pair in
      let name = String(signals[pair.valid].name.dropLast(".valid".count))
      let members = signals.filter { $0.name.hasPrefix("\(name).payload") }
      return StreamPort(
        name: snakeCase(name), isInput: graph.ports[pair.valid].isInput, clock: used.firstIndex(of: signals[pair.valid].domain ?? 0) ?? 0,
        payload: members.map { ($0.name, snakeCase($0.name), $0.shape.width) }, path: name)
    }
    inputs = streams.filter(\.isInput)
    outputs = streams.filter { !$0.isInput }
    others = zip(signals, graph.ports).filter { !$0.1.isInput && !$0.0.name.contains(".") }.map { ($0.0.name, snakeCase($0.0.name), $0.0.shape.width) }
  }

  /// Runs random stimuli and holds each trace against `expected`, which returns what is wrong with it.
  func check(
    seeds: Range<UInt64> = 1..<9, cycles: Int = 300, sourceLocation: Testing.SourceLocation = #_sourceLocation,
    _ expected: (StreamTrace) -> String?
  ) throws {
    for seed in seeds {
      var stimulus = stimulus(seed: seed, cycles: cycles)
      // Icarus Verilog, which knows unknown values, is the second opinion.
      if seed == seeds.lowerBound && clocks.count == 1 && Tool.available(.iverilog, .vvp) {
        let trace = try run(stimulus), second = try runInIcarus(stimulus)
        #expect(trace.inputs == second.inputs && trace.outputs == second.outputs && second.violations == [], sourceLocation: sourceLocation)
      }
      guard var complaint = try complaint(stimulus, expected) else { continue }
      // Shrink: fewer cycles, then nobody waiting on as many streams as possible.
      for fraction in [2, 4, 8, 16, 32] where stimulus.cycles > cycles / fraction {
        var shorter = stimulus
        shorter.cycles = cycles / fraction
        if let same = try self.complaint(shorter, expected) { (stimulus, complaint) = (shorter, same) }
      }
      for index in stimulus.offers.indices {
        var simpler = stimulus
        simpler.offers[index] = simpler.offers[index].map { _ in true }
        if let same = try self.complaint(simpler, expected) { (stimulus, complaint) = (simpler, same) }
      }
      for index in stimulus.takes.indices {
        var simpler = stimulus
        simpler.takes[index] = simpler.takes[index].map { _ in true }
        if let same = try self.complaint(simpler, expected) { (stimulus, complaint) = (simpler, same) }
      }
      func show(_ patterns: [[Bool]]) -> String {
        patterns.map { $0.prefix(stimulus.cycles).map { $0 ? "1" : "0" }.joined() }.joined(separator: " ")
      }
      Issue.record("seed \(seed), \(stimulus.cycles) cycles, offers \(show(stimulus.offers)), takes \(show(stimulus.takes)): \(complaint)", sourceLocation: sourceLocation)
      return
    }
  }

  func stimulus(seed: UInt64, cycles: Int) -> StreamStimulus {
    StreamStimulus(seed: seed, cycles: cycles, inputs: inputs, outputs: outputs.count, clocks: max(1, clocks.count))
  }
  private func complaint(_ stimulus: StreamStimulus, _ expected: (StreamTrace) -> String?) throws -> String? {
    let trace = try run(stimulus)
    return trace.violations.first ?? expected(trace)
  }

  /// With open ends: as fast as the design can.
  func runOpen(cycles: Int) throws -> StreamTrace {
    var stimulus = stimulus(seed: 1, cycles: cycles)
    stimulus.open()
    return try run(stimulus)
  }

  /// In the language's own simulator, or in Icarus Verilog where there are several clocks.
  func run(_ stimulus: StreamStimulus) throws -> StreamTrace {
    clocks.count > 1 ? try runInIcarus(stimulus) : try simulate(self, stimulus)
  }

  private func simulated<M>(_ simulation: Simulation<M>, _ stimulus: StreamStimulus) throws -> StreamTrace {
    var trace = StreamTrace(inputs: inputs.map { _ in [] }, outputs: outputs.map { _ in [] })
    func bit(_ name: String) throws -> Bool { try simulation.peek(name).words[0] != 0 }
    func word(_ port: StreamPort) throws -> UInt64 {
      var low = UInt64(0), word = UInt64(0)
      for member in port.payload {
        let mask = member.width == 64 ? .max : (UInt64(1) << UInt64(member.width)) - 1
        word |= (try simulation.peek(member.path).words[0] & mask) << low
        low += UInt64(member.width)
      }
      return word
    }
    func offer(_ word: UInt64, at port: StreamPort) throws {
      var rest = word
      for member in port.payload {
        let bits = BitVector(width: member.width, words: [rest])
        let isSigned = try simulation.peek(member.path).shape.isSigned
        try simulation.poke(member.path, bits.int(isSigned: isSigned) ?? 0)
        rest = member.width == 64 ? 0 : rest >> UInt64(member.width)
      }
      try simulation.poke("\(port.path).valid", 1)
    }
    simulation.reset()
    var offered: [UInt64?] = outputs.map { _ in nil }
    for cycle in 0..<stimulus.cycles {
      for (index, port) in inputs.enumerated() where try !bit("\(port.path).valid") && stimulus.offers[index][cycle] {
        try offer(stimulus.words[index][trace.inputs[index].count], at: port)
      }
      for (index, port) in outputs.enumerated() { try simulation.poke("\(port.path).ready", stimulus.takes[index][cycle] ? 1 : 0) }
      for other in others { trace.others[other.name, default: []].append(try simulation.peek(other.path).words[0]) }
      var taken: [StreamPort] = []
      for (index, port) in inputs.enumerated() where try bit("\(port.path).valid") && bit("\(port.path).ready") {
        trace.inputs[index].append(.init(cycle: cycle, word: try word(port)))
        taken.append(port)
      }
      for (index, port) in outputs.enumerated() {
        let isValid = try bit("\(port.path).valid"), payload = try word(port)
        if let before = offered[index], !isValid || payload != before { trace.violations.append("cycle \(cycle): \(port.name) withdrawn \(payload)") }
        if isValid && stimulus.takes[index][cycle] { trace.outputs[index].append(.init(cycle: cycle, word: payload)) }
        offered[index] = isValid && !stimulus.takes[index][cycle] ? payload : nil
      }
      simulation.step()
      for port in taken { try simulation.poke("\(port.path).valid", 0) }
    }
    return trace
  }

  // MARK: Icarus Verilog

  func runInIcarus(_ stimulus: StreamStimulus) throws -> StreamTrace {
    let bench = text(stimulus)
    let output = try withTemporaryDirectory { directory in
      try (VerilogPrinter.text(design) + bench).write(to: directory.appendingPathComponent("bench.v"), atomically: true, encoding: .utf8)
      let (status, messages) = try Tool.iverilog.run(["-g2005", "-s", "bench", "-o", "bench", "bench.v"], in: directory)
      #expect(status == 0, "\(messages)")
      return try Tool.vvp.run(["bench"], in: directory).output
    }
    var trace = StreamTrace(inputs: inputs.map { _ in [] }, outputs: outputs.map { _ in [] })
    for line in output.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 4, let cycle = Int(words[2]) else {
        trace.violations.append("the bench said: \(line)")
        continue
      }
      let value = UInt64(words[3], radix: 16)
      switch (words[0], Int(words[1]), value) {
      case ("input", let index?, let value?): trace.inputs[index].append(.init(cycle: cycle, word: value))
      case ("output", let index?, let value?): trace.outputs[index].append(.init(cycle: cycle, word: value))
      case ("other", nil, let value?): trace.others[String(words[1]), default: []].append(value)
      default: trace.violations.append("cycle \(cycle): \(words[1]) \(words[0]) \(words[3])")
      }
    }
    return trace
  }

  private func text(_ stimulus: StreamStimulus) -> String {
    let cycles = stimulus.cycles
    func pattern(_ bits: [Bool]) -> String { "\(cycles)'b" + bits.prefix(cycles).reversed().map { $0 ? "1" : "0" }.joined() }
    func packed(_ port: StreamPort) -> String { "{" + port.payload.reversed().map(\.name).joined(separator: ", ") + "}" }
    var connections = clocks.flatMap { ["\($0)clock", "\($0)reset"] }
    var declarations = "  integer cycle;\n"
    for (index, clock) in clocks.enumerated() {
      declarations += "  reg \(clock)clock = 0, \(clock)reset = 1;\n  wire [\(cycles - 1):0] \(clock)ticks = \(pattern(stimulus.ticks[index]));\n"
    }
    func ticks(_ port: StreamPort) -> String { clocks.isEmpty ? "1" : "\(clocks[port.clock])ticks[cycle]" }
    func all(_ statement: (String) -> String) -> String { clocks.map(statement).joined(separator: " ") }
    var drive = "", observe = "", advance = ""
    for (index, port) in inputs.enumerated() {
      let n = port.name
      connections += ["\(n)_valid", "\(n)_ready"] + port.payload.map(\.name)
      declarations += "  reg \(n)_valid = 0, \(n)_taken;\n  wire \(n)_ready;\n  reg [\(port.width - 1):0] \(n)_words [0:\(cycles)];\n  integer \(n)_next = 0;\n"
      for member in port.payload { declarations += "  reg [\(member.width - 1):0] \(member.name) = 0;\n" }
      declarations += "  wire [\(cycles - 1):0] \(n)_offers = \(pattern(stimulus.offers[index]));\n  initial begin\n"
      for (number, word) in stimulus.words[index].prefix(cycles).enumerated() { declarations += "    \(n)_words[\(number)] = \(port.width)'h\(String(word, radix: 16));\n" }
      declarations += "  end\n"
      drive += "      if (\(ticks(port)) && !\(n)_valid && \(n)_offers[cycle]) begin \(n)_valid = 1; \(packed(port)) = \(n)_words[\(n)_next]; end\n"
      observe += "      \(n)_taken = \(ticks(port)) && \(n)_valid && \(n)_ready;\n      if (^{\(n)_ready} === 1'bx) $display(\"unknown \(n)_ready %0d x\", cycle);\n"
      observe += "      if (\(n)_taken) $display(\"input \(index) %0d %h\", cycle, \(packed(port)));\n"
      advance += "      if (\(n)_taken) begin \(n)_valid = 0; \(n)_next = \(n)_next + 1; end\n"
    }
    for (index, port) in outputs.enumerated() {
      let n = port.name
      connections += ["\(n)_valid", "\(n)_ready"] + port.payload.map(\.name)
      declarations += "  wire \(n)_valid;\n  reg \(n)_ready = 0, \(n)_offered = 0;\n  reg [\(port.width - 1):0] \(n)_offer;\n"
      for member in port.payload { declarations += "  wire [\(member.width - 1):0] \(member.name);\n" }
      declarations += "  wire [\(cycles - 1):0] \(n)_takes = \(pattern(stimulus.takes[index]));\n"
      drive += "      if (\(ticks(port))) \(n)_ready = \(n)_takes[cycle];\n"
      observe += "      if (\(ticks(port))) begin\n"
      observe += "      if (\(n)_offered && (\(n)_valid !== 1 || \(packed(port)) !== \(n)_offer)) $display(\"withdrawn \(n) %0d %h\", cycle, \(packed(port)));\n"
      observe += "      if (\(n)_valid === 1'bx) $display(\"unknown \(n)_valid %0d x\", cycle);\n"
      observe += "      if (\(n)_valid && \(n)_ready) $display(\"output \(index) %0d %h\", cycle, \(packed(port)));\n"
      observe += "      \(n)_offered = \(n)_valid && !\(n)_ready; \(n)_offer = \(packed(port));\n      end\n"
    }
    for other in others {
      connections.append(other.name)
      declarations += "  wire [\(other.width - 1):0] \(other.name);\n"
      observe += "      $display(\"other \(other.name) %0d %h\", cycle, \(other.name));\n"
    }
    return """
      module bench;
      \(declarations)  \(design.top?.name ?? "") top (\(connections.map { ".\($0)(\($0))" }.joined(separator: ", ")));
        initial begin
          #1 \(all { "\($0)clock = 1;" }) #1 \(all { "\($0)clock = 0; \($0)reset = 0;" })
          for (cycle = 0; cycle < \(cycles); cycle = cycle + 1) begin
      \(drive)      #1
      \(observe)      #1 \(all { "\($0)clock = \($0)ticks[cycle];" }) #1 \(all { "\($0)clock = 0;" })
      \(advance)    end
        end
      endmodule

      """
  }
}
