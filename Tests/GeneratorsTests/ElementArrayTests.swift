import HDL
import Machine
import Testing

@testable import Generators

@Suite struct ElementArrayTests {
  private struct Step {
    /// What the buffer shows to each part of the elements, of the stream.
    var words: [[Int]]
    /// Of each element its C bytes, with those that do not count, and its C weights.
    var operands: [[Int]], weights: [[Int]]
    /// Of each part of the elements.
    var lanes: [[Bool]]
    var isFirst: Bool, isLast: Bool
    /// The bytes are high ones of int16.
    var isHigh: Bool
  }

  /// Tiles one after the other, drained Q sums a cycle while the next are summed: from the stream, where all elements of a part see the
  /// same C bytes, from columns, where each sees its own, and as maxima; and of the stream with elements that share an output. Where
  /// finished tiles wait, the drain is ready now and then.
  @Test(arguments: [
    (1, 2, 4, 4, 2, 1, 1), (2, 2, 4, 8, 1, 2, 1), (4, 4, 2, 16, 4, 4, 1), (2, 4, 8, 8, 8, 1, 1), (2, 4, 4, 16, 2, 4, 1), (2, 2, 4, 8, 1, 2, 2),
    (2, 4, 4, 16, 2, 4, 8),
  ])
  func drainsWhatEveryElementSums(_ sizes: (Int, Int, Int, Int, Int, Int, Int)) throws {
    let configuration = Configuration(
      name: "bench", pixels: sizes.0, channels: sizes.1, dotProduct: sizes.2, memoryLanes: sizes.3, postLanes: sizes.4, mergedElements: sizes.5,
      finishedTiles: sizes.6)
    let (elements, dotProduct, postLanes) = (configuration.elements, configuration.dotProduct, configuration.postLanes)
    let accumulatorBits = 24, parts = configuration.mergedElements, partSize = elements / parts
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let hasInt16 = dotProduct == 4, extensions: Extensions = hasInt16 ? .int16 : []
    let simulation = try Simulation(ElementArray(configuration, accumulatorBits: accumulatorBits, extensions: extensions), .random(seed: seed))
    simulation.reset()
    for (columns, maximum, merged) in [(false, false, 1), (false, false, parts), (true, false, 1), (true, true, 1), (false, false, min(2, parts))] {
      let chunks = configuration.drainCycles / merged
      for (level, port) in simulation.steps.merged.levels.enumerated() { port.isAsked = merged == 2 << level }
      (simulation.steps.operandColumns, simulation.steps.maximum) = (columns, maximum)
      // Steps on their way: the last one set out in this cycle, three before it accumulate.
      var pipeline = [Step?](repeating: nil, count: 4)
      var left = 0, isFirst = true, sinceLast = chunks
      var sums = [Int](repeating: 0, count: elements), draining: [[Int]] = [], drained = 0
      // Finished tiles, and when they were; they can leave the queue some cycles later.
      var waiting: [(since: Int, chunks: [[Int]])] = []
      let hasQueue = configuration.hasTileQueue
      for cycle in 0..<400 {
        let mode = maximum ? "maximum" : columns ? "columns" : "stream of \(merged) merged"
        sinceLast += 1
        var next: Step?
        if left == 0 { (left, isFirst) = (random.int(1...5), true) }
        // A tile may end when the one before it has drained, or when there is room in the queue.
        let finished = waiting.count + pipeline.prefix(3).count { $0?.isLast == true }
        if random.chance(85), left > 1 || (hasQueue ? finished < configuration.finishedTiles : sinceLast >= chunks) {
          left -= 1
          let words = (0..<parts).map { _ in random.signedBytes(dotProduct) }
          next = Step(
            words: words, operands: (0..<elements).map { columns ? random.signedBytes(dotProduct) : words[$0 / partSize] },
            weights: (0..<elements).map { _ in random.signedBytes(dotProduct) },
            lanes: (0..<parts).map { _ in (0..<dotProduct).map { $0 == 0 || random.chance(70) } }, isFirst: isFirst, isLast: left == 0,
            isHigh: hasInt16 && !maximum && random.chance(50))
          isFirst = false
          if left == 0 { sinceLast = 0 }
        }
        pipeline = [next] + pipeline.dropLast()
        // In the cycle of the step its bytes of the stream, then columns and lanes, then weights, then the accumulators.
        simulation.poke(\.streamWords, words: packed(next.map { Array($0.words.joined()) } ?? random.signedBytes(parts * dotProduct), width: 8))
        simulation.steps.operandValid = pipeline[1] != nil
        simulation.steps.operandLanes = pipeline[1]?.lanes.joined().enumerated().reduce(0) { $0 | ($1.element ? 1 << $1.offset : 0) } ?? 0
        let taps = pipeline[1].map { step in (0..<dotProduct).flatMap { lane in step.operands.map { $0[lane] } } }
        simulation.poke(\.columnTaps, words: packed(taps ?? random.signedBytes(elements * dotProduct), width: 8))
        simulation.steps.multiply = pipeline[2] != nil
        let weights = pipeline[2].map { Array($0.weights.joined()) }
        simulation.poke(\.weights, words: packed(weights ?? random.signedBytes(elements * dotProduct), width: 8))
        simulation.steps.accumulate = pipeline[3] != nil
        (simulation.steps.first, simulation.steps.capture) = (pipeline[3]?.isFirst ?? false, pipeline[3]?.isLast ?? false)
        for port in simulation.steps.int16.ports { (port.isHigh, port.joins) = (pipeline[3]?.isHigh ?? random.chance(50), false) }
        simulation.drain.shift = !draining.isEmpty
        let isReady = hasQueue && draining.count <= 1 && random.chance(70)
        simulation.drain.ready = isReady
        let leaves = hasQueue ? isReady && waiting.first.map { cycle >= $0.since + Timing.tileQueue } ?? false : pipeline[3]?.isLast ?? false
        try require(simulation.drain.capture, leaves, "seed \(seed), \(mode), cycle \(cycle), a tile begins to drain")
        if let chunk = draining.first {
          let got = simulation.peek(\.drain.sums).unpacked(width: accumulatorBits).map { wrapped($0, bits: accumulatorBits) }
          try require(got, chunk, "seed \(seed), \(mode), cycle \(cycle), sums \(elements / merged - postLanes * draining.count)...")
          draining.removeFirst()
          drained += 1
        }
        simulation.step()
        if hasQueue && leaves { draining = waiting.removeFirst().chunks }
        if let step = pipeline[3] {
          for element in 0..<elements {
            let lanes = (0..<dotProduct).filter { step.lanes[element / partSize][$0] }
            let value = maximum ? step.operands[element][0]
              : lanes.reduce(0) { $0 + step.operands[element][$1] * step.weights[element][$1] } * (step.isHigh ? 256 : 1)
            sums[element] = step.isFirst ? value : maximum ? max(sums[element], value) : wrapped(sums[element] + value, bits: accumulatorBits)
          }
          if step.isLast {
            let outputs = elements / merged
            let whole = (0..<outputs).map { output in wrapped((0..<merged).reduce(0) { $0 + sums[$1 * outputs + output] }, bits: accumulatorBits) }
            let drained = stride(from: 0, to: outputs, by: postLanes).map { Array(whole[$0..<$0 + postLanes]) }
            if hasQueue { waiting.append((cycle, drained)) } else { draining = drained }
          }
        }
      }
      #expect(drained > 20 * chunks || drained > 200, "seed \(seed): only \(drained) chunks of \(chunks)")
      // Lets the pipeline run empty before the next layer.
      (simulation.steps.operandValid, simulation.steps.multiply, simulation.steps.accumulate) = (false, false, false)
      (simulation.steps.capture, simulation.drain.shift, simulation.drain.ready) = (false, false, false)
      simulation.discardsTiles = true
      simulation.step(4)
      simulation.discardsTiles = false
    }
  }
}
