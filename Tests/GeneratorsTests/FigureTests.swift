import Foundation
import HDL
import Machine
import Testing

@testable import Generators

/// The figures of docs/core.md: tiny layers in the whole accelerator, as text waveforms. They are the pinned picture of how the
/// engines' latencies come together. `WEFT_UPDATE=1` draws them anew, to be read before they are kept.
@Suite struct FigureTests {
  private static let document = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../docs/core.md").standardizedFileURL

  private static let figures: [String: @Sendable () throws -> String] = [
    "program": {
      try draw(
        TinyAccelerator.convolution, from: "sequencer.settings.launch", before: 3, cycles: 12, "sequencer.program.address",
        "sequencer.settings.enable", "sequencer.settings.number", "sequencer.settings.launch", "sequencer.engines.array.begin", "trace.start",
        "trace.step", "feeder.read.enable")
    },
    "stream": {
      try draw(
        TinyAccelerator.convolution, from: "sequencer.engines.array.begin", cycles: 23, "sequencer.engines.array.begin", "feeder.read.enable",
        "feeder.read.address", "feeder.feed.stream.enable", "feeder.feed.stream.position", "array.stream.read.available", "array.stream.read.pop",
        "array.weights.address", "array.drain.capture", "array.drain.shift", "array.drain.sums", "post.parameters.address",
        "trace.write", "trace.address", "trace.data", "sequencer.engines.post.finished", "trace.done")
    },
    "columns": {
      try draw(
        TinyAccelerator.addition, residual: true, from: "sequencer.engines.array.begin", cycles: 27, "sequencer.engines.array.begin",
        "feeder.hold", "feeder.read.enable", "post.operand.enable", "features.read.address", "feeder.feed.columns.enable", "array.columns.read.completed",
        "array.columns.read.enable", "array.columns.read.bank", "array.drain.capture", "array.drain.shift", "trace.write", "trace.address",
        "trace.before", "trace.data", "trace.done")
    },
  ]

  /// Some signals from shortly before another one is high for the first time.
  private static func draw(
    _ layer: LayerFields, residual: Bool = false, from signal: String, before: Int = 0, cycles: Int, _ names: String...
  ) throws -> String {
    let simulation = try TinyAccelerator(layer, residual: residual).simulation, waveform = simulation.record(), start = simulation.cycle
    _ = try simulation.sAxi.write(RegisterMap.Register.control.address, RegisterMap.controlStart)
    let begins = try simulation.probe(signal)
    while !begins.bit, simulation.cycle < start + 200 { simulation.step() }
    let first = simulation.cycle - start - before
    simulation.step(cycles)
    // One name a line, all waves below each other.
    let margin = (names.map(\.count).max() ?? 0) + 2
    return try names.map { name in
      let line = try waveform.text(name, cycles: first..<first + cycles, columnWidth: 4)
      return name + String(repeating: " ", count: margin - name.count) + line.dropFirst(name.count + 2)
    }.joined()
  }

  @Test func documentShowsWhatHappens() throws {
    var lines = try String(contentsOf: Self.document, encoding: .utf8).components(separatedBy: "\n")
    var shown: Set<String> = []
    for (name, draw) in Self.figures.sorted(by: { $0.key < $1.key }) {
      guard let mark = lines.firstIndex(of: "<!-- waveform: \(name) -->") else { continue }
      let begin = mark + 2, end = try #require(lines[begin...].firstIndex(of: "```"), "figure \(name) has no end")
      let drawn = try draw().split(separator: "\n").map(String.init), kept = Array(lines[begin..<end])
      shown.insert(name)
      if Self.isUpdating { lines.replaceSubrange(begin..<end, with: drawn) } else {
        let difference = zip(drawn, kept).first { $0 != $1 }
        #expect(drawn == kept, "figure \(name): \(difference.map { "\n\($0)\nin place of\n\($1)" } ?? "\(drawn.count) lines")")
      }
    }
    #expect(shown == Set(Self.figures.keys), "docs/core.md has these figures only")
    if Self.isUpdating { try lines.joined(separator: "\n").write(to: Self.document, atomically: true, encoding: .utf8) }
  }
  private static var isUpdating: Bool { ProcessInfo.processInfo.environment["WEFT_UPDATE"] == "1" }

  /// The first write of each figure comes when `Timing` says.
  @Test(arguments: [false, true]) func firstWritesComeInTime(_ residual: Bool) throws {
    let simulation = try TinyAccelerator(residual ? TinyAccelerator.addition : TinyAccelerator.convolution, residual: residual).simulation
    _ = try simulation.sAxi.write(RegisterMap.Register.control.address, RegisterMap.controlStart)
    let begins = try simulation.probe("sequencer.engines.array.begin")
    while !begins.bit { simulation.step() }
    let begin = simulation.cycle
    while !simulation.trace.write, simulation.cycle < begin + 100 { simulation.step() }
    // `begin` is a cycle after the acceptance of `run`, a drain one after its capture. A tile of the convolution has two steps.
    let steps = residual ? 1 : 2, post = 7 + (residual ? 5 : 0)
    #expect(simulation.cycle - begin == (Timing.layerStart - 1) + Timing.read + (steps - 1) + Timing.array + 1 + post)
  }
}
