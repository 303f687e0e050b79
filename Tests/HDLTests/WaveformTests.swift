import HDL
import Testing

/// Waveforms as a reader and as a viewer sees them.
@Suite struct WaveformTests {
  private func recorded() throws -> (Simulation<Sequencer>, Waveform) {
    let simulation = try Simulation(Sequencer())
    let waveform = simulation.record()
    simulation.reset()
    simulation.step()
    simulation.start = true
    simulation.step()
    simulation.start = false
    simulation.step(3)
    return (simulation, waveform)
  }

  @Test func text() throws {
    let (_, waveform) = try recorded()
    #expect(try waveform.text() == """
      clock  ▁▁▁▁╱▔╲▁╱▔╲▁╱▔╲▁╱▔╲▁╱▔╲▁╱▔╲▁
      reset  ▔▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
      start  ▁▁▁▁▁▁▁▁╱▔▔▔╲▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
      busy   ▁▁▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔

      """)
    #expect(try waveform.text("busy", "state", "remaining", cycles: 2..<7, columnWidth: 6) == """
      busy       ▁▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔
      state      │idle │load │run
      remaining  │0          │63   │62   │61

      """)
    #expect(try waveform.text("state", columnWidth: 4) == "state  │idle       │lo…│run\n")
  }

  @Test func unknownNames() throws {
    let (_, waveform) = try recorded()
    #expect(throws: UnknownSignal.self) { try waveform.text("buzy") }
  }

  /// The states and the words inside instances, with the present as the last column.
  @Test func namesInsideInstances() throws {
    let simulation = try Simulation(SystolicArray(2))
    let waveform = simulation.record()
    simulation.poke(\.a, 0x0002)
    simulation.poke(\.b, 0x00FE)
    simulation.step(3)
    #expect(try waveform.text("pe_0_0.sum", "pe_0_1.aHeld", "a") == """
      pe_0_0.sum    │0  │-4 │-8 │-12
      pe_0_1.aHeld  │0      │2
      a             │2

      """)
  }

  /// Viewers take a point for a scope, so members of bundles have names as in Verilog.
  @Test func bundlesInAChangeDump() throws {
    let simulation = try Simulation(FIFO(Stream<Unsigned>(8), depth: 2))
    let text = simulation.record().vcd()
    #expect(text.contains(" input_payload [7:0] $end\n"))
    #expect(!text.contains("input."))
  }

  @Test func changeDump() throws {
    let simulation = try Simulation(Machines())
    let waveform = simulation.record()
    simulation.reset()
    simulation.go = true
    simulation.step(2)
    #expect(waveform.vcd() == """
      $timescale 1ns $end
      $scope module machines $end
      $var wire 1 ! clock $end
      $var wire 1 " reset $end
      $var wire 1 # go $end
      $var wire 3 $ total [2:0] $end
      $scope module machine $end
      $var wire 1 % start $end
      $var wire 1 & busy $end
      $var wire 2 ' state [1:0] $end
      $var string 1 ( state_label $end
      $var wire 8 ) remaining [7:0] $end
      $upscope $end
      $upscope $end
      $enddefinitions $end
      #0
      $dumpvars
      0!
      1"
      0#
      b0 $
      0%
      0&
      b0 '
      sidle (
      b0 )
      $end
      #10
      1!
      0"
      1#
      1%
      #15
      0!
      #20
      1!
      b101 $
      1&
      b1 '
      sload (
      #25
      0!
      #30
      1!
      b10 '
      srun (
      b111111 )
      #35
      0!
      #40

      """)
  }
}

private struct Machines: Module {
  @Input() var go: Bit
  @Output(3) var total: Unsigned
  func body() {
    let machine = instance("machine", Sequencer())
    machine.$start = go
    total = select(machine.$busy, 5, 0)
  }
}
