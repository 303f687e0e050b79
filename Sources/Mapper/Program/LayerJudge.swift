// What layers are weighed by when a rewrite can do either of two things.

import Machine

/// The machine, the choice of layouts on it, and what was predicted before.
struct LayerJudge {
  private let configuration: Configuration
  private let policy: LayoutPolicy
  private var model: CycleModel

  init(_ configuration: Configuration, _ policy: LayoutPolicy) {
    (self.configuration, self.policy, model) = (configuration, policy, CycleModel(configuration))
  }

  /// What layers of a network take, by prediction; nil when the hardware cannot reach their bytes.
  mutating func cycles(of layers: [LayerPlan], in network: Network) -> Int? {
    guard var lowering = try? Lowering(network, configuration, policy) else { return nil }
    swap(&lowering.cycles, &model)
    defer { swap(&lowering.cycles, &model) }
    do { for layer in layers { try lowering.add(layer) } } catch { return nil }
    return lowering.predictedCycles()
  }
}
