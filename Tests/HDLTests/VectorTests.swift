import HDL
import Testing

/// Vectors with an index that the hardware knows, records as values, and vectors of records.

private enum Kind: Int, CaseIterable { case free, clean, dirty }

private struct Entry: Record {
  let address = Forward<Unsigned>(5)
  let offset = Forward<Signed>(4)
  let kind = Forward<Enumerated<Kind>>()
  let isLast = Forward<Bit>()
}

private struct Cache: Module {
  @Input(2) var place: Unsigned
  @Input(2) var other: Unsigned
  @Input(5) var address: Unsigned
  @Input(3) var offset: Signed
  @Input() var writes: Bit
  @Output(5) var found: Unsigned
  @Output(4) var signed: Signed
  @Output() var kind: Enumerated<Kind>
  @Output() var isLast: Bit
  @Output(8) var sum: Unsigned
  @Output(6) var fixed: Unsigned
  @Output(12) var stored: Unsigned
  @Output(5) var held: Unsigned
  @Register(count: 3, of: Entry()) var entries: Vector<Packed<Entry>>
  @Register(count: 4, width: 6) var counts: Vector<Unsigned>
  @Wire(count: 4, width: 7) var doubled: Vector<Unsigned>
  @Register(Entry()) var latest: Packed<Entry>
  let input = Target(Stream(Entry()))
  let output = Initiator(Stream(Entry()))

  func body() {
    var entry = entries[place]
    entry.address = address
    entry.offset = offset
    entry.kind = select(writes, .dirty, .clean)
    entry.isLast = place === 2
    When(writes) {
      entries[place] = entry
      counts[place] &+= 1
      latest = entry
    }.Else {
      latest.isLast = true
    }
    for index in 0..<4 { doubled[index] = counts[index] << 1 }
    let seen = select(writes, entries[other], entries[0])
    (found, signed, kind, isLast) = (seen.address, seen.offset, seen.kind, seen.isLast)
    sum = doubled[other] + doubled[3]
    fixed = Vector<Unsigned>([3, 41, 7].map { Unsigned($0, width: 6) })[other]
    let memory = Memory("memory", depth: 4, width: 12)
    memory.write(at: place, entry.asUnsigned, when: writes)
    let word = Packed(Entry(), memory.read(at: other))
    stored = word.asUnsigned
    held = latest.address
    ignore(latest.isLast)
    output.payload.send(select(writes, Packed(input.payload), word))
    output.valid = input.valid
    input.ready = output.ready
  }
}

@Suite struct VectorTests {
  @Test func readAndWritten() throws {
    let simulation = try Simulation(Cache())
    simulation.reset()
    struct Model { var address = 0, offset = 0, kind = Kind.free, isLast = false }
    var entries = Array(repeating: Model(), count: 4), counts = [0, 0, 0, 0], latest = Model()
    for cycle in 0..<300 {
      let place = cycle * 5 & 3, other = cycle / 3 & 3, writes = cycle % 5 != 0
      let entry = Model(address: cycle & 31, offset: cycle % 8 - 4, kind: writes ? .dirty : .clean, isLast: place == 2)
      (simulation.place, simulation.other, simulation.address, simulation.offset) = (place, other, entry.address, entry.offset)
      (simulation.writes, simulation.input.payload.address) = (writes, 9)
      // There are three entries: the fourth reads zeros.
      let seen = entries[writes ? other : 0]
      #expect(simulation.found == seen.address && simulation.signed == seen.offset)
      #expect(simulation.kind == seen.kind && simulation.isLast == seen.isLast)
      #expect(simulation.sum == (2 * counts[other] + 2 * counts[3]))
      #expect(simulation.fixed == [3, 41, 7, 0][other] && simulation.held == latest.address)
      if writes { #expect(simulation.output.payload.address == 9) }
      simulation.step()
      if writes {
        if place < 3 { entries[place] = entry }
        counts[place] = (counts[place] + 1) & 63
        latest = entry
      }
    }
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    let complaints = try lint(elaborate(Cache()))
    #expect(complaints == "")
  }

  @Test func verilog() throws {
    let text = try VerilogPrinter.text(elaborate(Cache()))
    for line in ["    counts[6 * place +: 6] <= ", "  assign doubled[13:7] = {counts[11:6], 1'b0};", "      latest[11] <= 1'b1;"] {
      #expect(text.contains(line), "\(line)\n\(text)")
    }
  }

  @Test func mistakes() {
    expectFindings(
      VectorMistakes(),
      "+4: 'x' (unsigned 8-bit) cannot be assigned to 'v[0..<4]' (unsigned 4-bit): 4 bits would be lost; drop them with .truncated(to: 4)",
      "+4: bits 12..<16 of 'v' (unsigned 12-bit) do not exist; valid are 0..<12",
      "+4: 'x' (unsigned 8-bit) is no Entry, whose members have 12 bits")
  }
}

private struct VectorMistakes: Module, HasBase {
  static let base = #line
  @Input(8) var x: Unsigned
  @Output(4) var y: Unsigned
  @Register(count: 3, width: 4) var v: Vector<Unsigned>
  @Output(5) var z: Unsigned
  func body() {
    v[0] = x
    v[1] = 0
    v[2] = 0
    v[3] = 0
    y = v[0]
    z = Packed(Entry(), x).address
  }
}

/// Vectors in the middle of a body, and as what a stream carries.
private struct Passing: Module {
  let input = Target(Stream<Vector<Unsigned>>(count: 3, width: 4))
  let output = Initiator(Stream<Vector<Unsigned>>(count: 3, width: 4))
  func body() {
    let held = Register<Vector<Unsigned>>("held", count: 3, width: 4, isReset: false), turned = Wire<Vector<Unsigned>>("turned", count: 3, width: 4)
    let isFull = Register<Bit>("isFull")
    input.ready = !isFull.value || output.ready
    output.valid = isFull.value
    When(input.ready) { isFull.value = input.valid }
    When(input.transfers) { held.value = input.payload }
    turned.value = Vector(held.value.elements.reversed())
    output.payload = turned.value
  }
}

@Suite struct VectorPlaceTests {
  @Test func inBodiesAndStreams() throws {
    let simulation = try Simulation(Passing())
    simulation.reset()
    simulation.input.valid = true
    try simulation.poke("input.payload", 0x123)
    simulation.step()
    #expect(try simulation.peek("output.payload").int == 0x321)
  }
  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    let complaints = try lint(elaborate(Passing()))
    #expect(complaints == "")
  }
}
