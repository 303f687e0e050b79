import Machine
import Model
import Testing

@testable import Mapper

@Suite struct HostAccessTests {
  /// y = concatenation of the state s and the input x; behind it s becomes x. A second input goes through a function of a byte.
  private func network() throws -> (graph: Graph, x: Int, other: Int, state: Int) {
    var b = GraphBuilder(seed: 5)
    let quantization = Quantization(scale: 0.05, zeroPoint: -3)
    func tensor(_ rows: Int) -> Int { b.tensor([1, rows, 1, 4], quantization) }
    let x = tensor(2), state = tensor(2), other = tensor(1)
    b.inputs = [other, x]
    let y = b.add(Concatenation(axis: 1), [state, x], tensor(4)), z = b.add(UnaryFunction("ABS"), [other], tensor(1))
    let copy = b.add(UnaryFunction("ABS"), [x], tensor(2))
    let next = b.add(AssignVariable(), [copy], tensor(2))
    var graph = Graph(name: "access", tensors: b.tensors, nodes: b.nodes, inputs: b.inputs, outputs: [y, z])
    graph.states = [StateVariable(name: "s", tensor: state, next: next, initial: (1...8).map { UInt8($0) })]
    try graph.validate()
    return (graph, x, other, state)
  }

  /// Inputs in the graph's order, each at its own address, and the state behind them.
  @Test func everyInputGoesToItsPlace() throws {
    let (graph, x, other, state) = try network(), mapping = try Mapper.map(graph, for: .edge64)
    let bytes: [[UInt8]] = [[10, 11, 12, 13], (20..<28).map { UInt8($0) }], kept: [UInt8] = (30..<38).map { UInt8($0) }
    let writes = mapping.writes(inputs: bytes, state: [kept])
    #expect(writes.map(\.address) == [mapping.address(of: other), mapping.address(of: x), mapping.address(of: state)])
    #expect(writes.map(\.bytes) == bytes + [kept])
    let ranges = writes.map { $0.address..<$0.address + $0.bytes.count }
    for (index, range) in ranges.enumerated() {
      #expect(range.upperBound <= mapping.featureMemoryPeakBytes && !ranges[..<index].contains { $0.overlaps(range) }, "\(ranges)")
    }
  }

  /// Without a state what the run before left stays: nothing is written there.
  @Test func whatIsLeftIsNotOverwritten() throws {
    let (graph, x, other, state) = try network(), mapping = try Mapper.map(graph, for: .edge64)
    let addresses = mapping.writes(inputs: [[1, 2, 3, 4], [UInt8](repeating: 9, count: 8)]).map(\.address)
    #expect(addresses == [mapping.address(of: other), mapping.address(of: x)])
    #expect(addresses.allSatisfy { $0 != mapping.address(of: state) })
  }

  @Test func theFirstStateIsTheModels() throws {
    let (graph, _, _, _) = try network()
    #expect(try Mapper.map(graph, for: .edge16).initialState == [[1, 2, 3, 4, 5, 6, 7, 8]])
    var b = GraphBuilder()
    let x = b.input([1, 16])
    #expect(try Mapper.map(b.graph(outputs: [b.fullyConnected(x, channels: 4)]), for: .edge16).initialState.isEmpty)
  }
}
