// Which constant channels need not be there: what everyone who writes or reads them can do without.
//
// A channel goes when its range is one value, and all who touch its tensor agree. A sum over channels agrees where the channel adds the
// same to every window: where none looks outside of the image, where the constant is what stands outside, or where the weights are zero. A
// layer that keeps channels apart has one when it has the other. Everyone else wants all channels. Starting with all
// that are constant, channels are given back until nobody objects.

import Model

/// The search for channels that can go.
struct ConstantChannels {
  private let network: Network
  /// By root tensor and channel, the only value of one that may still go.
  private(set) var values: [Int: [Int8?]] = [:]
  /// Tensors that go or stay channel by channel with others.
  private var links: [Int: Set<Int>] = [:]
  private var hasChanged = false

  init(_ network: Network) {
    self.network = network
    let writers = Dictionary(grouping: network.plans.compactMap { $0 }) { network.root($0.output) }
    let graph = network.graph
    let wanted = Set((graph.inputs + graph.outputs + graph.supplied + graph.states.flatMap { [$0.tensor, $0.next] }).map { network.root($0) })
    for (tensor, plans) in writers where plans.count == 1 && !wanted.contains(tensor) {
      guard let channels = plans[0].parts.first?.to.shape.last else { continue }
      var constants = network.range(of: tensor).constants(channels)
      // The tensor before an addition or a table is seen, too.
      let before = network.range(of: plans[0].result).constants(channels)
      for channel in 0..<channels where before[channel] == nil { constants[channel] = nil }
      values[tensor] = constants
    }
    settle()
    // A tensor has at least one channel.
    for tensor in values.keys.sorted() where values[tensor]?.contains(nil) == false { keep(tensor, 0) }
    settle()
  }

  /// The tensors with channels that go, in sets that depend on each other, in the order of their layers.
  var groups: [[Int: StoredChannels]] {
    var seen: Set<Int> = [], groups: [[Int: StoredChannels]] = []
    for case let plan? in network.plans {
      var group: [Int: StoredChannels] = [:], next = [network.root(plan.output)]
      while let tensor = next.popLast() {
        guard let constants = values[tensor], constants.contains(where: { $0 != nil }), seen.insert(tensor).inserted else { continue }
        group[tensor] = StoredChannels(constants: constants)
        next += links[tensor] ?? []
      }
      if !group.isEmpty { groups.append(group) }
    }
    return groups
  }

  // MARK: Objections

  private mutating func settle() {
    // Forward and backward, since what one tensor keeps, those before and behind it may have to keep.
    let plans = network.plans.compactMap { $0 }, order = plans + plans.reversed()
    repeat {
      hasChanged = false
      for plan in order { ask(plan) }
    } while hasChanged
  }

  /// What a layer needs of the tensors that it writes and reads.
  private mutating func ask(_ plan: LayerPlan) {
    let output = network.root(plan.output)
    if let other = plan.ending.addition?.otherTensor { couple(network.root(other), output) }
    for part in plan.parts {
      let input = network.root(part.from.tensor)
      guard !plan.repeatsOperand(in: network.graph), isWhole(part.from, input), isWhole(part.to, output), part.hasChannels(values[output]?.count)
      else { return keepAll(of: plan) }
      let hasOutputChannels = values[output].map { $0.count == part.to.shape.last } ?? true
      switch part.kernel {
      case .sum(let window, let weights) where hasOutputChannels: ask(part, window, weights, input)
      case .each(_, _, let multiplier) where hasOutputChannels: couple(input, output, multiplier)
      case .maximum, .bytes: couple(input, output)
      case .sum, .each, .wide, .product, .surround, .softmax, .scalarAddition, .int16: keepAll(of: plan)
      }
    }
  }

  private mutating func keepAll(of plan: LayerPlan) { for tensor in plan.reads.union([plan.output]) { keep(network.root(tensor)) } }

  /// Whether a box has whole rows of the channels of its tensor; true for a tensor that keeps all of them.
  private func isWhole(_ box: Box, _ tensor: Int) -> Bool { values[tensor].map { box.isRows(of: $0.count) } ?? true }

  /// A sum over channels can do without one that adds the same to each of its windows.
  private mutating func ask(_ part: Part, _ window: Window, _ weights: [Int8], _ input: Int) {
    guard let constants = values[input], window.touchesPadding else { return }
    let outside = network.padByte(part)
    for (channel, constant) in constants.enumerated() {
      guard let constant, Int(constant) != outside else { continue }
      let columns = stride(from: channel, to: window.depth, by: constants.count)
      let isIgnored = stride(from: 0, to: weights.count, by: window.depth).allSatisfy { tap in columns.allSatisfy { weights[tap + $0] == 0 } }
      if !isIgnored { keep(input, channel) }
    }
  }

  /// Channels of one tensor go when those of the other do: `multiplier` of the second for each of the first.
  private mutating func couple(_ first: Int, _ second: Int, _ multiplier: Int = 1) {
    guard let one = values[first], let other = values[second], one.count * multiplier == other.count else {
      keep(first)
      keep(second)
      return
    }
    links[first, default: []].insert(second)
    links[second, default: []].insert(first)
    for (channel, constant) in one.enumerated() {
      let group = channel * multiplier..<(channel + 1) * multiplier
      guard constant == nil || other[group].contains(nil) else { continue }
      keep(first, channel)
      for channel in group { keep(second, channel) }
    }
  }

  private mutating func keep(_ tensor: Int) {
    guard values[tensor] != nil else { return }
    values[tensor] = nil
    hasChanged = true
  }

  private mutating func keep(_ tensor: Int, _ channel: Int) {
    guard values[tensor]?[channel] != nil else { return }
    values[tensor]?[channel] = nil
    hasChanged = true
  }
}

extension Part {
  /// Whether its parameters and factors belong to channels, or to all of them.
  fileprivate func hasChannels(_ count: Int?) -> Bool {
    var factorCount = 1
    if case .bytes(let factors?) = kernel { factorCount = factors.count }
    return [period, factorCount].allSatisfy { $0 == 1 || $0 == count ?? $0 }
  }
}
