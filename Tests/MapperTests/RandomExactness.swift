// Random networks on random machines: exact in the reference machine, or a small network that is not.

import Machine
import Model
import TestTools
import Testing
import Verify

@testable import Mapper

/// Whether rows of int16 do not suit all who read them. That few networks are refused so is the business of `RandomNetworkTests`.
func refusesRows(_ error: MappingError) -> Bool {
  error.message.contains("elements of int16, another operator in rows of") || error.message.contains("which is not supported for activations of int16")
}

/// What is wrong with a network on a machine; nil when nothing is, or when nothing is computed.
private func failure(of network: RandomNetwork, _ configuration: Configuration, _ policy: LayoutPolicy) -> String? {
  guard let graph = network.assembled else { return nil }
  do {
    try graph.validate()
    let mapping = try Mapper.map(graph, for: configuration, policy: policy)
    let model = try GoldenModel(graph), inputs = network.inputBytes(graph)
    var mistakes: [String] = [], state = graph.states.map(\.initial)
    for _ in 0..<(graph.states.isEmpty ? 1 : 3) {
      mistakes += try MapperTests.mistakes(in: mapping, inputs: inputs, state: state)
      state = model.state(after: try model.run(inputs: inputs, state: state))
    }
    return mistakes.isEmpty ? nil : mistakes.prefix(3).joined(separator: ", ")
  } catch let error as MappingError where error.message.hasPrefix("nothing to compute") || refusesRows(error) {
    return nil
  } catch {
    return "\(error)"
  }
}

/// Compiles networks of up to `operators` operators of some kinds, each for a named configuration, and compares all tensors with
/// the golden model's. A failure is told with the smallest network that was found for it.
func expectExactNetworks(
  _ purpose: String, _ kinds: [RandomNetwork.Kind]? = nil, count: Int = 20, operators: Int = 8, policy: LayoutPolicy = .leastCycles,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  var random = SplitMix(purpose)
  for _ in 0..<count {
    let (seed, size) = (random.next(), random.int(2...operators))
    let network = kinds.map { RandomNetwork(seed: seed, count: size, kinds: $0) } ?? RandomNetwork(seed: seed, count: size)
    var configuration = random.pick(Configuration.named)
    configuration.limits.memoryBytes = nil
    guard let message = failure(of: network, configuration, policy) else { continue }
    // The same failure, not any: a smaller network may fail in another way.
    let differs = message.contains("differ")
    let small = network.shrunk { failure(of: $0, configuration, policy).map { $0.contains("differ") == differs } ?? false }
    Issue.record(
      "\(purpose), \(configuration.name): \(message)\nsmallest: \(failure(of: small, configuration, policy) ?? "")\n\(small)", sourceLocation: sourceLocation)
  }
}
