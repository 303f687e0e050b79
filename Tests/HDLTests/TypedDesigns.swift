import HDL

/// Designs with states and records in all places where SystemVerilog has types for them.

struct Job: Record {
  let address = Forward<Unsigned>(5)
  let offset = Forward<Signed>(4)
  let isLast = Forward<Bit>()
}

/// Records in registers, wires and a memory; members and parts of members read and assigned.
struct JobQueue: Module {
  /// Yosys proves nothing about memories, register by register.
  let isStored: Bool
  @Input(2) var place: Unsigned
  @Input(5) var address: Unsigned
  @Input(4) var offset: Signed
  @Input() var writes: Bit
  @Input(Job()) var given: Packed<Job>
  @Output(5) var found: Unsigned
  @Output(5) var moved: Signed
  @Output() var isBelow: Bit
  @Output(Job()) var latestJob: Packed<Job>
  @Output(3) var corner: Unsigned
  @Register(Job()) var latest: Packed<Job>
  @Register(Job(), isReset: false) var last: Packed<Job>
  @Wire(Job()) var next: Packed<Job>

  init(isStored: Bool = true) { self.isStored = isStored }
  func body() {
    var job = last
    if isStored {
      let jobs = Memory("jobs", depth: 4, width: latest.width)
      jobs.write(at: place, next.asUnsigned, when: writes)
      job = Packed(Job(), jobs.read(at: place))
    }
    next.address = address
    next.offset = offset
    next.isLast = place === 3
    When(writes) {
      latest = next
      last.offset = latest.offset
      When(next.isLast) { latest.address = job.address &+ 1 }
    }.ElseWhen(given.isLast) {
      latest = given
      last.isLast = latest.isLast
      last.address = latest.address
    }
    found = job.address
    moved = job.offset + latest.offset
    isBelow = latest.offset < last.offset
    latestJob = select(job.isLast, last, latest)
    corner = latest.address[1..<4]
  }
}

/// States that are cases only, and states that are bits from elsewhere.
struct Lights: Module {
  enum Light: Int, CaseIterable { case red, green, amber }
  @Input() var go: Bit
  @Input() var isBroken: Bit
  @Input() var forced: Enumerated<Light>
  @Output() var shown: Enumerated<Light>
  @Output() var isGreen: Bit
  @StateRegister var light: Light = .red
  @Register(reset: .amber) var before: Enumerated<Light>
  @Register(reset: .red) var latched: Enumerated<Light>
  @Wire() var next: Enumerated<Light>
  @Wire() var other: Enumerated<Light>

  func body() {
    next = $light
    Switch($light) {
      Case(.red) { When(go) { next = Enumerated(.green) } }
      Case(.green) { next = select(go, select(isBroken, .red, .green), .amber) }
      Case(.amber) { next = select(isBroken, before, .red) }
    }
    other = select(isBroken, .amber, next)
    $light = next
    before = $light
    When(go) { latched = forced }
    shown = select(isBroken, other, latched)
    isGreen = $light === .green
  }
}

/// A state and a record that only properties read.
struct Supervised: Module {
  enum Phase: Int, CaseIterable { case idle, busy, done }
  @Input() var start: Bit
  @Input(Job()) var given: Packed<Job>
  @Output() var isStarted: Bit
  @StateRegister var phase: Phase = .idle
  @Register(Job()) var seen: Packed<Job>

  func body() {
    isStarted = start
    Switch($phase) {
      Case(.idle) { When(start) { phase = .busy } }
      Case(.busy) { phase = .done }
      Case(.done) { phase = .idle }
    }
    When(start) { seen = given }
    Assert($phase !== .done || seen.address < 31, "the last address is not used")
  }
}
