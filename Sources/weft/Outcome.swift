// How a command line ends: an exit code, one line for people, a category for scripts.

import ArgumentParser
import Emit
import Foundation
import Machine
import Mapper
import Model
import Verify

/// How a command line that did not succeed ends.
struct Outcome {
  /// Stable names for scripts; those of `ModelError.Category` come besides.
  enum Category: String { case mismatch, usage, file, configuration, mapping, simulation, tool, internalError = "internal" }

  var exitCode: Int32
  var category: String
  /// nil when everything has been said.
  var message: String?

  init(_ exitCode: Int32, _ category: Category, _ message: String?) {
    (self.exitCode, self.category, self.message) = (exitCode, category.rawValue, message)
  }

  /// - Parameter error: anything but a request for help.
  init(_ error: any Error) {
    switch error {
    case let error as CheckFailed: self.init(1, .mismatch, error.message)
    case let error as MissingTool: self.init(3, .tool, error.description)
    case let error as EnvironmentFailure: self.init(3, .tool, error.description)
    case let error as SimulationFailure: self.init(1, .simulation, error.description)
    case let error as ModelError:
      self.init(2, .file, error.description)
      category = error.category.rawValue
    case let error as ConfigurationError: self.init(2, .configuration, error.description)
    case let error as MappingError: self.init(2, .mapping, error.description)
    case let error as FileError: self.init(2, .file, error.description)
    case let error as UsageError: self.init(2, .usage, error.description)
    default:
      if let error = FileError(error) {
        self.init(2, .file, error.description)
        return
      }
      // What the argument parser throws says itself what is wrong; anything else is a fault of ours.
      let isUsage = error is ValidationError || Weft.exitCode(for: error) == .validationFailure
      let message = Weft.message(for: error)
      self.init(
        2, isUsage ? .usage : .internalError,
        isUsage
          ? "weft: \(message); `weft --help` lists the commands, `weft help COMMAND` their options"
          : "weft: something unexpected happened (\(type(of: error)): \(message)); please report it with the command line")
    }
  }

  /// The line on standard error. The category of a model's fault stands in brackets; the sentence is for people.
  var line: String? { message.map { ModelError.Category(rawValue: category) == nil ? $0 : "\($0) [\(category)]" } }

  /// The object that `--json` prints.
  var json: JSONValue {
    [
      "error": [
        "exitCode": .integer(Int(exitCode)), "category": .string(category), "message": .string(message ?? ""),
      ]
    ]
  }
}

/// A check that failed: exit code 1.
struct CheckFailed: Error {
  var message: String?
}

/// Something wrong with the arguments or an input file: exit code 2.
struct UsageError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
