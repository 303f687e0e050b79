// The keys of a configuration file, each said once.
//
// A row says where a key's value is kept, what it may be and what it means. Reading and printing files, their checks, the help
// text, the page docs/configuration.md, the fingerprint's list and the space of a search are made from the rows.

import StrictJSON

/// A key of a configuration file.
public struct ConfigurationField: Sendable {
  typealias Path<Value> = WritableKeyPath<Configuration, Value> & Sendable

  /// Where a value is kept, and what it is.
  enum Place: Sendable {
    /// Letters, digits, _ and -.
    case name(Path<String>)
    case number(Path<Int>)
    /// A number, or no such key: then 1, as in files that are older than the key.
    case count(Path<Int>)
    /// A number, or "auto".
    case size(Path<AutoSize>)
    /// A number, or no such key.
    case limit(Path<Int?>)
    /// True or false.
    case flag(Path<Bool>)
  }

  /// The least value; it may follow from other values.
  struct Least: Sendable, ExpressibleByIntegerLiteral {
    let text: String
    let value: @Sendable (Configuration) -> Int

    init(integerLiteral value: Int) { (text, self.value) = ("\(value)", { _ in value }) }
    init(_ text: String, _ value: @escaping @Sendable (Configuration) -> Int) { (self.text, self.value) = (text, value) }
  }

  /// As the file has it; a key inside another one's object behind a point: `units.residual`.
  public let key: String
  /// What a number counts; empty where the summary says it.
  public let unit: String
  /// One line for people.
  public let summary: String
  let place: Place
  private let least: Least
  private let greatest: Int
  private let isPowerOfTwo: Bool
  /// Whether a program for one value does not run on another: a part of the fingerprint. Sizes that the compiler may choose are
  /// there as `Hardware` has them.
  let decidesPrograms: Bool

  private init(
    _ key: String, _ place: Place, from least: Least = 0, to greatest: Int = 1, powerOfTwo: Bool = false, unit: String = "",
    decidesPrograms: Bool = false, _ summary: String
  ) {
    (self.key, self.place, self.least, self.greatest) = (key, place, least, greatest)
    (isPowerOfTwo, self.unit, self.decidesPrograms, self.summary) = (powerOfTwo, unit, decidesPrograms, summary)
  }

  /// Every key, in the order of the file. A range may rest on keys above it.
  public static let all: [ConfigurationField] = [
    ConfigurationField("name", .name(\.name), "what files, modules and messages call the hardware"),
    factor("pixels", \.pixels, from: 1, to: 64, "", "pixel factor P of the array"),
    factor("channels", \.channels, from: 1, to: 64, "", "channel factor K of the array, which has N = P·K elements"),
    factor("dotProduct", \.dotProduct, from: 2, to: 16, "lanes", "products C that an element adds up in a cycle"),
    factor("memoryLanes", \.memoryLanes, from: 4, to: 256, "bytes", "what the feature memory reads in a cycle, V; at least N and C"),
    factor("postLanes", \.postLanes, from: 1, to: 64, "lanes", "outputs Q that are requantized and written in a cycle; at most N"),
    factor("patchDepth", \.patchDepth, from: 4, to: 1024, "entries", "depth of each of the C banks of the column buffer"),
    ConfigurationField(
      "mergedElements", .count(\.mergedElements), from: 1, to: LayerMode.mostMergedElements, powerOfTwo: true, unit: "elements", decidesPrograms: true,
      "elements R that can share an output, where a layer has few of them; at most N/Q and V/C"),
    ConfigurationField(
      "finishedTiles", .count(\.finishedTiles), from: 1, to: 128, powerOfTwo: true, unit: "tiles", decidesPrograms: true,
      "tiles F of N sums that can wait for the post unit, in a memory of their own; 1: a tile ends when the one before it has drained"),
    size(
      "accumulatorBits", \.accumulatorBits, from: 16, to: Configuration.int16AccumulatorBits, "bits",
      "width of the sums; more than \(Configuration.int8AccumulatorBits) for networks with activations of int16 only"),
    size("featureMemoryBytes", \.featureMemoryBytes, from: Least("2·V") { $0.memoryLanes * 2 }, to: 1 << 23, "bytes", "feature memory"),
    size("weightMemoryBytes", \.weightMemoryBytes, from: Least("2·N·C") { $0.weightWordBytes * 2 }, to: 1 << 24, "bytes", "weight memory"),
    size("parameterChannels", \.parameterChannels, from: Least("2·Q") { $0.postLanes * 2 }, to: 1 << 20, "output channels", "parameter memory"),
    size("programWords", \.programWords, from: 16, to: 1 << 20, "32-bit words", "program memory"),
    unit("residual", \.units.residual, decidesPrograms: true, "fused additions, ADD as a layer of its own, and products of two tensors (MUL) where the network has one"),
    unit("maximum", \.units.maximum, decidesPrograms: true, "maxima in the array's elements (MAX_POOL_2D)"),
    unit("scalar", \.units.scalar, "the scalar unit (SOFTMAX, SQUARED_DIFFERENCE, and ADD whose scales have no exact affine form)"),
    unit("tables", \.units.tables, "byte tables behind the post lanes (LOGISTIC, TANH, HARD_SWISH), as many as the network needs"),
    ConfigurationField(
      "limits.memoryBytes", .limit(\.limits.memoryBytes), from: 1024, to: 1 << 32, unit: "bytes",
      "what the device has on chip for features, weights, parameters, program and tables; a network that needs more is refused"),
  ]

  private static func factor(
    _ key: String, _ path: Path<Int>, from least: Least, to greatest: Int, _ unit: String, _ summary: String
  ) -> ConfigurationField {
    ConfigurationField(key, .number(path), from: least, to: greatest, powerOfTwo: true, unit: unit, decidesPrograms: true, summary)
  }
  private static func size(
    _ key: String, _ path: Path<AutoSize>, from least: Least, to greatest: Int, _ unit: String, _ summary: String
  ) -> ConfigurationField {
    ConfigurationField(key, .size(path), from: least, to: greatest, unit: unit, summary)
  }
  private static func unit(_ name: String, _ path: Path<Bool>, decidesPrograms: Bool = false, _ summary: String) -> ConfigurationField {
    ConfigurationField("units." + name, .flag(path), decidesPrograms: decidesPrograms, summary)
  }

  // MARK: Places in a file

  /// The object that holds the key; empty: the file itself.
  private var group: String { key.split(separator: ".").dropLast().joined(separator: ".") }
  /// The key inside its object.
  private var name: String { String(key.split(separator: ".").last ?? "") }
  private var isOptional: Bool { if case .limit = place { true } else { false } }
  var isFlag: Bool { if case .flag = place { true } else { false } }

  private static func fields(of group: String) -> [ConfigurationField] { all.filter { $0.group == group } }
  /// The objects inside the file, in order.
  private static let groups: [String] = all.map(\.group).reduce(into: []) { if !$1.isEmpty, !$0.contains($1) { $0.append($1) } }

  /// Reads all keys. Unknown ones are refused, so that a misspelt one is not silently ignored.
  static func read(_ file: JSONObject, into configuration: inout Configuration) throws(JSONProblem) {
    try file.allow(fields(of: "").map(\.name) + groups)
    try read(fields(of: ""), from: file, into: &configuration)
    for group in groups {
      let fields = fields(of: group)
      let member = fields.allSatisfy(\.isOptional) ? file.optional(group) : try file.member(group)
      guard let object = try member?.object() else { continue }
      try object.allow(fields.map(\.name))
      try read(fields, from: object, into: &configuration)
    }
  }

  private static func read(
    _ fields: [ConfigurationField], from object: JSONObject, into configuration: inout Configuration
  ) throws(JSONProblem) {
    for field in fields {
      switch field.place {
      case .name(let path): configuration[keyPath: path] = try object.member(field.name).string()
      case .number(let path): configuration[keyPath: path] = try object.member(field.name).integer()
      case .count(let path): configuration[keyPath: path] = try object.optional(field.name)?.integer() ?? 1
      case .size(let path):
        let member = try object.member(field.name)
        if case .string("auto") = member.value {
          configuration[keyPath: path] = .auto
        } else {
          configuration[keyPath: path] = .fixed(try member.integer("a whole number or \"auto\""))
        }
      case .limit(let path): configuration[keyPath: path] = try object.optional(field.name)?.integer()
      case .flag(let path): configuration[keyPath: path] = try object.member(field.name).boolean()
      }
    }
  }

  /// A file, keys in the table's order, a line each.
  static func text(of configuration: Configuration) -> String {
    func lines(_ group: String, _ indent: String) -> [String] {
      fields(of: group).compactMap { field in field.text(in: configuration).map { "\(indent)\"\(field.name)\": \($0)" } }
    }
    let inner = groups.compactMap { group in
      let lines = lines(group, "    ")
      return lines.isEmpty ? nil : "  \"\(group)\": {\n\(lines.joined(separator: ",\n"))\n  }"
    }
    return "{\n" + (lines("", "  ") + inner).joined(separator: ",\n") + "\n}"
  }

  /// A value as JSON; nil where the key is left out.
  private func text(in configuration: Configuration) -> String? {
    switch place {
    case .name(let path): "\"\(configuration[keyPath: path])\""
    case .number(let path), .count(let path): "\(configuration[keyPath: path])"
    case .size(let path): configuration[keyPath: path].value.map(String.init) ?? "\"auto\""
    case .limit(let path): configuration[keyPath: path].map(String.init)
    case .flag(let path): "\(configuration[keyPath: path])"
    }
  }

  // MARK: Values

  /// The value as a number, a flag as 0 or 1; nil for a name, and for what is open.
  func number(in configuration: Configuration) -> Int? {
    switch place {
    case .name: nil
    case .number(let path), .count(let path): configuration[keyPath: path]
    case .size(let path): configuration[keyPath: path].value
    case .limit(let path): configuration[keyPath: path]
    case .flag(let path): configuration[keyPath: path] ? 1 : 0
    }
  }

  /// What is wrong with the value; nil when nothing is.
  func problem(in configuration: Configuration) -> String? {
    if case .name(let path) = place {
      let name = configuration[keyPath: path]
      let isGood = !name.isEmpty && name.count <= 64
        && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
      return isGood ? nil : "\"\(key)\" must be 1 to 64 letters, digits, _ or -"
    }
    guard let value = number(in: configuration) else { return nil }
    let least = least.value(configuration)
    if least <= value, value <= greatest, !isPowerOfTwo || value & (value - 1) == 0 { return nil }
    return "\"\(key)\" is \(value), must be \(isPowerOfTwo ? "a power of two " : "")from \(least) to \(greatest)"
  }

  /// What a search may choose among; empty for a name and for limits, and for sizes, which the compiler makes as small as the
  /// network allows.
  public var choices: [Int] {
    switch place {
    case .name, .size, .limit: []
    case .flag: [0, 1]
    case .number, .count:
      (least.value(.blank)...greatest).filter { !isPowerOfTwo || $0 & ($0 - 1) == 0 }
    }
  }

  /// Sets one of the `choices`.
  public func set(_ choice: Int, in configuration: inout Configuration) {
    switch place {
    case .name, .size, .limit: preconditionFailure("\(key) is nothing to choose")
    case .number(let path), .count(let path): configuration[keyPath: path] = choice
    case .flag(let path): configuration[keyPath: path] = choice != 0
    }
  }

  /// What the value may be, for people.
  public var range: String {
    switch place {
    case .name: "1 to 64 letters, digits, _ or -"
    case .number: "\(isPowerOfTwo ? "power of two, " : "")\(least.text) to \(greatest)"
    case .count: "\(isPowerOfTwo ? "power of two, " : "")\(least.text) to \(greatest); 1 where it is left out"
    case .size: "\"auto\", or \(least.text) to \(greatest)"
    case .limit: "\(least.text) to \(greatest); may be left out"
    case .flag: "true or false"
    }
  }
}

extension Configuration {
  /// The keys that decide what hardware is, each with all it can be. Not every combination can be built: see `validate`.
  public static let searchSpace: [(field: ConfigurationField, values: [Int])] =
    ConfigurationField.all.map { ($0, $0.choices) }.filter { !$0.values.isEmpty }
}
