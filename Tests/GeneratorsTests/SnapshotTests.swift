import Foundation
import HDL
import Machine
import Testing

@testable import Generators

/// What a reviewer sees of the generated hardware, for a small configuration with every unit: the Verilog of the top, of one lane and
/// of one memory whole, and what every module costs. `WEFT_UPDATE=1` writes the snapshots anew, to be read before they are kept.
///
/// The other modules are not kept as text. What they do is compared cycle by cycle in their own tests, and drawn in docs/core.md
/// (`FigureTests`); a register, adder or multiplexer more or less shows in the table of resources; names that the printer had to make
/// up are counted by `NameTests`; how the printer writes is pinned by the language's own snapshots; linters read all of it in
/// `AcceleratorTests`.
@Suite struct SnapshotTests {
  private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Snapshots")
  private static let verilog = ["weft_top", "weft_requantize_lane", "weft_feature_memory"]

  private static func design() throws -> Design {
    try elaborateAccelerator(
      Hardware(
        #require(Configuration.named("edge16")),
        for: .init(featureBytes: 4000, weightWords: 256, parameterEntries: 64, programWords: 256, scalarTables: 2, byteTables: 2)))
  }

  @Test func hardwareIsWhatWasKept() throws {
    let design = try Self.design()
    var texts = ["resources.txt": design.resources.description]
    for file in VerilogPrinter.files(design) where Self.verilog.contains(file.name) { texts["\(file.name).v"] = file.text }
    #expect(texts.count == Self.verilog.count + 1)
    let isUpdating = ProcessInfo.processInfo.environment["WEFT_UPDATE"] == "1"
    if isUpdating {
      try? FileManager.default.removeItem(at: Self.directory)
      try FileManager.default.createDirectory(at: Self.directory, withIntermediateDirectories: true)
    }
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      let url = Self.directory.appendingPathComponent(name)
      if isUpdating { try text.write(to: url, atomically: true, encoding: .utf8) }
      let kept = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
      let line = zip(text.split(separator: "\n"), kept.split(separator: "\n")).enumerated().first { $0.element.0 != $0.element.1 }
      #expect(
        text == kept, "\(name) differs\(line.map { " from line \($0.offset + 1) on: '\($0.element.0)' for '\($0.element.1)'" } ?? "")")
    }
    #expect(Set(try FileManager.default.contentsOfDirectory(atPath: Self.directory.path)) == Set(texts.keys))
  }

  /// The product of two bytes costs a lane its multiplier, wider operands, and a stage; a network without one pays nothing.
  @Test func extensionsCostWhatTheyNeed() throws {
    let edge16 = try #require(Configuration.named("edge16"))
    func resources(_ extensions: Extensions) throws -> ResourceReport {
      try elaborateAccelerator(Hardware(edge16, for: .init(featureBytes: 4000, scalarTables: 2, byteTables: 2, extensions: extensions))).resources
    }
    let without = try resources([]), with = try resources(.products), lane = try #require(with["weft_product_lane"])
    #expect(without["weft_product_lane"] == nil && lane.count == edge16.postLanes && lane.own.multiplierBits == 9 * 9)
    #expect(lane.own.flipFlopBits == ProductLane.factorBits + 8)
    let factors = with.total.multiplierBits - without.total.multiplierBits
    #expect(factors == edge16.postLanes * (9 * 9 + (ProductLane.factorBits - 8) * 24))
    // What shifts sums between digits is a multiplexer of an accumulator's width per element; what computes weights is one of a write's.
    let digits = try resources(.digits), computed = try resources(.computedWeights)
    #expect(digits.total.multiplierBits == without.total.multiplierBits && computed.total.multiplierBits == without.total.multiplierBits)
    #expect(digits.total.flipFlopBits - without.total.flipFlopBits <= 8 && computed.total.flipFlopBits == without.total.flipFlopBits)
    // Of int16: fields of a layer, staged and active, wider lanes, and flags; what shifts products and joins bytes has no register.
    let int16 = try resources(.int16), fields = [\LayerFields.end.int16Step, \.end.int16Low, \.end.int16High].map { LayerField.at($0).width }
    #expect(int16.total.multiplierBits == without.total.multiplierBits)
    #expect(int16.total.flipFlopBits - without.total.flipFlopBits <= 2 * fields.reduce(0, +) + 14 * edge16.postLanes + 24)
    // Arithmetic of int16 uses the scalar unit's multiplier.
    let arithmetic = try resources([.int16, .int16Arithmetic]), unit = try #require(arithmetic["weft_int16_unit"])
    #expect(arithmetic.total.multiplierBits == without.total.multiplierBits && unit.count == 1 && int16["weft_int16_unit"] == nil)
    print("with int16: \(int16.total), with its arithmetic: \(arithmetic.total), in the unit: \(unit.total)")
    print("with products: \(with.total)\nwith digits: \(digits.total)\nwith computed weights: \(computed.total)\nwithout: \(without.total)")
  }

  /// What must be so of the resources, whatever else changes.
  @Test func multipliersAndMemoriesAreThoseOfTheConfiguration() throws {
    let design = try Self.design(), c = try #require(Configuration.named("edge16"))
    let element = try #require(design.resources["weft_processing_element"])
    #expect(element.count == c.elements && element.own.multiplierBits == c.dotProduct * 8 * 8)
    let lane = try #require(design.resources["weft_feature_lane"])
    #expect(lane.count == c.memoryLanes && lane.count * lane.own.memoryBits >= 8 * 4000)
    // The accumulators, the shadows, the operands and the sums of the products.
    #expect(element.own.flipFlopBits == 2 * 24 + 8 * c.dotProduct + 16 + c.dotProduct.log2)
    #expect(design.resources(of: "weft_top") == design.resources.total)
  }
}
