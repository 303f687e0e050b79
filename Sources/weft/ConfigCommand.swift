// weft config: a configuration as JSON, to copy and change.

import ArgumentParser
import Foundation
import Machine

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Prints a named configuration as JSON, to copy and change.",
    discussion: "Example:\n  weft config edge64 > mine.json\n\nThe keys of a configuration:\n" + configurationHelp())

  @Argument(help: "A named configuration or a configuration file; without one, the names are listed.") var name: String?

  func run() throws {
    guard let name else {
      for configuration in Configuration.named {
        print("\(configuration.name): \(configuration.macs) MACs a cycle, \(configuration.postLanes) requantizer lanes")
      }
      return
    }
    print(try Configuration.load(nameOrPath: name).json)
  }
}
