import HDL
import Testing

/// Values of earlier cycles.

private struct Past: Module {
  @Input() var p: Bit
  @Input(4) var x: Unsigned
  @Output() var rises: Bit
  @Output() var falls: Bit
  @Output() var isStable: Bit
  @Output(4) var twoAgo: Unsigned
  func body() {
    rises = rose(p)
    falls = fell(p)
    isStable = stable(x) && stable(p)
    twoAgo = past(x, 2)
  }
}

/// A request that is held until it is answered, if the module is right.
private struct Requester: Module {
  let isRight: Bool
  @Input() var answer: Bit
  @Output() var request: Bit
  func body() {
    let isAsking = Register<Bit>("isAsking", reset: 1)
    When(isRight ? answer : true) { isAsking.value = !isAsking.value }
    request = isAsking.value
    Assert(!fell(request) | past(answer), "a request stays until it is answered")
  }
}

private struct Patience: Module {
  @Input() var asked: Bit
  @Input() var answered: Bit
  @Output() var isFine: Bit
  func body() { isFine = eventually(answered, within: 3, after: asked) }
}

@Suite struct PastValueTests {
  @Test func eventuallyIsNotTooLate() throws {
    for delay in 0..<6 {
      let simulation = try Simulation(Patience())
      simulation.reset()
      var fine: [Bool] = []
      for cycle in 0..<8 {
        (simulation.asked, simulation.answered) = (cycle == 1, cycle == 1 + delay)
        fine.append(simulation.isFine)
        simulation.step()
      }
      #expect(fine == (0..<8).map { $0 != 4 || delay <= 3 }, "\(delay)")
    }
  }

  @Test func inTheSimulator() throws {
    let simulation = try Simulation(Past())
    simulation.reset()
    var history = [(p: false, x: 0), (p: false, x: 0)]
    for cycle in 0..<64 {
      let now = (p: cycle * cycle % 7 > 3, x: cycle / 3 & 15), before = history[0]
      (simulation.p, simulation.x) = now
      #expect(simulation.rises == (now.p && !before.p) && simulation.falls == (!now.p && before.p))
      #expect(simulation.isStable == (now.p == before.p && now.x == before.x) && simulation.twoAgo == history[1].x)
      simulation.step()
      history = [now, before]
    }
  }

  /// Registers for properties are no hardware.
  @Test func onlyPropertiesSeeThem() throws {
    let text = try VerilogPrinter.text(elaborate(Requester(isRight: true)))
    let hardware = try #require(text.components(separatedBy: "`ifdef FORMAL").first)
    #expect(!hardware.contains("past") && text.contains("past1_request"))
  }
}
