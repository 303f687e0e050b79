// weft compile: a model becomes a bundle.

import ArgumentParser
import Emit
import Foundation
import Machine
import Mapper
import Model

struct CompileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compile", abstract: "Makes Verilog, program, memory images, driver, test bench and report of a model.",
    discussion: "Example:\n  weft compile model.tflite --config edge64 -o rtl-out/my-network")

  @Argument(help: "\(modelHelp)") var model: String
  @OptionGroup var hardware: ConfigurationOption
  @OptionGroup var reference: ReferenceOption
  @OptionGroup var rounding: RoundingOption
  @OptionGroup var preference: PreferenceOption
  @OptionGroup var constants: ConstantChannelsOption
  @OptionGroup var naming: PrefixOption
  @OptionGroup var place: OutputOptions
  @Flag(help: "Print the report as one JSON object.") var json = false

  func run() throws {
    let progress = Progress()
    let configuration = try hardware.load()
    let path = modelPath(model)
    let bytes = try readModelFile(path)
    progress.say("mapping")
    let mapping = try compileModel(
      bytes, path: path, configuration, from: hardware.config, reference: reference.interpreter, rounding: rounding.rule,
      policy: preference.policy, constants: constants)
    progress.clear()
    complain(about: mapping.network, path: path)
    let directory = try place.check(mapping.graph.name)
    progress.say("generating Verilog")
    let prefix = try naming.load()
    let verilog = try makeVerilog(for: mapping.hardware, prefix: prefix)
    progress.say("writing \(directory)")
    let notes = try place.write(try OutputBundle(mapping, model: bytes, verilog: verilog, prefix: prefix), to: directory)
    progress.clear()
    notes.forEach(StandardStreams.complain)
    let report = NetworkReport(mapping)
    if json {
      print(report.json, terminator: "")
    } else {
      print(report.table, terminator: "")
      print("\(directory): \(verilog.count) Verilog modules, \(mapping.program.count) program words; cycles are predictions, `weft verify` measures them")
    }
  }
}
