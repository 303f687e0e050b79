import Foundation
import Generators
import HDL
import Machine
import Testing

/// A reader of the accelerator's Verilog meets the names of the Swift source: of all signals, hardly any has a name that
/// the printer had to make up.
@Suite struct NameTests {
  private struct Positions: Decodable {
    struct Name: Decodable { var name: String }
    var names: [Name]
  }

  @Test(arguments: ["edge16", "edge64", "edge256"]) func namesComeFromTheSource(_ configuration: String) throws {
    let hardware = try Hardware(
      #require(Configuration.named(configuration)),
      for: .init(featureBytes: 30_000, weightWords: 2000, parameterEntries: 500, programWords: 1000, scalarTables: 2, byteTables: 2, extensions: .products))
    let design = try elaborateAccelerator(hardware)
    var all = 0, madeUp: [String] = []
    for (file, positions) in zip(VerilogPrinter.files(design), VerilogPrinter.positions(design)) {
      let known = Set(try JSONDecoder().decode(Positions.self, from: Data(positions.text.utf8)).names.map(\.name))
      for line in file.text.split(separator: "\n") {
        guard let match = line.firstMatch(of: /^\s*(?:input |output )?\s*(?:wire|reg) +(?:signed +)?(?:\[[0-9:]+\] +)?([a-z_0-9A-Z]+)/) else { continue }
        if match.1 == "clock" || match.1 == "reset" { continue }
        all += 1
        // What nobody reads of an instance is `unused_` and the names of instance and port.
        let unread = match.1.hasPrefix("unused_")
        if !unread, !known.contains(String(match.1)) { madeUp.append("\(file.name).\(match.1)") }
      }
    }
    let share = Double(madeUp.count) / Double(all)
    #expect(share <= 0.05, "\(madeUp.count) of \(all): \(madeUp.joined(separator: ", "))")
    print("\(configuration): \(madeUp.count) of \(all) signals have a name that the printer made up")
  }
}
