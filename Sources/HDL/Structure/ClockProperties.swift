/// What a clock domain is like: which edge counts, how its reset acts, whether its clock can be held.
///
/// No module says so of the clock that it is given. A design gets its properties where it is elaborated, or where a domain is
/// declared, and hands them down to every instance: what was written for a plain clock runs with any.
package struct ClockProperties: Hashable, Sendable {
  package var edge = ClockDomain.Edge.rising
  package var reset = ClockDomain.Reset.synchronous
  /// Registers, memories and properties stand still while the domain's enable is 0. Reset acts all the same.
  package var hasEnable = false
  /// Registers begin with their reset values when the power comes on.
  package var hasInitialValues = false

  /// What tells a definition with such a clock from the plain one, in its name.
  var suffix: String {
    var parts: [String] = []
    if edge == .falling { parts.append("falling") }
    switch reset {
    case .synchronous: break
    case .synchronousActiveLow: parts.append("low")
    case .asynchronous: parts.append("asynchronous")
    case .asynchronousActiveLow: parts.append("asynchronous_low")
    case .powerUp: parts.append("power_up")
    }
    if hasEnable { parts.append("enabled") }
    if hasInitialValues && reset != .powerUp { parts.append("initial") }
    return parts.isEmpty ? "plain" : parts.joined(separator: "_")
  }

  /// The first property that differs, in words: what is wanted here, and what is there.
  func difference(from other: ClockProperties) -> (wanted: String, found: String)? {
    if edge != other.edge { return ("the \(edge) edge", "the \(other.edge) edge") }
    if reset != other.reset { return ("reset: .\(reset)", "reset: .\(other.reset)") }
    if hasEnable != other.hasEnable { return (hasEnable ? "an enable" : "no enable", other.hasEnable ? "an enable" : "no enable") }
    if hasInitialValues != other.hasInitialValues {
      return (hasInitialValues ? "initial values" : "no initial values", other.hasInitialValues ? "initial values" : "no initial values")
    }
    return nil
  }
}

extension ClockDomain {
  /// The edge of the clock at which registers change.
  public enum Edge: Hashable, Sendable { case rising, falling }

  /// How a domain is reset.
  public enum Reset: Hashable, Sendable {
    /// At the clock edge while the reset is 1.
    case synchronous
    /// At the clock edge while the reset, `reset_n`, is 0.
    case synchronousActiveLow
    /// At once when the reset becomes 1, and while it is.
    case asynchronous
    /// At once when the reset, `reset_n`, becomes 0, and while it is.
    case asynchronousActiveLow
    /// Not at all: there is no reset, and registers begin with their reset values when the power comes on, as FPGAs can.
    case powerUp

    package var isAsynchronous: Bool { self == .asynchronous || self == .asynchronousActiveLow }
    package var isActiveLow: Bool { self == .synchronousActiveLow || self == .asynchronousActiveLow }
  }
}
