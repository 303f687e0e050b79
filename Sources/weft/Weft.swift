// The command line: arguments in, one exit code out. The work is done by the modules below.
//
// Exit codes: 0 good, 1 the check failed, 2 bad input, usage or output, 3 a tool or the cache is missing. Every error is
// one line on standard error: `file: what is wrong (where), what to do`; with `--json` also an object on standard output.

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
      InspectCommand.self, CompileCommand.self, VerifyCommand.self, BenchCommand.self, RunCommand.self, RTLCommand.self, ConfigCommand.self,
      DisasmCommand.self, FuzzCommand.self,
    ])

  static func main() {
    StandardStreams.prepare()
    Foundation.exit(execute(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs one command line and returns its exit code.
  static func execute(_ arguments: [String]) -> Int32 {
    var outcome: Outcome?
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      if Self.exitCode(for: error) == .success { print(fullMessage(for: error)) } else { outcome = Outcome(error) }
    }
    // A command that has printed its object and then fails has said in it why.
    if let outcome, arguments.prefix(while: { $0 != "--" }).contains("--json"), !StandardStreams.hasPrinted {
      print(outcome.json, terminator: "")
    }
    if outcome == nil, let failure = StandardStreams.failure { outcome = Outcome(failure) }
    if let line = outcome?.line { StandardStreams.complain(line) }
    return outcome?.exitCode ?? 0
  }
}
