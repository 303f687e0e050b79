/// Sends every payload of one stream to several receivers.
public struct StreamFork<T: Payload>: Module {
  public enum Policy: Hashable, Sendable {
    /// Each receiver takes its copy as soon as it likes; the input moves on when all have. One register for each receiver.
    case eager
    /// All receivers take their copies in the same cycle. No registers, but an offer to one is withdrawn
    /// when another lowers `ready`, against rule 3 of `Stream`: for receivers that do not mind, or that
    /// keep `ready` until the transfer.
    case lazy
  }
  public let policy: Policy
  public let input: Target<Stream<T>>
  public let outputs: [Initiator<Stream<T>>]

  public init(_ stream: Stream<T>, outputs count: Int, _ policy: Policy = .eager) {
    self.policy = policy
    input = Target(stream)
    outputs = (0..<count).map { _ in Initiator(stream) }
  }
  public var moduleName: String { "stream_fork_\(outputs.count)x\(input.members.payloadWidth)" }
  public var documentation: String {
    "Copies a stream to \(outputs.count) receivers, \(policy == .eager ? "each in its own time" : "all in the same cycle")."
  }

  public func body() {
    if outputs.isEmpty {
      reportWithoutGraph("a StreamFork without outputs goes nowhere; the least is 1")
      return input.end.driveZeros(forward: false)
    }
    for output in outputs { output.payloadBits = input.payloadBits }
    switch policy {
    case .eager: forkEagerly()
    case .lazy: forkLazily()
    }
  }

  private func forkEagerly() {
    let served = outputs.indices.map { Register<Bit>("served\($0)") }
    let content = zip(outputs, served).map { $0.ready | $1.value }
    input.ready = all(content)
    for (output, isServed) in zip(outputs, served) { output.valid = input.valid & !isServed.value }
    When(input.valid) {
      for (output, isServed) in zip(outputs, served) { isServed.value = !input.ready & (output.ready | isServed.value) }
    }
  }

  private func forkLazily() {
    input.ready = all(outputs.map(\.ready))
    for (index, output) in outputs.enumerated() {
      let others = outputs.indices.filter { $0 != index }.map { outputs[$0].ready }
      output.valid = all([input.valid] + others)
    }
  }
}
