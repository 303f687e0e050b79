// What a simulation has to say about a test or a design.

/// Thrown by `run(until:limit:)` when the limit is reached.
public struct WaitFailure: Error, CustomStringConvertible {
  /// The module that is simulated.
  public let module: String
  /// What was waited for.
  public let what: String
  /// The steps that were taken in vain.
  public let limit: Int
  /// The clock edges since the simulation began.
  public let cycle: Int
  /// The outputs in the end, as `name = value`.
  public let outputs: [String]
  public let location: SourceLocation

  public var description: String {
    "\(location): error: \(module): still waiting for \(what) after \(limit) cycles, in cycle \(cycle); outputs: \(outputs.joined(separator: ", "))"
  }
}

extension RunningDesign {
  func waitFailure(_ what: String, _ limit: Int, _ location: SourceLocation) -> WaitFailure {
    let outputs = signals.entries(of: 0).filter { $0.kind == .output }.map { "\($0.name) = \(value(signals.handle($0, in: 0)))" }
    return WaitFailure(module: signals.moduleName, what: what, limit: limit, cycle: cycle, outputs: outputs, location: location)
  }
}

/// A memory was read where its description leaves the word undefined; the design got noise.
///
/// That is no mistake as long as nobody looks at the word.
public struct UndefinedRead: Hashable, Sendable, CustomStringConvertible {
  /// The number of clock edges before.
  public let cycle: Int
  /// The hierarchical name.
  public let memory: String
  public let address: Int
  /// The word was being written; otherwise it does not exist.
  public let isCollision: Bool

  public var description: String {
    "cycle \(cycle): '\(memory)[\(address)]' was read " + (isCollision ? "while it was being written" : "but does not exist")
  }
}

/// Two ports of a memory wrote one word at the same edge; it holds noise.
public struct UndefinedWrite: Hashable, Sendable, CustomStringConvertible {
  /// The number of clock edges before.
  public let cycle: Int
  /// The hierarchical name.
  public let memory: String
  public let address: Int

  public var description: String { "cycle \(cycle): '\(memory)[\(address)]' was written by two ports at once" }
}

/// Thrown when a simulation is asked for a name that its design does not have.
public struct UnknownSignal: Error, Hashable, CustomStringConvertible {
  /// The module that is simulated.
  public let module: String
  public let name: String
  /// What may have been meant, as the end of the message.
  let suggestion: String

  public var description: String { "\(module): there is no signal '\(name)'\(suggestion)" }
}

/// An `Assert` or `Assume` that did not hold at an edge.
public struct PropertyFailure: Hashable, CustomStringConvertible {
  let kind: Property.Kind
  /// The module that states the property.
  public let module: String
  /// Its instance, as a hierarchical name; empty for the top.
  public let instance: String
  public let message: String
  /// The number of clock edges before.
  public let cycle: Int
  public let location: SourceLocation

  public var description: String {
    let what = kind == .assert ? "assertion failed" : "assumption violated"
    return "\(location): error: \(module): \(what) in cycle \(cycle)\(instance.isEmpty ? "" : ", in '\(instance)'"): \(message)"
  }
}

/// How often a `Cover` was seen to happen.
public struct CoverCount: Hashable, CustomStringConvertible {
  /// The instance, as a hierarchical name; empty for the top.
  public let instance: String
  public let message: String
  public let count: Int

  public var description: String { "\(instance.isEmpty ? "" : instance + ": ")\(message): \(count == 1 ? "once" : "\(count) times")" }
}
