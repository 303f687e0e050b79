// Constant channels are neither computed nor stored: what they add to sums goes into the biases.
//
//   Σ_d Σ_taps x_d·w_d + bias = Σ_{d stored} Σ_taps x_d·w_d + (bias + Σ_{d constant} c_d·Σ_taps w_d)
//
// The parameters are those of all channels, so that the same sum meets the same multiplier. Channels that depend on each other go together, if
// the layers that touch them do not take longer then.

import Machine

extension Network {
  /// After `settleArithmetic`, which finds the values.
  mutating func removeConstantChannels(_ configuration: Configuration, _ policy: LayoutPolicy) {
    var judge = LayerJudge(configuration, policy)
    let names = Dictionary(grouping: graph.tensors.indices) { root($0) }, layers = layersByTensor
    for group in ConstantChannels(self).groups {
      let affected = Set(group.keys.flatMap { layers[$0] ?? [] }).sorted()
      var smaller = self
      for (tensor, stored) in group { for name in names[tensor] ?? [] { smaller.store(stored, of: name) } }
      smaller.remove(group, from: affected)
      let (all, fewer) = (affected.compactMap { plans[$0] }, affected.compactMap { smaller.plans[$0] })
      guard let before = judge.cycles(of: all, in: self), let after = judge.cycles(of: fewer, in: smaller), after <= before else { continue }
      self = smaller
    }
  }

  /// By root tensor, the positions of the layers that read or write it.
  private var layersByTensor: [Int: [Int]] {
    var result: [Int: [Int]] = [:]
    for (position, plan) in plans.enumerated() {
      guard let plan else { continue }
      for tensor in Set(plan.reads.union([plan.output]).map { root($0) }) { result[tensor, default: []].append(position) }
    }
    return result
  }

  /// Leaves out channels, by root tensor, in layers that touch them.
  private mutating func remove(_ group: [Int: StoredChannels], from positions: [Int]) {
    for position in positions {
      guard var plan = plans[position] else { continue }
      let output = group[root(plan.output)]
      if plan.wholeMACs == nil { plan.wholeMACs = plan.kernelMACs }
      for index in plan.parts.indices { plan.parts[index].remove(group[root(plan.parts[index].from.tensor)], output) }
      plans[position] = plan
      // The tensor before an addition or a table, which only the trace shows.
      if let output, channels[plan.result] == nil { store(output.with(constants: range(of: plan.result)), of: plan.result) }
    }
  }
}

extension StoredChannels {
  /// The same channels with the values of another tensor.
  fileprivate func with(constants range: ValueRanges) -> StoredChannels {
    let values = range.constants(count)
    return StoredChannels(constants: constants.indices.map { constants[$0] == nil ? nil : values[$0] })
  }
}

extension Part {
  /// Leaves out channels of what it reads and of what it writes; nil: none.
  fileprivate mutating func remove(_ input: StoredChannels?, _ output: StoredChannels?) {
    if case .words(var words, let zero) = rescaling {
      if case .sum(let window, let weights) = kernel, let input {
        for channel in words.indices { words[channel].bias &+= input.constantSum(of: weights, channel, window) }
      }
      rescaling = .words(words.count == 1 ? words : output?.kept(words) ?? words, zero: zero)
    }
    kernel.remove(input, output)
    from = input?.box(from) ?? from
    to = output?.box(to) ?? to
  }
}

extension StoredChannels {
  /// What the channels that are not stored add to each sum of an output channel.
  fileprivate func constantSum(of weights: [Int8], _ output: Int, _ window: Window) -> Int32 {
    var sum = 0
    for column in 0..<window.depth {
      guard let constant = constant(of: column) else { continue }
      for tap in output * window.taps..<(output + 1) * window.taps { sum += Int(constant) * Int(weights[tap * window.depth + column]) }
    }
    return Int32(truncatingIfNeeded: sum)
  }
}

extension Kernel {
  /// Leaves out channels of what it reads and of what it writes; nil: none.
  fileprivate mutating func remove(_ input: StoredChannels?, _ output: StoredChannels?) {
    switch self {
    case .sum(var window, var weights):
      if let input { weights = input.kept(weights) }
      window.depth = input?.stored(of: window.depth) ?? window.depth
      if let output {
        let row = window.taps * window.depth
        weights = output.kept.flatMap { weights[$0 * row..<($0 + 1) * row] }
      }
      self = .sum(window, weights: weights)
    case .each(var window, let weights, let multiplier):
      window.depth = input?.stored(of: window.depth) ?? window.depth
      self = .each(window, weights: weights.map { output?.kept($0) ?? $0 }, multiplier: multiplier)
    case .maximum(var window):
      window.depth = input?.stored(of: window.depth) ?? window.depth
      self = .maximum(window)
    case .bytes(let factors?) where factors.count > 1: self = .bytes(factors: output?.kept(factors) ?? factors)
    case .bytes, .wide, .product, .surround, .softmax, .scalarAddition, .int16: break
    }
  }
}
