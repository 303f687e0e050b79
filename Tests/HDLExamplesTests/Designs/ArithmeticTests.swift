import HDL
import HDLExamples
import Testing

@Test func filtersWeighTheLastSamples() throws {
  var random = SplitMix("samples")
  let coefficients = [1, 2, 3, 4]
  let general = try Simulation(FIR(coefficients: coefficients)), written = try Simulation(FIR4())
  general.reset()
  written.reset()
  var past = [0, 0, 0, 0]
  for _ in 0..<200 {
    let x = random.bits(8)
    past = [x] + past.dropLast()
    general.x = x
    written.x = x
    let expected = zip(past, coefficients).map { $0 * $1 }.reduce(0, +) & 0xFF
    #expect(general.y == expected && written.y == expected)
    general.step()
    written.step()
  }
}

@Test(arguments: [(2, 1), (4, 3), (16, 10)]) func sorterSorts(count: Int, ranks: Int) throws {
  var random = SplitMix("numbers to be sorted")
  let simulation = try Simulation(BitonicSorter(count: count, width: 4))
  func word(_ numbers: [Int]) -> UInt64 { numbers.reversed().reduce(0) { $0 << 4 | UInt64($1) } }
  simulation.reset()
  var sent: [[Int]?] = []
  for cycle in 0..<200 {
    // Something else in each cycle, and sometimes nothing.
    let numbers = random.once(in: 4) ? nil : (0..<count).map { _ in random.bits(4) }
    sent.append(numbers)
    simulation.validIn = numbers != nil
    simulation.poke(\.values, words: [word(numbers ?? Array(repeating: 0, count: count))])
    let expected = cycle < ranks ? nil : sent[cycle - ranks]
    #expect(simulation.validOut == (expected != nil))
    if let expected { #expect(simulation.peek(\.sorted).words == [word(expected.sorted())]) }
    simulation.step()
  }
}

@Test(arguments: [1, 2, 7]) func maximumIsTheLargest(count: Int) throws {
  var random = SplitMix("numbers, of which the largest is wanted")
  let simulation = try Simulation(Maximum(count: count, width: 8))
  for _ in 0..<100 {
    let numbers = (0..<count).map { _ in random.bits(8) }
    simulation.poke(\.values, words: [numbers.reversed().reduce(0) { $0 << 8 | UInt64($1) }])
    #expect(simulation.largest == numbers.max())
  }
}

@Test func systolicProductMultiplies() throws {
  var random = SplitMix("matrices")
  let n = 3
  let simulation = try Simulation(SystolicProduct(n: n))
  simulation.reset()
  func matrix() -> [[Int]] { (0..<n).map { _ in (0..<n).map { _ in random.bits(8) - 128 } } }
  func word(_ bytes: [Int]) -> Int { bytes.reversed().reduce(0) { $0 << 8 | $1 & 0xFF } }
  for _ in 0..<20 {
    let a = matrix(), b = matrix()
    for k in 0..<n {
      simulation.input.valid = false
      simulation.step(random.bits(2))
      simulation.input.valid = true
      simulation.input.payload.left = word(a.map { $0[k] })
      simulation.input.payload.top = word(b[k])
      simulation.input.payload.last = k == n - 1
      #expect(simulation.input.ready)
      simulation.step()
    }
    // Offered too early: it must wait.
    simulation.input.payload.left = 0
    try simulation.run(until: { $0.output.valid }, limit: 2 * n, "the product")
    simulation.input.valid = false
    simulation.step(random.bits(2))
    for row in 0..<n {
      for column in 0..<n {
        let expected = (0..<n).reduce(0) { $0 + a[row][$1] * b[$1][column] }
        let sum = try simulation.peek("cell_\(row)_\(column).sum")
        #expect(sum.int == expected)
      }
    }
    #expect(simulation.output.valid && !simulation.input.ready)
    simulation.output.ready = true
    simulation.step()
    simulation.output.ready = false
    #expect(!simulation.output.valid && simulation.input.ready)
  }
}
