// What a model can do wrong, in one line.
//
// Everything this module refuses is reported as a `ModelError`: a category that
// scripts can test, the file, and a sentence that says what is wrong, where
// (tensor name, operator index and name) and, where there is something to be done,
// what to do. A model is somebody else's file, so names taken from it are cleaned
// before they reach a sentence: no message ever spans two lines.

/// A model file or graph that cannot be used, and why.
public struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of problem; the raw value is a stable name for scripts.
  public enum Category: String, Sendable, CaseIterable {
    /// The file cannot be read at all (missing, a directory, no permission).
    case unreadable
    /// The bytes are not a well-formed file of their format.
    case malformed
    /// The file is well formed but the network makes no sense: cycles, missing tensors, wild indices.
    case invalidGraph = "invalid-graph"
    /// Shapes that disagree with each other or with an operator.
    case invalidShape = "invalid-shape"
    /// Scales, zero points or multipliers outside what integer inference permits.
    case invalidQuantization = "invalid-quantization"
    /// Sizes beyond the limits that this tool sets itself.
    case resourceLimit = "resource-limit"
    /// A sensible model that uses something not supported.
    case unsupported
  }

  /// The kind of problem.
  public var category: Category
  /// The file the model came from, as the user named it; empty when there is none.
  public var file: String
  /// What is wrong, where, and what to do. One line.
  public var message: String
  /// What is wrong, without where; the whole message where nobody said it apart.
  package private(set) var reason: String
  /// What to do, when somebody said it apart.
  package private(set) var advice: String?

  /// Makes an error; `message` and `file` are cleaned so that they stay on one line.
  /// - Parameter limit: of the characters of `message`.
  public init(_ category: Category, _ message: String, file: String = "", limit: Int = 1_000) {
    self.category = category
    self.message = cleanedText(message, limit: limit)
    self.file = cleanedText(file, limit: 1_000)
    reason = self.message
  }

  /// Makes an error of its parts: `what (place); advice`.
  package init(_ category: Category, what: String, place: String, advice: String?) {
    self.init(category, "\(what) (\(place))" + (advice.map { "; \($0)" } ?? ""))
    reason = cleanedText(what, limit: 1_000)
    self.advice = advice.map { cleanedText($0, limit: 1_000) }
  }

  public static func == (a: ModelError, b: ModelError) -> Bool {
    (a.category, a.file, a.message) == (b.category, b.file, b.message)
  }

  /// `file: message`, always one line.
  public var description: String {
    file.isEmpty ? message : "\(file): \(message)"
  }

  /// The same error, said of `file`.
  public func located(in file: String) -> ModelError {
    var error = self
    error.file = cleanedText(file, limit: 1_000)
    return error
  }
}

/// `text` with everything that could break a line or hide in a terminal replaced by `_`, cut to `limit` characters.
///
/// Control characters, line and paragraph separators, and the invisible formatting
/// characters (bidirectional overrides among them) are replaced.
public func cleanedText(_ text: String, limit: Int = .max) -> String {
  var result = String.UnicodeScalarView()
  var count = 0
  for scalar in text.unicodeScalars {
    if count >= limit {
      result.append("…")
      break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
      result.append("_")
    default:
      result.append(scalar)
    }
    count += 1
  }
  return String(result)
}
