// Reading, checking and printing configuration files.
//
// A configuration file is JSON with the keys of `Configuration`. Everything that can be wrong with one is
// said in one line: the file, the key, the value, and what would do.

import Foundation
import StrictJSON

/// What is wrong with a configuration.
public struct ConfigurationError: Error, Hashable, CustomStringConvertible, Sendable {
  /// The file or name the configuration came from.
  public var source: String
  /// What is wrong, where, and what to do.
  public var message: String
  public init(source: String, message: String) { (self.source, self.message) = (source, message) }
  public var description: String { "\(source): \(message)" }
}

extension Configuration {
  /// The named configuration, or the one in the file at that path.
  /// - Throws: `ConfigurationError` when there is neither, or the file is not a valid configuration.
  public static func load(nameOrPath: String) throws(ConfigurationError) -> Configuration {
    if let configuration = named(nameOrPath) { return configuration }
    guard let data = FileManager.default.contents(atPath: nameOrPath) else {
      let names = named.map(\.name).joined(separator: ", ")
      throw ConfigurationError(source: nameOrPath, message: "no such configuration or file; the named ones are \(names)")
    }
    return try parse(data, source: nameOrPath)
  }

  /// Reads and validates JSON.
  public static func parse(_ data: Data, source: String) throws(ConfigurationError) -> Configuration {
    let configuration: Configuration
    do throws(JSONProblem) {
      configuration = try Configuration(JSONMember.parse(Array(data)))
    } catch {
      throw ConfigurationError(source: source, message: "\(error); `weft config edge64` prints a configuration to start from")
    }
    try configuration.validate(source: source)
    return configuration
  }

  /// The configuration that a JSON text says. Unknown keys are refused, so that a misspelt one is not silently ignored.
  private init(_ json: JSONMember) throws(JSONProblem) {
    let object = try json.object()
    try object.allow(CodingKeys.allCases.map(\.rawValue))
    func size(_ key: String) throws(JSONProblem) -> AutoSize {
      let member = try object.member(key)
      if case .string("auto") = member.value { return .auto }
      return .fixed(try member.integer("a whole number or \"auto\""))
    }
    let units = try object.member("units").object()
    try units.allow(["residual", "maximum", "scalar", "tables"])
    let limits = try object.optional("limits")?.object()
    try limits?.allow(["memoryBytes"])
    self.init(
      name: try object.member("name").string(), pixels: try object.member("pixels").integer(),
      channels: try object.member("channels").integer(), dotProduct: try object.member("dotProduct").integer(),
      memoryLanes: try object.member("memoryLanes").integer(), postLanes: try object.member("postLanes").integer(),
      patchDepth: try object.member("patchDepth").integer(), accumulatorBits: try size("accumulatorBits"),
      featureMemoryBytes: try size("featureMemoryBytes"), weightMemoryBytes: try size("weightMemoryBytes"),
      parameterChannels: try size("parameterChannels"), programWords: try size("programWords"),
      units: OptionalUnits(
        residual: try units.member("residual").boolean(), maximum: try units.member("maximum").boolean(),
        scalar: try units.member("scalar").boolean(), tables: try units.member("tables").boolean()),
      limits: DeviceLimits(memoryBytes: try limits?.optional("memoryBytes")?.integer()))
  }

  /// Checks that the hardware can be built.
  /// - Throws: `ConfigurationError` naming the key, its value and the values that would do.
  public func validate(source: String) throws(ConfigurationError) {
    func fail(_ message: String) -> ConfigurationError { ConfigurationError(source: source, message: message) }
    func check(_ key: String, _ value: Int, _ range: ClosedRange<Int>, powerOfTwo: Bool = true) throws(ConfigurationError) {
      guard range.contains(value), !powerOfTwo || value & (value - 1) == 0 else {
        throw fail("\"\(key)\" is \(value), must be \(powerOfTwo ? "a power of two " : "")from \(range.lowerBound) to \(range.upperBound)")
      }
    }
    guard !name.isEmpty, name.count <= 64, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }) else {
      throw fail("\"name\" must be 1 to 64 letters, digits, _ or -")
    }
    try check("pixels", pixels, 1...64)
    try check("channels", channels, 1...64)
    try check("dotProduct", dotProduct, 2...16)
    try check("memoryLanes", memoryLanes, 4...256)
    try check("postLanes", postLanes, 1...64)
    try check("patchDepth", patchDepth, 4...1024)
    guard elements <= 256 else { throw fail("pixels * channels is \(elements), must be at most 256") }
    guard macs >= 4 else { throw fail("pixels * channels * dotProduct is \(macs), must be at least 4") }
    guard postLanes <= elements else { throw fail("\"postLanes\" is \(postLanes), must be at most pixels * channels = \(elements)") }
    guard memoryLanes >= elements else { throw fail("\"memoryLanes\" is \(memoryLanes), must be at least pixels * channels = \(elements)") }
    guard memoryLanes >= dotProduct else { throw fail("\"memoryLanes\" is \(memoryLanes), must be at least dotProduct = \(dotProduct)") }
    if let bits = accumulatorBits.value { try check("accumulatorBits", bits, 16...32, powerOfTwo: false) }
    if let bytes = featureMemoryBytes.value { try check("featureMemoryBytes", bytes, memoryLanes * 2...1 << 23, powerOfTwo: false) }
    if let bytes = weightMemoryBytes.value { try check("weightMemoryBytes", bytes, weightWordBytes * 2...1 << 24, powerOfTwo: false) }
    if let count = parameterChannels.value { try check("parameterChannels", count, postLanes * 2...1 << 20, powerOfTwo: false) }
    if let words = programWords.value { try check("programWords", words, 16...1 << 20, powerOfTwo: false) }
    if let bytes = limits.memoryBytes { try check("limits.memoryBytes", bytes, 1024...1 << 32, powerOfTwo: false) }
  }

  /// The configuration as JSON, keys in a fixed order, a line each.
  public var json: String {
    func text(_ size: AutoSize) -> String { size.value.map(String.init) ?? "\"auto\"" }
    return """
      {
        "name": "\(name)",
        "pixels": \(pixels),
        "channels": \(channels),
        "dotProduct": \(dotProduct),
        "memoryLanes": \(memoryLanes),
        "postLanes": \(postLanes),
        "patchDepth": \(patchDepth),
        "accumulatorBits": \(text(accumulatorBits)),
        "featureMemoryBytes": \(text(featureMemoryBytes)),
        "weightMemoryBytes": \(text(weightMemoryBytes)),
        "parameterChannels": \(text(parameterChannels)),
        "programWords": \(text(programWords)),
        "units": {
          "residual": \(units.residual),
          "maximum": \(units.maximum),
          "scalar": \(units.scalar),
          "tables": \(units.tables)
        }\(limitsText)
      }
      """
  }

  /// The limits, when there are any.
  private var limitsText: String {
    limits.memoryBytes.map { ",\n  \"limits\": {\n    \"memoryBytes\": \($0)\n  }" } ?? ""
  }
}
