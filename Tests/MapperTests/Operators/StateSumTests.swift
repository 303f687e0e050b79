import Machine
import Model
import TestTools
import Testing
import Verify

@testable import Mapper

/// The parts of an SVDF on a state of int16, whose next value is a tensor that they compute.
private struct StateFilter {
  var depth: Int, filters: Int, memory: Int, rank = 1
  var activation = Activation.none, hasBias = true
  /// Greatest weight over time.
  var greatest = 32_767
  /// Least and greatest bias.
  var bias = -1_000_000...1_000_000

  func graph(_ random: inout SplitMix) throws -> Graph {
    var b = GraphBuilder(seed: random.int(0...1 << 20))
    let ofState = Quantization(scale: 0.0001, zeroPoint: 0), scale = Float(0.00002), units = filters / rank
    func int16(_ shape: [Int], _ name: String) -> Int {
      b.tensors.append(Tensor(name: name, shape: shape, type: .int16, quantization: ofState))
      return b.tensors.count - 1
    }
    func values(_ shape: [Int], _ type: ElementType, _ values: [Int], _ scale: Float) -> Int {
      b.tensors.append(
        Tensor(name: "c\(b.tensors.count)", shape: shape, type: type, quantization: Quantization(scale: scale, zeroPoint: 0), constant: Elements.bytes(values, type)))
      return b.tensors.count - 1
    }
    let x = b.input([1, depth])
    b.tensors[x].quantization = Quantization(scale: 0.02, zeroPoint: random.int(-128...127))
    let feature = int16([1, filters], "feature"), state = int16([1, filters * memory], "present"), next = int16([1, filters * memory], "next")
    let weights = b.constant([filters, depth], Quantization(scale: 0.005, zeroPoint: 0))
    let time = values([filters, memory], .int16, (0..<filters * memory).map { _ in random.pick([-greatest, greatest, random.int(-greatest...greatest)]) }, scale)
    let biases = values([units], .int32, (0..<units).map { _ in random.int(bias) }, ofState.scales[0] * scale)
    var dense = FullyConnected()
    dense.widens = true
    b.add(dense, [x, weights], feature)
    let column = b.add(Reshape(), [feature, b.indices([filters, 1], [2])], int16([filters, 1], "column"))
    var parts = [column]
    if memory > 1 {
      let rows = b.add(Reshape(), [state, b.indices([filters, memory], [2])], int16([filters, memory], "rows"))
      let rest = int16([filters, memory - 1], "rest")
      parts.insert(b.add(Slice(), [rows, b.indices([0, 1], [2]), b.indices([filters, memory - 1], [2])], rest), at: 0)
    }
    let all = b.add(Concatenation(axis: 1), parts, int16([filters, memory], "all"))
    b.add(Reshape(), [all, b.indices([1, filters * memory], [2])], next)
    let y = b.tensor([1, units], Quantization(scale: 0.0001 * 32_767 * scale * Float(max(greatest, 1)) / 100 * Float(memory * rank).squareRoot(), zeroPoint: random.int(-128...127)))
    b.add(StateSum(rank: rank, activation: activation), [next, time] + (hasBias ? [biases] : []), y)
    var graph = Graph(name: "filter", tensors: b.tensors, nodes: b.nodes, inputs: b.inputs, outputs: [y])
    let first = Elements.bytes((0..<filters * memory).map { _ in random.int(-32_768...32_767) }, .int16)
    graph.states = [StateVariable(name: "state", tensor: state, next: next, initial: random.int(0...1) == 0 ? first : first.map { _ in 0 })]
    try graph.validate()
    return graph
  }
}

@Suite struct StateSumTests {
  /// Some runs, each with the state that the one before left.
  private func expectExact(_ graph: Graph, _ configuration: Configuration, _ random: inout SplitMix, _ comment: String) throws -> Mapping {
    let mapping = try map(graph, for: configuration), model = try GoldenModel(mapping.network)
    var state = mapping.initialState
    for run in 0..<4 {
      let inputs = graph.inputs.map { tensor in (0..<graph.tensors[tensor].byteCount).map { _ in UInt8(random.int(0...255)) } }
      #expect(try mistakes(in: mapping, inputs: inputs, state: state) == [], "\(comment), \(configuration.name), run \(run)")
      state = model.state(after: try model.run(inputs: inputs, state: state))
    }
    return mapping
  }

  @Test func filtersAreExact() throws {
    var random = SplitMix("sums over time")
    for index in 0..<12 {
      let rank = random.pick([1, 1, 2, 3])
      let filter = StateFilter(
        depth: random.int(1...20), filters: rank * random.int(1...9), memory: random.int(1...10), rank: rank,
        activation: random.pick([.none, .relu, .relu6]), hasBias: random.int(0...2) > 0, greatest: random.pick([100, 127, 128, 3000, 5000]))
      let graph = try filter.graph(&random)
      for configuration in [.up5k, .edge16, .edge64, .edge256, .odd] as [Configuration] {
        _ = try expectExact(graph, configuration, &random, "filter \(index) \(filter)")
      }
    }
  }

  /// What the file calls the state is a tensor that sums read, and its copy lies where the next run finds it, in rows of the memory's length.
  @Test func statesLieInRows() throws {
    var random = SplitMix("rows of states")
    let graph = try StateFilter(depth: 5, filters: 6, memory: 4, rank: 2, greatest: 1000).graph(&random), mapping = try map(graph, for: .edge64)
    let state = try #require(mapping.graph.states.first), next = graph.states[0].next
    #expect(state.tensor == graph.states[0].tensor && state.next != next && mapping.address(of: state.next) == mapping.address(of: state.tensor))
    #expect([state.tensor, state.next, next].allSatisfy { mapping.int16[$0] == Int16Rows(length: 4) })
    #expect(mapping.steps.last?.outputTensor == state.next && mapping.network.compiled.nodes.count == mapping.network.nodes.count)
    let written = try #require(mapping.writes(inputs: [], state: mapping.initialState).first)
    #expect(written.bytes == Int16Rows(length: 4).stored(state.initial) && written.bytes != state.initial)
    // One step for all units, whose weights are as many bytes as four digits are.
    let sums = try #require(mapping.layers.first { $0.operatorName == "SVDF" })
    #expect(sums.steps.count == 1 && sums.macs == 24)
  }

  /// A network of the corpus: all runs interpreted, some of them on the hardware, whose cycles are as predicted, with weights within their budget.
  @Test(.enabled(if: corpus != nil), arguments: ["edge16", "edge64", "edge256"])
  func streamsAreExact(_ name: String) throws {
    let directory = try #require(corpus) + "/ops/svdf_stream", configuration = try #require(Configuration.named(name))
    let graph = try loadTFLite(contentsOf: directory + "/model.tflite"), vectors = try VectorSet.load(directory), mapping = try map(graph, for: configuration)
    let samples = (0..<vectors.sampleCount).map {
      VerificationSample(inputs: vectors.inputs(ofSample: $0, for: graph), expected: vectors.expected(ofSample: $0, for: graph))
    }
    for (simulator, count) in [(SimulatorKind.interpreter, samples.count), (.inProcess, 3)] {
      let report = try verify(VerificationRequest(mapping, samples: Array(samples[..<count]), simulator: simulator))
      #expect(report.passed && report.isPredicted && report.vectorElements >= count * 18, "\(name): \(report.problems) \(report.first)")
    }
    // 160 features' weights, 80 of two bytes over time, 40 of a matrix.
    #expect(mapping.weightBytes <= 360 * (name == "edge256" ? 125 : 110) / 100 + (name == "edge256" ? 4096 : 1024))
  }

  private func message(_ filter: StateFilter) throws -> String {
    var random = SplitMix("refused sums")
    let graph = try filter.graph(&random)
    do { _ = try map(graph, for: .edge64) } catch { return "\(error)" }
    return ""
  }

  /// Sums beyond 33 bits, whose product with the multiplier has more than 64: cut off on both sides.
  @Test func sumsBeyondTheProductAreCutOff() throws {
    var random = SplitMix("sums beyond the product")
    for (memory, rank) in [(10, 1), (40, 4), (9, 2)] {
      var graph = try StateFilter(depth: 2, filters: 2 * rank, memory: memory, rank: rank).graph(&random)
      let weights = graph.nodes[graph.nodes.count - 1].inputs[1], count = 2 * rank * memory
      // All weights and all elements as far from zero as they go.
      graph.tensors[weights].constant = Elements.bytes([Int](repeating: 32_767, count: count), .int16)
      for value in [-32_768, 32_767] {
        graph.states[0].initial = Elements.bytes([Int](repeating: value, count: count), .int16)
        let mapping = try map(graph, for: .edge64)
        #expect(mapping.hardware.accumulatorBits > 33)
        #expect(try mistakes(in: mapping, inputs: [[127, 127]], state: mapping.initialState) == [], "\(memory), \(rank), \(value)")
      }
    }
  }

  /// The bias holds what low bytes lack, too: 128 for every weight.
  @Test func biasesHave32Bits() throws {
    let most = 1 << 31 - 1
    #expect(try message(StateFilter(depth: 2, filters: 1, memory: 2, greatest: 0, bias: most...most)).isEmpty)
    var random = SplitMix("biases of sums"), graph = try StateFilter(depth: 2, filters: 1, memory: 2, bias: most...most).graph(&random)
    let time = graph.nodes[graph.nodes.count - 1].inputs[1]
    graph.tensors[time].constant = Elements.bytes([0, 1], .int16)
    #expect {
      try map(graph, for: .edge64)
    } throws: { error in
      "\(error)".contains("the bias of output channel 0 is 2147483775 with what int16 adds, which needs more than 32 bits")
    }
  }
}
