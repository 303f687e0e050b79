import HDL
import Machine
import Testing

@testable import Generators

/// `HostPortProof` holds without bound, for every window; and each of its statements is there for a reason: with the
/// guard removed that it speaks of, the proof fails.
@Suite(.enabled(if: UnboundedProof.isAvailable)) struct HostPortProofTests {
  /// Small memories, of sizes that are no powers of two where there is a choice.
  private static let hardware = Hardware(
    configuration: Configuration(name: "proof", pixels: 1, channels: 2, dotProduct: 4, memoryLanes: 4, postLanes: 1),
    accumulatorBits: 24, featureRows: 2, weightWords: 3, parameterEntries: 3, programWords: 5, scalarTables: 1, byteTables: 1)

  private static func design(_ region: RegisterMap.Region) throws -> Design {
    try elaborate(HostPortProof(hardware, region))
  }

  /// The engine of the proof looks at one word for ever, so one word of a memory is enough; the features are read where the host says.
  private static func memories(_ region: RegisterMap.Region) -> UnboundedProof.Memories { region == .features ? .whole : .watchedWord }

  @Test(arguments: RegisterMap.Region.allCases.filter { $0 != .registers })
  func holds(_ region: RegisterMap.Region) throws {
    let clock = ContinuousClock(), begin = clock.now
    let verdict = try UnboundedProof(design: Self.design(region), memories: Self.memories(region)).check()
    #expect(verdict == .proved, "\(verdict)")
    print("proof: \(region), \((clock.now - begin).formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1))))")
  }

  /// A guard of the port or the memories, as the Verilog has it, and what stands there when it is gone.
  struct Spoiled: Sendable, CustomTestStringConvertible {
    var what: String, region: RegisterMap.Region, guarded: String, spoiled: String
    var testDescription: String { what }
  }
  static let spoiled = [
    Spoiled(what: "beyond a memory", region: .program, guarded: "wire is_permitted = is_inside && !program_busy;", spoiled: "wire is_permitted = !program_busy;"),
    Spoiled(what: "while a program runs", region: .weights, guarded: "wire is_permitted = is_inside && !program_busy;", spoiled: "wire is_permitted = is_inside;"),
    Spoiled(what: "the error of a refused access", region: .weights, guarded: "window_error <= !writes_window;", spoiled: "window_error <= 1'b0;"),
    Spoiled(what: "strobes", region: .weights, guarded: "if (write_strobe[1]) words", spoiled: "words"),
    Spoiled(what: "byte lanes", region: .features, guarded: "{bus_request_payload_address[23:2], 2'd0}", spoiled: "bus_request_payload_address[23:0]"),
    Spoiled(what: "the region", region: .parameters, guarded: "load_write && load_region == 4'd3", spoiled: "load_write"),
    Spoiled(what: "the region of a table", region: .byteTables, guarded: "load_write && load_region == 4'd6", spoiled: "load_write"),
    Spoiled(what: "strobes of a table", region: .scalarTables, guarded: "if (load_strobe[1]) words", spoiled: "words"),
    Spoiled(what: "reads of written windows", region: .program, guarded: "window_error <= !writes_window;", spoiled: "window_error <= !is_permitted;"),
    Spoiled(what: "a held write answer", region: .program, guarded: "end else if (axi_bready) begin", spoiled: "end else begin"),
    Spoiled(what: "a held read answer", region: .features, guarded: "assign axi_rdata = read_data;", spoiled: "assign axi_rdata = bus_response_payload_data;"),
    Spoiled(what: "a taken address", region: .program, guarded: "assign axi_awready = !has_write_address;", spoiled: "assign axi_awready = 1'b1;"),
    Spoiled(
      what: "a write that waits for its data", region: .program, guarded: "has_write_address && has_write_data && !axi_bvalid",
      spoiled: "has_write_address && !axi_bvalid"),
    Spoiled(what: "a place for the answer", region: .program, guarded: "has_write_data && !axi_bvalid", spoiled: "has_write_data"),
  ]

  @Test(arguments: spoiled) func failsWithoutAGuard(_ spoiled: Spoiled) throws {
    let design = try Self.design(spoiled.region)
    let text = VerilogPrinter.text(design)
    #expect(text.contains(spoiled.guarded), "the Verilog has no '\(spoiled.guarded)' any more: name the guard as it is now")
    let verdict = try UnboundedProof(design: design, memories: Self.memories(spoiled.region)) { $0.replacing(spoiled.guarded, with: spoiled.spoiled) }.check()
    guard case .refuted = verdict else { return #expect(Bool(false), "\(verdict)") }
  }
}
