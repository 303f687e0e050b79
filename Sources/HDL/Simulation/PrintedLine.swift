/// What a `Print` of the hardware has printed.
public struct PrintedLine: Hashable, Sendable, CustomStringConvertible {
  /// The number of clock edges before.
  public let cycle: Int
  /// The instance, as a hierarchical name; empty for the top.
  public let instance: String
  public let text: String

  public var description: String { "cycle \(cycle)\(instance.isEmpty ? "" : ", \(instance)"): \(text)" }
}

extension RunningDesign {
  /// Prints what is to be printed at some ticks, after `settle`.
  func printLines(_ ticks: [Int]) {
    for layout in program.prints where ticks.contains(layout.tick) && engine.isEnabled(tick: layout.tick) {
      if let reset = layout.reset, engine.isActive(reset: reset) { continue }
      if let enable = layout.enable, engine.words[Int(enable)] == 0 { continue }
      printer(PrintedLine(cycle: cycle, instance: signals.hierarchy.path(of: layout.scope), text: text(layout)))
    }
  }

  private func text(_ layout: PrintLayout) -> String {
    let graph = signals.hierarchy.graph(of: layout.scope)
    var text = "", next = 0
    for part in layout.record.parts {
      switch part {
      case .text(let fixed): text += fixed
      case .value(let id, let format):
        let shape = graph.nodes[Int(id)].shape, labels = graph.signal(of: id)?.labels ?? []
        let pattern = BitVector(width: shape.width, words: layout.values[next].map { engine.words[Int($0)] })
        let label = labels.first { $0.value == pattern.unsignedInt }?.name
        text += format.text(SignalValue(pattern, isSigned: shape.isSigned, label: label))
        next += 1
      }
    }
    return text
  }
}

extension PrintMessage.Format {
  fileprivate func text(_ value: SignalValue) -> String {
    func padded(_ digits: String, _ count: Int) -> String { String(repeating: "0", count: max(0, count - digits.count)) + digits }
    switch self {
    case .decimal: return value.label ?? value.int.map(String.init) ?? value.pattern.decimal(isSigned: value.shape.isSigned)
    case .hexadecimal: return padded(value.hexadecimal, (value.shape.width + 3) / 4)
    case .binary: return String((0..<value.shape.width).reversed().map { value.pattern[$0] ? "1" : "0" })
    }
  }
}
