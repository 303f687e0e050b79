import Machine
import Model
import Testing

@testable import Mapper

@Suite struct VariablesTests {
  /// A window over the last rows of a stream: rows = state ⧺ input, state = the last of them.
  private func stream(rows: Int = 4, channels: Int = 5) throws -> Graph {
    var b = GraphBuilder(seed: 3)
    let quantization = Quantization(scale: 0.05, zeroPoint: -3)
    b.inputs.append(b.tensor([1, 1, 1, channels], quantization))
    let state = b.tensor([1, rows, 1, channels], quantization), x = b.inputs[0]
    let all = b.add(Concatenation(axis: 1), [state, x], b.tensor([1, rows + 1, 1, channels], quantization))
    let begin = b.indices([0, 1, 0, 0], [4]), size = b.indices([-1, rows, -1, -1], [4])
    let last = b.add(Slice(), [all, begin, size], b.tensor([1, rows, 1, channels], quantization))
    let y = b.add(UnaryFunction("ABS"), [all], b.tensor([1, rows + 1, 1, channels], Quantization(scale: 0.05, zeroPoint: 2)))
    let next = b.add(AssignVariable(), [last], b.tensor([1, rows, 1, channels], quantization))
    var graph = Graph(name: "stream", tensors: b.tensors, nodes: b.nodes, inputs: b.inputs, outputs: [y])
    graph.states = [StateVariable(name: "rows", tensor: state, next: next, initial: (0..<rows * channels).map { UInt8($0) })]
    try graph.validate()
    return graph
  }

  /// Ten runs, each with what the one before left, on every configuration.
  @Test func stateIsCarriedFromRunToRun() throws {
    let graph = try stream(), model = try GoldenModel(graph)
    for configuration in Configuration.named {
      let mapping = try Mapper.map(graph, for: configuration)
      var state = graph.states.map(\.initial)
      for run in 0..<10 {
        let inputs = [(0..<5).map { UInt8(truncatingIfNeeded: run * 37 + $0 * 11) }]
        #expect(try mistakes(in: mapping, inputs: inputs, state: state).isEmpty, "\(configuration.name) run \(run)")
        state = model.state(after: try model.run(inputs: inputs, state: state))
      }
    }
  }

  /// State has bytes of its own for as long as the program runs, and its next value lies there.
  @Test func stateLivesAllTheTime() throws {
    let graph = try stream(), mapping = try Mapper.map(graph, for: .edge64), state = graph.states[0]
    let place = try #require(mapping.placements.first { $0.tensor == state.tensor })
    #expect(place.live == -1...mapping.steps.count && mapping.address(of: state.next) == place.address)
    for other in mapping.placements where other.tensor != state.tensor && other.tensor != state.next {
      #expect(other.address + other.bytes <= place.address || other.address >= place.address + place.bytes, "\(other)")
    }
    #expect(mapping.steps.last?.outputTensor == state.next)
  }

  @Test func anOldValueIsNoOutput() throws {
    var graph = try stream()
    graph.outputs.append(graph.states[0].tensor)
    #expect { try Mapper.map(graph, for: .edge64) } throws: { "\($0)".contains("is an output and the old value of a state") }
  }

  @Test func anOldValueIsNotAssigned() throws {
    var b = GraphBuilder(seed: 3)
    let quantization = Quantization(scale: 0.05, zeroPoint: -3)
    let x = b.tensor([4], quantization), state = b.tensor([4], quantization)
    b.inputs.append(x)
    let y = b.add(UnaryFunction("ABS"), [state], b.tensor([4], quantization))
    let flat = b.add(Reshape(), [state], b.tensor([4], quantization))
    let next = b.add(AssignVariable(), [flat], b.tensor([4], quantization))
    var graph = Graph(name: "old", tensors: b.tensors, nodes: b.nodes, inputs: b.inputs, outputs: [y])
    graph.states = [StateVariable(name: "v", tensor: state, next: next, initial: [1, 2, 3, 4])]
    #expect { try Mapper.map(graph, for: .edge64) } throws: { "\($0)".contains("assigns the old value of a variable") }
  }
}
