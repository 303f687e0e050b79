// Hardware, as every JSON of this tool says it under the key `hardware`.

import Machine

/// The sizes of hardware in public JSON.
public struct HardwareInfo: Codable, Equatable, Sendable {
  /// Hexadecimal, with `0x`.
  public var fingerprint: String
  public var macsPerCycle: Int, requantizerLanes: Int
  public var accumulatorBits: Int
  public var featureMemoryBytes: Int, weightMemoryBytes: Int
  /// Words of C bytes that every element has in the weight memory.
  public var weightDepths: [Int]
  public var parameterEntries: Int, programWords: Int, scalarTables: Int, byteTables: Int
  /// What it has beside its configuration's units, by name.
  public var extensions: [String]
  /// Unknown until a synthesis run has measured them.
  @OrNull public var area: Double?
  @OrNull public var clockMHz: Double?

  public init(_ hardware: Hardware) {
    let configuration = hardware.configuration
    fingerprint = "0x" + hexadecimal(hardware.fingerprint)
    (macsPerCycle, requantizerLanes, accumulatorBits) = (configuration.macs, configuration.postLanes, hardware.accumulatorBits)
    (featureMemoryBytes, weightMemoryBytes) = (hardware.featureBytes, hardware.weightBytes)
    weightDepths = hardware.weightDepths
    (parameterEntries, programWords) = (hardware.parameterEntries, hardware.programWords)
    (scalarTables, byteTables) = (hardware.scalarTables, hardware.byteTables)
    extensions = hardware.extensions.kinds.map { "\($0)" }
    (area, clockMHz) = (nil, nil)
  }
}
