import HDL
import Testing

/// Every wire and register is read by something that matters, unless it is said that it need not be.
@Suite struct UnreadTests {
  @Test func everythingIsRead() { expectFindings(Unread(mistakes: .none), allowingUnread: false) }
  @Test func ignoredOnPurpose() { expectFindings(Unread(mistakes: .ignored), allowingUnread: false) }
  @Test func lenient() { expectFindings(Unread(mistakes: .all), allowingUnread: true) }
  @Test func unread() {
    expectFindings(
      Unread(mistakes: .all),
      "+7: register 'ticks' (unsigned 8-bit) is never read; remove it, or say that this is meant with ignore(ticks)",
      "+8: wire 'parity' (1-bit) is never read; remove it, or say that this is meant with ignore(parity)",
      "+9: register 'ping' (1-bit) is never read; remove it, or say that this is meant with ignore(ping)",
      "+10: register 'pong' (1-bit) is never read; remove it, or say that this is meant with ignore(pong)",
      "+12: register 'light' (1-bit) is never read; remove it, or say that this is meant with ignore($light.asUnsigned)",
      allowingUnread: false)
  }
}

private struct Unread: Module, HasBase {
  enum Mistakes { case none, ignored, all }
  static let base = #line
  let mistakes: Mistakes
  @Input(8) var x: Unsigned
  @Input() var nobodyReadsThis: Bit
  @Output(8) var y: Unsigned
  @Output() var z: Bit
  @Register(8) var sum: Unsigned
  @Register(8) var ticks: Unsigned
  @Wire() var parity: Bit
  @Register() var ping: Bit
  @Register() var pong: Bit
  enum Light: Int, CaseIterable { case red, green }
  @StateRegister var light: Light = .red
  init(mistakes: Mistakes) { self.mistakes = mistakes }
  func body() {
    // Read over several cycles, by a condition, by a memory, by a property: each of them counts.
    sum = sum &+ x
    y = sum
    @Register("gate") var gate: Bit
    gate = !gate
    let rows = Memory("rows", depth: 4, width: 8)
    @Register("row", 2) var row: Unsigned
    When(gate) { row = row &+ 1 }
    rows.write(at: row, x)
    ignore(rows.read(at: row))
    @Register("checked") var checked: Bit
    checked = x[0]
    Assert(checked | !checked, "always")

    ticks = ticks &+ 1
    parity = x.parity
    ping = pong
    pong = !ping
    light = .green
    z = mistakes == .none ? ticks[7] ^ parity ^ ping ^ pong ^ ($light === .red) : false
    if mistakes == .ignored { ignore(ticks, parity, ping, $light.asUnsigned) }
  }
}
