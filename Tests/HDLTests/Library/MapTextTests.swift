import Foundation
import HDL
import Testing

/// Names that meet in C, and summaries that would break a table.

/// A map of registers and fields without meaning.
private func map(_ registers: [ControlRegister], windows: [AddressWindow] = []) -> AddressMap {
  AddressMap("m", "", registers: registers, windows: windows)
}

@Test func namesThatMeetInC() {
  let mode = Field<Unsigned>("mode", 0..<2, .constant, "", values: [.init("mask", 0), .init("shift", 1), .init("value", 2), .init("on", 3)])
  #expect(
    map([ControlRegister("a", at: 0, "", [mode])]).problems == [
      "map 'm': value 'm.a.mode.mask' and the mask of field 'm.a.mode' are both M_A_MODE_MASK in the C header; rename one",
      "map 'm': value 'm.a.mode.shift' and the shift of field 'm.a.mode' are both M_A_MODE_SHIFT in the C header; rename one",
      "map 'm': value 'm.a.mode.value' and the value of field 'm.a.mode' are both M_A_MODE_VALUE in the C header; rename one",
    ])
  let outer = Field<Bit>("bC", 0, .readWrite, ""), inner = Field<Bit>("c", 0, .readWrite, "")
  #expect(
    map([ControlRegister("a", at: 0, "", [outer]), ControlRegister("aB", at: 4, "", [inner])]).problems == [
      "map 'm': the shift of field 'm.aB.c' and the shift of field 'm.a.bC' are both M_A_B_C_SHIFT in the C header; rename one",
      "map 'm': the mask of field 'm.aB.c' and the mask of field 'm.a.bC' are both M_A_B_C_MASK in the C header; rename one",
    ])
  let plain = Field<Bit>("mode", 0, .readWrite, "")
  #expect(
    map([ControlRegister("a", at: 0, "", [plain]), ControlRegister("a_mode_shift", at: 4, "", [])]).problems == [
      "map 'm': register 'm.a_mode_shift' and the shift of field 'm.a.mode' are both M_A_MODE_SHIFT in the C header; rename one"
    ])
  #expect(
    map([ControlRegister("w_bytes", at: 0, "", [])], windows: [AddressWindow("w", at: 16, bytes: 16, "")]).problems == [
      "map 'm': the bytes of window 'm.w' and register 'm.w_bytes' are both M_W_BYTES in the C header; rename one"
    ])
  #expect(
    map([ControlRegister("registers_h", at: 0, "", [])]).problems == [
      "map 'm': register 'm.registers_h' and the include guard are both M_REGISTERS_H in the C header; rename one"
    ])
}

/// What has another's name is said once, not for each of its macros.
@Test func equalNamesAreOneProblem() {
  let on = Field<Bit>("on", 0, .readWrite, ""), alsoOn = Field<Bit>("On", 1, .readWrite, "")
  #expect(
    map(
      [ControlRegister("a", at: 0, "", [on]), ControlRegister("A", at: 4, "", [on])], windows: [AddressWindow("a", at: 8, bytes: 8, "")]
    ).problems == ["map 'm': the name 'A' is used twice; rename one", "map 'm': the name 'A' is used twice; rename one"])
  #expect(
    map([ControlRegister("a", at: 0, "", [on, alsoOn])]).problems == ["register 'm.a': the field name 'ON' is used twice; rename one"])
  let below = Field<Bit>("below", -1, .readWrite, "")
  #expect(map([ControlRegister("a", at: 0, "", [below])]).problems == ["field 'm.a.below' has bits -1..<0, but the register has 0..<32"])
}

@Test func linesInSummaries() {
  let level = Field<Unsigned>("level", 0..<2, .readWrite, "how\r\nfull\nit | is", values: [.init("a|b", 1)])
  let tank = AddressMap(
    "tank", "A tank.", registers: [ControlRegister("status", at: 0, "What\rit does.", [level])],
    windows: [AddressWindow("log", at: 8, bytes: 8, "What\n\nit did.")])
  #expect(
    tank.markdown == """
      ## tank

      A tank.

      Byte addresses; words of 32 bits.

      | Address | Name | Meaning |
      |---|---|---|
      | `0x0` | `status` | What it does. |
      | `0x8` … `0xF` | `log` | What it did. |

      ### `status` at `0x0`

      What\rit does.

      | Bits | Field | Access | Reset | Meaning |
      |---|---|---|---|---|
      | 1…0 | `level` | RW | 0 | how full it \\| is (1: `a\\|b`) |

      Access:

      - RW: read and write

      """)
}
