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
    #expect(RegisterMap.Region.allCases.map { "\($0.base >> 24) \($0.cName)" } == [
      "0 REGISTERS", "1 PROGRAM", "2 WEIGHTS", "3 PARAMETERS", "4 FEATURES", "5 SCALAR_TABLES", "6 BYTE_TABLES",
    ])
    #expect(RegisterMap.version == 2)
  }
}
