/// Lines that the hardware prints while it is simulated: `Print("\(count) of \(total, .hexadecimal)")`.
///
/// They are printed at rising edges of the clock, outside reset, and only where the conditions of the `When` and `Switch` around
/// them hold: by this language's simulator, and by others through `$display`, which synthesis does not see.
public func Print(_ message: PrintMessage, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
  let graph = message.parts.lazy.compactMap { if case .value(let value, _) = $0 { value.graph } else { nil } }.first ?? Scope.required("Print").graph
  let location = SourceLocation(file, line)
  let parts = message.parts.map { part -> PrintRecord.Part in
    switch part {
    case .text(let text): .text(text)
    case .value(let value, let format): .value(value.id(in: graph), format)
    }
  }
  graph.prints.append(
    PrintRecord(enable: graph.openCondition, parts: parts, domain: graph.domain(ofClocked: "Print", domain, at: location), location: location))
}

/// Text with hardware values in it.
public struct PrintMessage: ExpressibleByStringInterpolation {
  public enum Format: Hashable, Sendable {
    /// As few digits as it takes; the name of the case if it is an enum's and this language's simulator prints.
    case decimal
    /// As many digits as the width has.
    case hexadecimal, binary
  }
  enum Part {
    case text(String)
    case value(Reference, Format)
  }
  let parts: [Part]

  public init(stringLiteral text: String) { parts = [.text(text)] }
  public init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

  public struct StringInterpolation: StringInterpolationProtocol {
    var parts: [Part] = []
    public init(literalCapacity: Int, interpolationCount: Int) {}
    public mutating func appendLiteral(_ text: String) { if !text.isEmpty { parts.append(.text(text)) } }
    public mutating func appendInterpolation(_ value: some Value, _ format: Format = .decimal) { parts.append(.value(value.reference, format)) }
    /// What Swift knows already, such as a parameter.
    @_disfavoredOverload public mutating func appendInterpolation(_ text: some CustomStringConvertible) { parts.append(.text(text.description)) }
  }
}
