import Machine
import Testing

@Suite struct RegisterMapTests {
  /// Drivers in the field depend on these: a change must raise `RegisterMap.version`.
  @Test func addressesStay() {
    let map = RegisterMap.Register.allCases.map { "\($0.address) \($0.cName) \($0.access.rawValue)" }
    #expect(map == [
      "0 IDENTITY RO", "4 VERSION RO", "8 FINGERPRINT RO", "12 ARRAY RO", "16 CONTROL WO", "20 STATUS RO", "24 ERROR RO",
      "28 INTERRUPT_ENABLE RW", "32 INTERRUPT_STATUS W1C", "36 CYCLES_LOW RO", "40 CYCLES_HIGH RO", "44 STALLS RO",
      "48 FEATURE_BYTES RO", "52 WEIGHT_BYTES RO", "56 PARAMETER_CHANNELS RO", "60 PROGRAM_WORDS RO",
    ])
    #expect(RegisterMap.Region.allCases.map(\.base) == [0, 1 << 24, 2 << 24, 3 << 24, 4 << 24, 5 << 24])
    #expect(RegisterMap.version == 1)
  }
}
