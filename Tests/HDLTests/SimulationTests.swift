import HDL
import Testing

/// The simulator as a test sees it: pokes, peeks, steps, waits, and what it says when they make no sense.
@Suite struct SimulationTests {
  @Test func countsWhileEnabled() throws {
    let simulation = try Simulation(Counter(width: 8))
    simulation.reset()
    simulation.enable = true
    simulation.step(3)
    #expect(simulation.value == 3)
    #expect(simulation.count == 3)
    simulation.enable = false
    simulation.step(5)
    #expect(simulation.value == 3 && simulation.cycle == 9 && !simulation.enable)
    simulation.enable = true
    simulation.step(254)
    #expect(simulation.value == 1)
    simulation.reset()
    #expect(simulation.value == 0)
  }

  @Test func signedValuesAreNegativeNumbers() throws {
    let simulation = try Simulation(MultiplyAccumulate())
    simulation.reset()
    var sum = 0
    for (a, b) in [(3, 4), (-128, -128), (127, -128), (-1, 1)] {
      simulation.a = a
      simulation.b = b
      simulation.step()
      sum += a * b
      #expect(simulation.accumulator == sum && simulation.aNext == a)
    }
    simulation.clear = true
    simulation.step()
    #expect(simulation.accumulator == -1)
  }

  /// Outputs follow inputs at once, without a step.
  @Test func combinationalValuesSettleByThemselves() throws {
    let simulation = try Simulation(WideVectors())
    simulation.left = -5
    simulation.right = 7
    #expect(simulation.product == -35)
    simulation.right = -7
    #expect(simulation.product == 35)
    simulation.factor = 3
    #expect(simulation.peek(\.mixed) == SignalValue(integerLiteral: Int((3 * (UInt64(1 << 33) - 5)) & ((1 << 40) - 1))))
  }

  @Test func statesAreCases() throws {
    let simulation = try Simulation(Sequencer())
    simulation.reset()
    #expect(simulation.state == .idle && !simulation.busy)
    simulation.start = true
    simulation.step()
    #expect(simulation.state == .load && simulation.peek(\.state).label == "load")
    simulation.start = false
    try #expect(simulation.run(until: { $0.state == .idle }, limit: 100) == 65)
    #expect(simulation.remaining == 255)
  }

  @Test func instancesAreReachedByName() throws {
    let simulation = try Simulation(SystolicArray(2))
    simulation.reset()
    simulation.poke(\.a, 0x02_FF)
    simulation.poke(\.b, 0x03_80)
    simulation.step(2)
    #expect(try simulation.peek("pe_0_0.sum") == 256)
    #expect(try simulation.peek("pe_0_1.product") == -3)
    #expect(try simulation.peek("pe_1_1.accumulator") == 6)
    #expect(try simulation.peek("pe_1_0.aHeld") == 2)
  }

  // MARK: width

  @Test func valuesOfAnyWidth() throws {
    let simulation = try Simulation(WideVectors())
    var words = (0..<32).map { UInt64($0) &* 0x0123_4567_89AB_CDEF }
    simulation.poke(\.vector, words: words)
    simulation.index = 255
    #expect(simulation.element == Int(words[31] >> 56))
    simulation.step(2)
    #expect(simulation.peek(\.held).words == Array(words[16...]) + words[16...])
    simulation.poke(\.vector, UInt64.max)
    words = [.max] + Array(repeating: 0, count: 31)
    #expect(simulation.peek(\.vector).words == words)
    #expect(simulation.peek(\.vector).description == "0xffffffffffffffff")
  }

  @Test func signalValuesCompareAsNumbers() {
    let minusThree = SignalValue(BitVector(-3, width: 8), isSigned: true)
    #expect(minusThree == -3 && minusThree.int == -3 && minusThree.description == "-3")
    #expect(minusThree == SignalValue(BitVector(-3, width: 70), isSigned: true))
    #expect(minusThree != SignalValue(BitVector(-3, width: 8), isSigned: false))
    #expect(SignalValue(BitVector(-3, width: 8), isSigned: false) == 253)
    #expect(SignalValue(BitVector(-1, width: 70), isSigned: false).description == "0x3fffffffffffffffff")
    #expect(Set([minusThree, -3]).count == 1)
  }

  // MARK: independence

  @Test func oneCompiledDesignManySimulations() async throws {
    let compiled = try CompiledDesign(Counter(width: 16))
    let counts = await withTaskGroup(of: Int.self) { group in
      for steps in 1...20 {
        group.addTask {
          let simulation = compiled.simulation()
          simulation.enable = true
          simulation.step(steps)
          return simulation.value
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts.sorted() == Array(1...20))
  }

  // MARK: memories

  @Test func memoriesReadWhatWasThereBefore() throws {
    let simulation = try Simulation(RandomAccess(depth: 16, width: 72, lanes: 9, holds: true))
    try simulation.poke("rows[3]", 0x1122)
    simulation.read = true
    simulation.readAddress = 3
    simulation.write = true
    simulation.writeAddress = 4
    simulation.mask = 0b1_0000_0010
    simulation.poke(\.data, words: [0xAAAA_BBBB_CCCC_DDDD, 0xEE])
    simulation.step()
    #expect(simulation.peek(\.word) == 0x1122)
    #expect(try simulation.peek("rows[4]").words == [0xDD00, 0xEE])
    simulation.read = false
    simulation.readAddress = 4
    simulation.step()
    #expect(simulation.peek(\.word) == 0x1122 && simulation.undefinedReads.isEmpty)
  }

  @Test func undefinedReadsAreNoiseAndReported() throws {
    let compiled = try CompiledDesign(RandomAccess(depth: 5, width: 72, lanes: 1, holds: false))
    let simulation = compiled.simulation()
    simulation.write = true
    simulation.writeAddress = 2
    simulation.readAddress = 2
    simulation.step()
    #expect(simulation.peek(\.word) != 0)
    simulation.readAddress = 6
    simulation.step()
    #expect(simulation.undefinedReads.map(\.description) == [
      "cycle 0: 'rows[2]' was read while it was being written", "cycle 1: 'rows[6]' was read but does not exist",
    ])
    let again = compiled.simulation()
    again.write = true
    again.writeAddress = 2
    again.readAddress = 2
    again.step()
    again.readAddress = 6
    again.step()
    #expect(again.peek(\.word) == simulation.peek(\.word))
  }

  // MARK: mistakes

  @Test func namesAreGuessed() throws {
    let simulation = try Simulation(SystolicArray(2))
    func message(_ name: String) -> String? {
      do {
        _ = try simulation.peek(name)
        return nil
      } catch { return error.description }
    }
    #expect(message("pe_0_0.summ") == "systolic_array: there is no signal 'pe_0_0.summ'; did you mean 'pe_0_0.sum'?")
    #expect(message("pe_00.sum") == "systolic_array: there is no signal 'pe_00.sum'; did you mean 'pe_0_0'?")
    #expect(message("oot") == "systolic_array: there is no signal 'oot'; did you mean 'out'?")
  }

  @Test func waitingEnds() throws {
    let simulation = try Simulation(Counter(width: 8))
    simulation.reset()
    simulation.enable = true
    let failure = #expect(throws: WaitFailure.self) {
      try simulation.run(until: { $0.value == 1000 }, limit: 20, "the count of 1000", file: "Bench.swift", line: 7)
    }
    #expect(failure?.description == """
      Bench.swift:7: error: counter: still waiting for the count of 1000 after 20 cycles, in cycle 21; outputs: value = 20
      """)
  }

  /// What plays the surroundings acts before each step, and not after the end.
  @Test func waitingWithAPartner() throws {
    let simulation = try Simulation(Counter(width: 8))
    simulation.reset()
    var acts = 0
    let steps = try simulation.run(until: { $0.value == 5 }, limit: 20) { simulation in
      simulation.enable = acts % 2 == 0
      acts += 1
    }
    #expect(steps == 9 && acts == 9)
  }

  @Test func numbersThatDoNotFitStop() async throws {
    let unsigned = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try Simulation(ExampleUnit(lanes: 4)).address = 4096
    }
    #expect(errors(of: unsigned).contains("weft_example_unit: 4096 does not fit 'address' (unsigned 12-bit), which is 0...4095"))
    let signed = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try Simulation(MultiplyAccumulate()).a = -129
    }
    #expect(errors(of: signed).contains("multiply_accumulate: -129 does not fit 'a' (signed 8-bit), which is -128...127"))
    let pattern = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try Simulation(ExampleUnit(lanes: 4)).poke(\.wide, words: [1 << 40])
    }
    #expect(errors(of: pattern).contains("weft_example_unit: the pattern has bits that 'wide' (unsigned 40-bit) does not have"))
  }

  @Test func onlyInputsAreDriven() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try Simulation(Counter(width: 8)).poke("count", 3)
    }
    #expect(errors(of: result).contains("counter: 'count' (unsigned 8-bit) cannot be driven, because it is not an input of the top"))
  }
}

/// What a program that stopped had to say.
func errors(of result: ExitTest.Result?) -> String { String(decoding: result?.standardErrorContent ?? [], as: UTF8.self) }
