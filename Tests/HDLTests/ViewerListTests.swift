import HDL
import Testing

/// Lists of signals as GTKWave and Surfer read them.
@Suite struct ViewerListTests {
  private func recorded() throws -> Waveform {
    let simulation = try Simulation(Desk())
    let waveform = simulation.record()
    simulation.reset()
    simulation.step(2)
    return waveform
  }

  @Test func gtkwave() throws {
    let list = try recorded().gtkwave(dump: "desk.fst")
    #expect(list.text == """
      [dumpfile] "desk.fst"
      [timestart] 0
      @800200
      -desk
      @28
      desk.clock
      @28
      desk.reset
      @28
      desk.go
      @420
      desk.offset[7:0]
      @22
      desk.wide[63:0]
      @100002028
      ^1 Mode.gtkw.txt
      desk.shown[4:0]
      @1000200
      -desk
      @800200
      -desk.first
      @28
      desk.first.go
      @100002028
      ^1 Mode.gtkw.txt
      desk.first.mode[4:0]
      @24
      desk.first.count[5:0]
      @1000200
      -desk.first
      @800200
      -desk.second
      @100002028
      ^1 Mode_1.gtkw.txt
      desk.second.mode
      @1000200
      -desk.second

      """)
    #expect(list.tables.map(\.name) == ["Mode.gtkw.txt", "Mode_1.gtkw.txt"])
    #expect(list.tables.map(\.text) == ["00001 off\n00100 slow\n10001 fast\n", "0 wait\n1 go\n"])
  }

  @Test func gtkwaveWithNames() throws {
    let list = try recorded().gtkwave("first.count", "clock", "second.mode", "go")
    #expect(list.text == """
      [timestart] 0
      @800200
      -desk.first
      @24
      desk.first.count[5:0]
      @1000200
      -desk.first
      @800200
      -desk
      @28
      desk.clock
      @1000200
      -desk
      @800200
      -desk.second
      @100002028
      ^1 Mode_1.gtkw.txt
      desk.second.mode
      @1000200
      -desk.second
      @800200
      -desk
      @28
      desk.go
      @1000200
      -desk

      """)
    // Only what is used.
    #expect(list.tables.map(\.text) == ["0 wait\n1 go\n"])
  }

  @Test func surfer() throws {
    let list = try recorded().surfer(dump: "desk.fst")
    #expect(list.text == """
      load_file desk.fst
      divider_add desk
      variable_add desk.clock
      variable_add desk.reset
      variable_add desk.go
      variable_add desk.offset
      variable_add desk.wide
      variable_add desk.shown
      divider_add desk.first
      variable_add desk.first.go
      variable_add desk.first.mode
      variable_add desk.first.count
      divider_add desk.second
      variable_add desk.second.mode
      item_focus e
      item_set_format Signed
      item_focus f
      item_set_format Hexadecimal
      item_focus g
      item_set_format Mode
      item_focus j
      item_set_format Mode
      item_focus k
      item_set_format Unsigned
      item_focus m
      item_set_format Mode_1
      item_unfocus
      zoom_fit

      """)
    #expect(list.tables.map(\.name) == ["Mode.txt", "Mode_1.txt"])
    #expect(list.tables.map(\.text) == ["Name: Mode\nBits: 5\n00001 off\n00100 slow\n10001 fast\n", "Name: Mode_1\nBits: 1\n0 wait\n1 go\n"])
  }

  /// Items after the sixteenth have names of two letters.
  @Test func surferWithManyNames() throws {
    let waveform = try recorded()
    let list = try waveform.surfer("go", "go", "go", "go", "go", "go", "go", "go", "go", "go", "go", "go", "go", "go", "go", "offset")
    #expect(list.text.hasSuffix("item_focus ba\nitem_set_format Signed\nitem_unfocus\nzoom_fit\n"))
    #expect(try waveform.surfer("go").text == "divider_add desk\nvariable_add desk.go\nzoom_fit\n")
  }

  @Test func unknownNames() throws {
    let waveform = try recorded()
    #expect(throws: UnknownSignal.self) { try waveform.gtkwave("og") }
    #expect(throws: UnknownSignal.self) { try waveform.surfer("first.cuont") }
  }
}

private struct Desk: Module {
  @Input() var go: Bit
  @Input(8) var offset: Signed
  @Input(64) var wide: Unsigned
  @Output() var shown: Enumerated<First.Mode>
  func body() {
    let first = instance("first", First()), second = instance("second", Second())
    first.$go = go
    shown = first.$mode
    ignore(second.$mode, offset, wide)
  }
}
private struct First: Module {
  enum Mode: Int, CaseIterable { case off = 1, slow = 4, fast = 17 }
  @Input() var go: Bit
  @Output() var mode: Enumerated<Mode>
  func body() {
    let count = Register<Unsigned>("count", 6)
    When(go) { count.value = count.value &+ 1 }
    mode = select(count.value === 0, Enumerated(.off), Enumerated(.fast))
  }
}
private struct Second: Module {
  enum Mode: Int, CaseIterable { case wait, go }
  @Output() var mode: Enumerated<Mode>
  func body() { mode = Enumerated(.wait) }
}
