// The command line: arguments in, one exit code out. The work is done by the modules below.
//
// Exit codes: 0 good, 1 the check failed, 2 bad input or usage, 3 a tool is missing. Every error is one line on
// standard error: `file: what is wrong (where), what to do`.

import ArgumentParser
import Emit
import Foundation
import Machine
import Mapper
import Model
import Verify

@main
struct Weft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weft",
    abstract: "Turns a quantized neural network into a verified hardware accelerator.",
    discussion: """
      Example:
        weft compile model.tflite --config edge64
        weft verify model.tflite --config edge64
      """,
    version: toolVersion,
    subcommands: [
      InspectCommand.self, CompileCommand.self, VerifyCommand.self, RunCommand.self, RTLCommand.self, ConfigCommand.self,
      DisasmCommand.self, FuzzCommand.self,
    ])

  static func main() {
    // A reader that goes away (`weft inspect … | head`) ends the program quietly.
    signal(SIGPIPE, SIG_DFL)
    Foundation.exit(execute(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs one command line and returns its exit code.
  static func execute(_ arguments: [String]) -> Int32 {
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      return 0
    } catch let error as CheckFailed {
      if let text = error.message { complain(text) }
      return 1
    } catch let error as MissingTool {
      complain(error.description)
      return 3
    } catch let error as SimulationFailure {
      complain(error.description)
      return 1
    } catch let error as ModelError {
      // The class in brackets is for scripts; the sentence is for people.
      complain("\(error) [\(error.category.rawValue)]")
      return 2
    } catch let error where error is ConfigurationError || error is MappingError
      || error is BundleError || error is UsageError
    {
      complain("\(error)")
      return 2
    } catch {
      guard Self.exitCode(for: error) != .success else {
        print(fullMessage(for: error))
        return 0
      }
      let message = Self.message(for: error)
      if Self.exitCode(for: error) == .validationFailure || message.hasPrefix("Unknown") || error is ValidationError {
        complain("weft: \(message); `weft --help` lists the commands, `weft help COMMAND` their options")
        return 2
      }
      complain("weft: \(message)")
      return 1
    }
  }

  /// One line on standard error.
  static func complain(_ text: String) {
    let line = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    FileHandle.standardError.write(Data((line + "\n").utf8))
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
