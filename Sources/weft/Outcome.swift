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

  private init(_ exitCode: Int32, _ category: String, _ message: String?) {
    (self.exitCode, self.category, self.message) = (exitCode, category, message)
  }

  /// - Parameter error: anything but a request for help.
  init(_ error: any Error) {
    if let error = error as? any Reportable ?? FileError(error) {
      self.init(error.exitCode, error.categoryName, error.report)
    } else {
      // What the argument parser throws says itself what is wrong; anything else is a fault of ours.
      let isUsage = error is ValidationError || Weft.exitCode(for: error) == .validationFailure
      let message = Weft.message(for: error)
      self.init(
        2, (isUsage ? Category.usage : .internalError).rawValue,
        isUsage
          ? "weft: \(message); `weft --help` lists the commands, `weft help COMMAND` their options"
          : "weft: something unexpected happened (\(type(of: error)): \(message)); please report it with the command line")
    }
  }

  /// The line on standard error. The category of a model's fault stands in brackets; the sentence is for people.
  var line: String? { message.map { ModelError.Category(rawValue: category) == nil ? $0 : "\($0) [\(category)]" } }

  /// The object that `--json` prints.
  var json: String {
    OrderedJSON.text(["error": Info(exitCode: exitCode, category: category, message: message ?? "")])
  }

  private struct Info: Encodable {
    var exitCode: Int32
    var category: String
    var message: String
  }
}

/// An error that says how a command line ends with it.
protocol Reportable: Error {
  var exitCode: Int32 { get }
  var categoryName: String { get }
  /// One line; nil when everything has been said.
  var report: String? { get }
}

extension Reportable where Self: CustomStringConvertible {
  var report: String? { description }
}

extension Reportable {
  /// Bad input, most of them.
  var exitCode: Int32 { 2 }
}

extension MissingTool: Reportable {
  var exitCode: Int32 { 3 }
  var categoryName: String { Outcome.Category.tool.rawValue }
}
extension EnvironmentFailure: Reportable {
  var exitCode: Int32 { 3 }
  var categoryName: String { Outcome.Category.tool.rawValue }
}
extension SimulationFailure: Reportable {
  var exitCode: Int32 { 1 }
  var categoryName: String { Outcome.Category.simulation.rawValue }
}
extension ModelError: Reportable {
  var categoryName: String { category.rawValue }
}
extension ConfigurationError: Reportable { var categoryName: String { Outcome.Category.configuration.rawValue } }
extension MappingError: Reportable { var categoryName: String { Outcome.Category.mapping.rawValue } }
extension FileError: Reportable { var categoryName: String { Outcome.Category.file.rawValue } }

/// A check that failed: exit code 1.
struct CheckFailed: Reportable {
  var message: String?
  var exitCode: Int32 { 1 }
  var categoryName: String { Outcome.Category.mismatch.rawValue }
  var report: String? { message }
}

/// Something wrong with the arguments or an input file: exit code 2.
struct UsageError: Reportable, CustomStringConvertible {
  var description: String
  var categoryName: String { Outcome.Category.usage.rawValue }
  init(_ description: String) { self.description = description }
}
