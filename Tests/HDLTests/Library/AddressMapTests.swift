import Foundation
import HDL
import Testing

/// One description: what is wrong with it, what C sees, and what a reader sees.

/// A timer with a register of every kind and a window.
enum Timer {
  enum Mode: Int, CaseIterable { case once, repeating, gated }

  static let enable = Field<Bit>("enable", 0, .readWrite, "counts while set")
  static let mode = Field<Unsigned>("mode", 4..<6, .readWrite, reset: Mode.repeating, "what happens at the limit")
  static let restart = Field<Bit>("restart", 8, .pulse, "starts again from 0")
  static let limit = Field<Unsigned>("limit", 0..<20, .readWrite, reset: 999, "last value of the count")
  static let offset = Field<Signed>("offset", 20..<28, .writeOnly, "added to the count | in two's complement")
  static let expired = Field<Bit>("expired", 0, .writeOneToClear, "the count reached the limit")
  static let faults = Field<Unsigned>("faults", 4..<8, .writeOneToClear, "one bit for each fault")
  static let isRunning = Field<Bit>("isRunning", 16, .readOnly, "the timer counts")
  static let rounds = Field<Unsigned>("rounds", 0..<6, .counter, "times the limit was reached")
  static let identity = Field<Unsigned>("code", 0..<32, .constant, reset: 0x544D_5231, "\"TMR1\"")
  static let events = AddressWindow("events", at: 0x40, bytes: 64, "The last sixteen events.")

  static let map = AddressMap(
    "timer", "A timer with a limit.",
    registers: [
      ControlRegister("identity", at: 0x0, "What this is.", [identity]),
      ControlRegister("control", at: 0x4, "What to do.", [enable, mode, restart]),
      ControlRegister("period", at: 0x8, "How long.", [limit, offset]),
      ControlRegister("status", at: 0xC, "What happened.", [expired, faults, isRunning]),
      ControlRegister("roundCount", at: 0x10, "How often.", [rounds]),
    ], windows: [events])
}

@Test func soundMapHasNoProblems() {
  #expect(Timer.map.problems == [])
  #expect(Timer.map.addressWidth == 7)
}

@Test func unsoundMapSaysWhy() {
  let map = AddressMap(
    "bad", "Everything wrong.",
    registers: [
      ControlRegister("first", at: 0, "", [
        Field<Bit>("a", 0, .readWrite, ""), Field<Unsigned>("b", 0..<4, .readWrite, reset: 16, ""), Field<Bit>("A", 32, .readWrite, ""),
      ]),
      ControlRegister("second", at: 2, "", [
        Field<Unsigned>("mode", 0..<2, .readWrite, "", values: [.init("x", 0), .init("y", 4), .init("z", 0), .init("X", 1)]),
        Field<Bit>("go", 4, .pulse, reset: true, ""),
      ]),
      ControlRegister("First", at: 4, "", [Field<Bit>("c", 0, .readOnly, reset: true, "")]),
      ControlRegister("third", at: 0x104, "", []),
    ],
    windows: [
      AddressWindow("buffer", at: 0x80, bytes: 256, ""), AddressWindow("odd", at: 0x200, bytes: 96, ""),
      AddressWindow("upper", at: 0x100, bytes: 16, ""),
    ])
  let problems = [
    "map 'bad': the name 'FIRST' is used twice; rename one",
    "register 'bad.second' at 0x2 is not on a word; the address must be a multiple of 4",
    "window 'bad.buffer' at 0x80 is not aligned; the address must be a multiple of its 256 bytes",
    "window 'bad.odd' of 96 bytes cannot be decoded; make it a power of two, at least 4",
    "register 'bad.second' at 0x2 overlaps register 'bad.first' at 0x0; move one",
    "register 'bad.First' at 0x4 overlaps register 'bad.second' at 0x2; move one",
    "window 'bad.buffer' at 0x80 overlaps register 'bad.third' at 0x104; move one",
    "window 'bad.upper' at 0x100 overlaps register 'bad.third' at 0x104; move one",
    "window 'bad.upper' at 0x100 overlaps window 'bad.buffer' at 0x80; move one",
    "register 'bad.first': the field name 'A' is used twice; rename one",
    "field 'bad.first.b' in bits 0..<4 overlaps 'a' in bits 0..<1; move one",
    "field 'bad.first.b' of 4 bits cannot be reset to 16; give it more bits or another value",
    "field 'bad.first.A' has bits 32..<33, but the register has 0..<32",
    "field 'bad.second.mode' of 2 bits cannot hold 'y', which is 4; give it more bits or another value",
    "field 'bad.second.mode' has two names for the value 0; keep one",
    "field 'bad.second.mode' has two values of the name 'X'; rename one",
    "field 'bad.second.go' is W1P and keeps nothing that could be reset to 1; remove the reset value",
    "field 'bad.First.c' is RO and keeps nothing that could be reset to 1; remove the reset value",
  ]
  #expect(map.problems == problems)
  #expect(AddressMap("wide", "", dataWidth: 12, registers: []).problems == ["map 'wide': words of 12 bits are not possible; use 8, 16, 32 or 64"])
  #expect(messages(RegisterBlock(map)) == problems)
}

@Test func cHeaderOfAMap() {
  #expect(
    Timer.map.cHeader == """
    /* A timer with a limit. Byte addresses; words of 32 bits. */
    #ifndef TIMER_REGISTERS_H
    #define TIMER_REGISTERS_H

    /* What this is. */
    #define TIMER_IDENTITY                          0x0u
    #define TIMER_IDENTITY_CODE_SHIFT               0 /* constant: "TMR1" */
    #define TIMER_IDENTITY_CODE_MASK                0xFFFFFFFFu
    #define TIMER_IDENTITY_CODE_VALUE               0x544D5231u

    /* What to do. */
    #define TIMER_CONTROL                           0x4u
    #define TIMER_CONTROL_ENABLE_SHIFT              0 /* RW: counts while set */
    #define TIMER_CONTROL_ENABLE_MASK               0x1u
    #define TIMER_CONTROL_MODE_SHIFT                4 /* RW: what happens at the limit */
    #define TIMER_CONTROL_MODE_MASK                 0x30u
    #define TIMER_CONTROL_MODE_ONCE                 0u
    #define TIMER_CONTROL_MODE_REPEATING            1u
    #define TIMER_CONTROL_MODE_GATED                2u
    #define TIMER_CONTROL_RESTART_SHIFT             8 /* W1P: starts again from 0 */
    #define TIMER_CONTROL_RESTART_MASK              0x100u

    /* How long. */
    #define TIMER_PERIOD                            0x8u
    #define TIMER_PERIOD_LIMIT_SHIFT                0 /* RW: last value of the count */
    #define TIMER_PERIOD_LIMIT_MASK                 0xFFFFFu
    #define TIMER_PERIOD_OFFSET_SHIFT               20 /* WO: added to the count | in two's complement */
    #define TIMER_PERIOD_OFFSET_MASK                0xFF00000u

    /* What happened. */
    #define TIMER_STATUS                            0xCu
    #define TIMER_STATUS_EXPIRED_SHIFT              0 /* W1C: the count reached the limit */
    #define TIMER_STATUS_EXPIRED_MASK               0x1u
    #define TIMER_STATUS_FAULTS_SHIFT               4 /* W1C: one bit for each fault */
    #define TIMER_STATUS_FAULTS_MASK                0xF0u
    #define TIMER_STATUS_IS_RUNNING_SHIFT           16 /* RO: the timer counts */
    #define TIMER_STATUS_IS_RUNNING_MASK            0x10000u

    /* How often. */
    #define TIMER_ROUND_COUNT                       0x10u
    #define TIMER_ROUND_COUNT_ROUNDS_SHIFT          0 /* counter: times the limit was reached */
    #define TIMER_ROUND_COUNT_ROUNDS_MASK           0x3Fu

    /* The last sixteen events. */
    #define TIMER_EVENTS                            0x40u
    #define TIMER_EVENTS_BYTES                      0x40u

    #endif

    """)
}

@Test(.enabled(if: Tool.available(.cc))) func cHeaderCompiles() throws {
  let program = """
    #include "timer.h"
    #include "timer.h"
    int main(void) {
      unsigned control = (unsigned)TIMER_CONTROL_MODE_GATED << TIMER_CONTROL_MODE_SHIFT;
      return (control & TIMER_CONTROL_MODE_MASK) == 0x20u && TIMER_PERIOD == 8u && TIMER_EVENTS_BYTES == 64u ? 0 : 1;
    }

    """
  try withTemporaryDirectory { directory in
    try Timer.map.cHeader.write(to: directory.appendingPathComponent("timer.h"), atomically: true, encoding: .utf8)
    try program.write(to: directory.appendingPathComponent("main.c"), atomically: true, encoding: .utf8)
    let (status, output) = try Tool.cc.run(["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-o", "main", "main.c"], in: directory)
    #expect(status == 0 && output == "", "\(output)")
    let process = Process()
    process.executableURL = directory.appendingPathComponent("main")
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}

@Test func markdownOfAMap() {
  #expect(
    Timer.map.markdown == """
    ## timer

    A timer with a limit.

    Byte addresses; words of 32 bits.

    | Address | Name | Meaning |
    |---|---|---|
    | `0x00` | `identity` | What this is. |
    | `0x04` | `control` | What to do. |
    | `0x08` | `period` | How long. |
    | `0x0C` | `status` | What happened. |
    | `0x10` | `roundCount` | How often. |
    | `0x40` … `0x7F` | `events` | The last sixteen events. |

    ### `identity` at `0x00`

    What this is.

    | Bits | Field | Access | Reset | Meaning |
    |---|---|---|---|---|
    | 31…0 | `code` | constant | 0x544D5231 | "TMR1" |

    ### `control` at `0x04`

    What to do.

    | Bits | Field | Access | Reset | Meaning |
    |---|---|---|---|---|
    | 0 | `enable` | RW | 0 | counts while set |
    | 5…4 | `mode` | RW | 1 | what happens at the limit (0: `once`, 1: `repeating`, 2: `gated`) |
    | 8 | `restart` | W1P |  | starts again from 0 |

    ### `period` at `0x08`

    How long.

    | Bits | Field | Access | Reset | Meaning |
    |---|---|---|---|---|
    | 19…0 | `limit` | RW | 0x3E7 | last value of the count |
    | 27…20 | `offset` | WO | 0 | added to the count \\| in two's complement |

    ### `status` at `0x0C`

    What happened.

    | Bits | Field | Access | Reset | Meaning |
    |---|---|---|---|---|
    | 0 | `expired` | W1C | 0 | the count reached the limit |
    | 7…4 | `faults` | W1C | 0 | one bit for each fault |
    | 16 | `isRunning` | RO |  | the timer counts |

    ### `roundCount` at `0x10`

    How often.

    | Bits | Field | Access | Reset | Meaning |
    |---|---|---|---|---|
    | 5…0 | `rounds` | counter | 0 | times the limit was reached |

    Access:

    - RO: read only; shows the state of the hardware
    - constant: read only; never changes
    - RW: read and write
    - WO: write only; reads as 0
    - W1C: set by the hardware; writing 1 clears the bit, writing 0 does nothing
    - W1P: writing 1 triggers the action; reads as 0
    - counter: counts up to its greatest value; writing anything clears it

    """)
}
