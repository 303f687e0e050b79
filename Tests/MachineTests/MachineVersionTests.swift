import Testing

@testable import Machine

@Suite struct MachineVersionTests {
  /// Another line anywhere, or a line less, is another version.
  @Test func everyLineCounts() {
    let lines = MachineVersion.contract
    var versions: Set<UInt32> = [MachineVersion.number]
    for index in lines.indices {
      var changed = lines
      changed[index] += " "
      versions.insert(MachineVersion.hash(changed))
      changed.remove(at: index)
      versions.insert(MachineVersion.hash(changed))
    }
    #expect(versions.count == 1 + 2 * lines.count)
    #expect(RegisterMap.version == Int(MachineVersion.number))
  }

  /// Every table is in it: each of its rows is a line.
  @Test func everyTableIsPartOfIt() {
    let text = MachineVersion.contract.joined(separator: "\n")
    for field in LayerField.all { #expect(text.contains("field \(field.number) \(field.assemblyName) \(field.width) bits")) }
    for command in Command.allCases { #expect(text.contains("command \(command.rawValue) \(command.name)")) }
    for flag in LayerMode.Flag.allCases { #expect(text.contains("flag \(flag.rawValue) \(flag.name)")) }
    for register in RegisterMap.Register.allCases { #expect(text.contains("register \(register) at \(register.address):")) }
    for region in RegisterMap.Region.allCases { #expect(text.contains("window \(region) at \(region.base)")) }
    #expect(text.contains("control at 16: start 0..<1 W1P, reset 1..<2 W1P"))
  }

  /// The published values of FNV-1a.
  @Test func hashIsFNV1a() {
    func hash(_ text: String) -> UInt32 {
      var hash = FNV1a()
      for byte in text.utf8 { hash.add(byte) }
      return hash.value
    }
    #expect(hash("") == 0x811C_9DC5)
    #expect(hash("a") == 0xE40C_292C)
    #expect(hash("foobar") == 0xBF9C_F968)
  }
}
