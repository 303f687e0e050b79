// Reading, checking and printing configuration files.
//
// A configuration file is JSON with the keys of `ConfigurationField`. Everything that can be wrong with one is
// said in one line: the file, the key, the value, and what would do.

import Foundation
import StrictJSON

/// What is wrong with a configuration.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible, Sendable {
  /// The file or name the configuration came from.
  public var source: String
  /// What is wrong and where.
  public var problem: String
  /// What to do; nil where `problem` says that, too.
  public var advice: String?

  public init(source: String, message: String) { (self.source, problem) = (source, message) }
  public init(source: String, problem: String, advice: String) { (self.source, self.problem, self.advice) = (source, problem, advice) }

  /// What is wrong, where, and what to do.
  public var message: String { advice.map { "\(problem); \($0)" } ?? problem }
  public var description: String { "\(source): \(message)" }
}

extension Configuration {
  /// The named configuration, or the one in the file at that path.
  /// - Throws: `ConfigurationError` when there is neither, or the file is not a valid configuration.
  public static func load(nameOrPath: String) throws(ConfigurationError) -> Configuration {
    if let configuration = named(nameOrPath) { return configuration }
    guard let data = FileManager.default.contents(atPath: nameOrPath) else {
      throw ConfigurationError(source: nameOrPath, message: "no such configuration or file; the named ones are \(names)")
    }
    return try parse(data, source: nameOrPath)
  }

  /// Reads and validates JSON.
  public static func parse(_ data: Data, source: String) throws(ConfigurationError) -> Configuration {
    var configuration = Configuration.blank
    do throws(JSONProblem) {
      try ConfigurationField.read(JSONMember.parse(Array(data)).object(), into: &configuration)
    } catch {
      throw ConfigurationError(source: source, message: "\(error); `weft config edge64` prints a configuration to start from")
    }
    try configuration.validate(source: source)
    return configuration
  }

  /// Checks that the hardware can be built.
  /// - Throws: `ConfigurationError` naming the key, its value and the values that would do.
  public func validate(source: String) throws(ConfigurationError) {
    func fail(_ message: String) -> ConfigurationError { ConfigurationError(source: source, message: message) }
    for field in ConfigurationField.all {
      if let problem = field.problem(in: self) { throw fail(problem) }
    }
    guard elements <= 256 else { throw fail("pixels * channels is \(elements), must be at most 256") }
    guard macs >= 4 else { throw fail("pixels * channels * dotProduct is \(macs), must be at least 4") }
    guard postLanes <= elements else { throw fail("\"postLanes\" is \(postLanes), must be at most pixels * channels = \(elements)") }
    guard memoryLanes >= elements else { throw fail("\"memoryLanes\" is \(memoryLanes), must be at least pixels * channels = \(elements)") }
    guard memoryLanes >= dotProduct else { throw fail("\"memoryLanes\" is \(memoryLanes), must be at least dotProduct = \(dotProduct)") }
    let most = min(elements / postLanes, memoryLanes / dotProduct)
    guard mergedElements <= most else {
      throw fail("\"mergedElements\" is \(mergedElements), must be at most N / postLanes and memoryLanes / dotProduct: \(most)")
    }
  }

  /// The configuration as JSON, keys in a fixed order, a line each.
  public var json: String { ConfigurationField.text(of: self) }
}
