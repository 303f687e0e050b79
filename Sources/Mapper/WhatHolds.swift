// What holds a network that a configuration does not: found by compiling for others.
//
// A device may hold the weights when each is stored once, which takes longer, or hold another array; else the smallest named
// configuration that holds the network says how much memory a device must have.

import Machine

extension ConfigurationError {
  /// The same refusal with another advice, where there is one.
  func saying(_ advice: String?) -> ConfigurationError {
    var error = self
    error.advice = advice ?? error.advice.map { "no named configuration holds it; \($0)" }
    return error
  }
}

/// What to take in the place of a configuration that does not hold a network.
/// - Parameter compiled: the hardware of the network for another configuration and policy; nil where that does not hold it either.
/// - Returns: nil when nothing that has a name does.
func whatHolds(_ configuration: Configuration, _ policy: LayoutPolicy, _ compiled: (Configuration, LayoutPolicy) -> Hardware?) -> String? {
  if let once = compiled(configuration, .leastWeights) { return "--prefer weights needs \(once.memoryBytes) bytes" }
  func smallest(of candidates: [Configuration]) -> (name: String, bytes: Int)? {
    for candidate in candidates where candidate != configuration {
      if let hardware = compiled(candidate, policy) { return (candidate.name, hardware.memoryBytes) }
    }
    return nil
  }
  if configuration.limits.memoryBytes != nil {
    let here = Configuration.named.map { named in
      var named = named
      named.limits = configuration.limits
      return named
    }
    if let found = smallest(of: here) { return "\(found.name) would need \(found.bytes) bytes" }
  }
  return smallest(of: Configuration.named).map { "the smallest named configuration that holds it is \($0.name), with \($0.bytes) bytes" }
}
