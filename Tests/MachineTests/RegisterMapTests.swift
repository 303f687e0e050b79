import Machine
import Testing

@Suite struct RegisterMapTests {
  /// Drivers in the field depend on these.
  @Test func addressesStay() {
    let map = RegisterMap.addressMap()
    let fields = map.registers.map { register in
      "\(register.address) \(register.name): " + register.fields.map { "\($0.name) \($0.bits) \($0.access.rawValue)" }.joined(separator: ", ")
    }
    #expect(fields == [
      "0 identity: magic 0..<32 constant", "4 version: number 0..<32 constant", "8 fingerprint: hash 0..<32 RO",
      "12 array: pixels 0..<8 RO, channels 8..<16 RO, dotProduct 16..<24 RO, postLanes 24..<32 RO",
      "16 control: start 0..<1 W1P, reset 1..<2 W1P", "20 status: busy 0..<1 RO, done 1..<2 RO, error 2..<3 RO, programCheck 3..<4 constant",
      "24 error: code 0..<8 RO, place 8..<32 RO", "28 interruptEnable: done 0..<1 RW, error 1..<2 RW",
      "32 interruptStatus: done 0..<1 W1C, error 1..<2 W1C", "36 cyclesLow: count 0..<32 RO", "40 cyclesHigh: count 0..<32 RO",
      "44 stalls: count 0..<32 RO", "48 featureBytes: bytes 0..<32 RO", "52 weightBytes: bytes 0..<32 RO",
      "56 parameterChannels: channels 0..<32 RO", "60 programWords: words 0..<32 RO", "64 limit: cycles 0..<32 RW",
    ])
    #expect(map.windows.map { "\($0.address >> 24) \($0.name) \($0.bytes)" } == [
      "1 program 16777216", "2 weights 16777216", "3 parameters 16777216", "4 features 16777216", "5 scalarTables 16777216",
      "6 byteTables 16777216",
    ])
    #expect(map.problems.isEmpty)
  }
}
