import Machine
import Model
import Testing

@testable import Mapper

@Suite struct LayerJudgeTests {
  /// The layers of a network, with their numbers settled.
  private func layers(
    _ b: inout GraphBuilder, _ outputs: [Int], _ configuration: Configuration = .edge64
  ) throws -> (network: Network, plans: [LayerPlan]) {
    var network = try Network(b.graph(outputs: outputs))
    try network.settleArithmetic(configuration)
    return (network, network.plans.compactMap { $0 })
  }

  /// 64 bytes and 16 outputs are 16 steps of 4 products on edge64: the feeder begins two cycles after the acceptance, its first chunk
  /// can be used four cycles later, and the next layer can be accepted in the cycle behind the last step.
  @Test func aLayerCountsUntilTheNextCanBegin() throws {
    var b = GraphBuilder()
    let x = b.input([1, 64]), y = b.fullyConnected(x, channels: 16), (network, plans) = try layers(&b, [y])
    var judge = LayerJudge(.edge64, .leastCycles)
    let cycles = judge.cycles(of: plans, in: network)
    #expect(cycles == 2 + 4 + 16)
  }

  @Test func layersAddUp() throws {
    var b = GraphBuilder()
    let x = b.input([1, 9, 7, 6])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3))), z = try required(b.depthwise(y, kernel: (3, 3)))
    let (network, plans) = try layers(&b, [z])
    var judge = LayerJudge(.edge64, .leastCycles)
    let each = plans.compactMap { judge.cycles(of: [$0], in: network) }
    let both = judge.cycles(of: plans, in: network), none = judge.cycles(of: [], in: network)
    #expect(each.count == 2 && each.allSatisfy { $0 > 0 } && both == each.reduce(0, +) && none == 0)
    // What it remembers is what it would say anew.
    var other = LayerJudge(.edge64, .leastCycles)
    let anew = other.cycles(of: [plans[1]], in: network)
    #expect(anew == each[1])
  }

  /// A softmax takes bytes one behind the other, and cannot be where they are not; what could be judged before still can.
  @Test func whatCannotBeReachedHasNoTime() throws {
    var b = GraphBuilder()
    let x = b.input([1, 64]), y = b.fullyConnected(x, channels: 16), whole = b.tensor([1, 32])
    let softmax = b.add(Softmax(), [y], b.tensor([1, 16], Quantization(scale: 1 / 256, zeroPoint: -128)))
    let (network, plans) = try layers(&b, [softmax])
    var judge = LayerJudge(.edge64, .leastCycles)
    let alone = judge.cycles(of: plans, in: network)
    var apart = network
    apart.place(y, in: Box(whole, offset: 0, shape: [1, 16], strides: [32, 2]))
    let unreachable = judge.cycles(of: plans, in: apart), again = judge.cycles(of: plans, in: network)
    #expect(alone != nil && unreachable == nil && again == alone)
  }

  /// It chooses layouts as the compiler will, on the machine that there is.
  @Test func machineAndPolicyCount() throws {
    var b = GraphBuilder()
    let x = b.input([1, 9, 13, 1]), y = try required(b.convolution(x, channels: 2, kernel: (3, 3), padding: .valid))
    func cycles(_ configuration: Configuration, _ policy: LayoutPolicy) throws -> Int {
      let (network, plans) = try layers(&b, [y], configuration)
      var judge = LayerJudge(configuration, policy)
      return try required(judge.cycles(of: plans, in: network))
    }
    let best = try cycles(.edge64, .leastCycles)
    #expect(try best < cycles(.edge64, .first) && best < cycles(.edge16, .leastCycles))
  }
}
