import HDL
import Testing

/// Counters, shift registers, pseudo-random bits and checksums.

private struct Pieces: Module {
  @Input() var runs: Bit
  @Input() var clears: Bit
  @Input(8) var byte: Unsigned
  @Output(3) var count: Unsigned
  @Output() var wraps: Bit
  @Output(2) var full: Unsigned
  @Output(8) var oldest: Unsigned
  @Output(8) var newest: Unsigned
  func body() {
    let counter = HDL.Counter("counter", 5, when: runs, clear: clears)
    (count, wraps) = (counter.value, counter.wraps)
    full = HDL.Counter("full", 4).value
    let row = ShiftRegister("row", of: byte, count: 3, when: runs)
    (newest, oldest) = (row[0], row.last)
  }
}

private struct Checksums: Module {
  @Input() var isNew: Bit
  @Input(8) var byte: Unsigned
  @Output(32) var crc32: Unsigned
  @Output(16) var crc16: Unsigned
  @Output(16) var usb: Unsigned
  @Output(8) var crc8: Unsigned
  func body() {
    func checksum(_ name: String, _ crc: CRC) -> Unsigned {
      let state = Register<Unsigned>(name, crc.width, reset: crc.reset)
      When(isNew) { state.value = crc.next(state.value, byte) }
      return crc.result(state.value)
    }
    crc32 = checksum("a", .crc32)
    crc16 = checksum("b", .crc16)
    usb = checksum("c", .crc16USB)
    crc8 = checksum("d", .crc8)
  }
}

private struct Noise: Module {
  @Output var value: Unsigned
  init(_ width: Int) { _value = Output(width) }
  func body() { value = LFSR("state", value.width).value }
}

@Suite struct PieceTests {
  @Test func countersAndShiftRegisters() throws {
    let simulation = try Simulation(Pieces())
    simulation.reset()
    var count = 0, row = [0, 0, 0]
    for cycle in 0..<40 {
      let runs = cycle % 3 != 1, clears = cycle % 17 == 16, byte = cycle * 7 & 255
      (simulation.runs, simulation.clears, simulation.byte) = (runs, clears, byte)
      #expect(simulation.count == count && simulation.wraps == (runs && count == 4) && simulation.full == cycle & 3)
      #expect(simulation.newest == row[0] && simulation.oldest == row[2])
      simulation.step()
      count = clears ? 0 : runs ? (count + 1) % 5 : count
      if runs { row = [byte, row[0], row[1]] }
    }
  }

  /// The check values of the catalogue: the checksum of "123456789".
  @Test func checksums() throws {
    let simulation = try Simulation(Checksums())
    simulation.reset()
    simulation.isNew = true
    for byte in "123456789".utf8 {
      simulation.byte = Int(byte)
      simulation.step()
    }
    #expect(simulation.crc32 == 0xCBF4_3926 && simulation.crc16 == 0x31C3 && simulation.usb == 0xB4C8 && simulation.crc8 == 0xF4)
  }

  @Test(arguments: 3...16) func allStatesButOne(_ width: Int) throws {
    let simulation = try Simulation(Noise(width))
    simulation.reset()
    var steps = 0
    repeat {
      #expect(simulation.value != 0)
      simulation.step()
      steps += 1
    } while simulation.value != 1 && steps < 1 << width
    #expect(steps == (1 << width) - 1)
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    let complaints = try [lint(elaborate(Pieces())), lint(elaborate(Checksums())), lint(elaborate(Noise(16)))]
    #expect(complaints == ["", "", ""])
  }
}
