// weft rtl: the hardware alone.

import ArgumentParser
import Emit
import Foundation
import Machine

struct RTLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rtl", abstract: "Makes the Verilog of a configuration, without a network.",
    discussion: """
      Sizes that the configuration leaves to the compiler ("auto") become 64 KiB of feature memory, 128 KiB of
      weights, 2048 channels of parameters, 2048 program words, 32-bit accumulators.

      Example:
        weft rtl --config edge64 -o rtl-out/edge64
      """)

  @OptionGroup var hardware: ConfigurationOption
  @OptionGroup var naming: PrefixOption
  @OptionGroup var place: OutputOptions
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let configuration = try hardware.load()
    let directory = try place.check(configuration.name)
    let resolved: Hardware
    do throws(ConfigurationError) {
      resolved = try Hardware(standalone: configuration)
    } catch {
      throw ConfigurationError(source: hardware.config, message: error.message)
    }
    let prefix = try naming.load()
    let verilog = try makeVerilog(for: resolved, prefix: prefix)
    try place.write(try OutputBundle(resolved, verilog: verilog, prefix: prefix), to: directory).forEach(StandardStreams.complain)
    if json {
      let info = Info(
        configuration: configuration.name, directory: directory, hardware: HardwareInfo(resolved), top: verilog.topModule,
        modules: verilog.map(\.name))
      print(OrderedJSON.text(info), terminator: "")
    } else {
      print(
        "\(directory): \(verilog.count) Verilog modules, top \(verilog.topModule); \(configuration.macs) MACs a cycle, "
          + "\(resolved.featureBytes.kibibytes) feature and \(resolved.weightBytes.kibibytes) weight memory")
    }
  }

  private struct Info: Encodable {
    var configuration: String
    var directory: String
    var hardware: HardwareInfo
    var top: String
    var modules: [String]
  }
}
