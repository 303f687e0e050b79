import Machine
import Testing

@testable import Emit

/// Hardware for no network in particular.
@Suite struct VerilogFilesTests {
  @Test(arguments: Configuration.named.map(\.name)) func everyNamedConfigurationFitsItsDevice(_ name: String) throws {
    let configuration = try #require(Configuration.named(name))
    let hardware = try Hardware(standalone: configuration)
    #expect(hardware.memoryBytes <= configuration.limits.memoryBytes ?? .max)
    // As much of the device as halving the middling sizes leaves.
    #expect(hardware.memoryBytes > 64 * 1024)
    if configuration.limits.memoryBytes == nil { #expect(hardware.featureBytes == 65_536 && hardware.weightBytes == 131_072) }
  }

  @Test func aDeviceWithoutRoomIsSaidSo() throws {
    var configuration = try #require(Configuration.named("up5k"))
    configuration.limits.memoryBytes = 2_000
    #expect(throws: ConfigurationError.self) { try Hardware(standalone: configuration) }
  }
}
