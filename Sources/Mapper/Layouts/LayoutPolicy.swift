// Which layouts a window can have, and which one is taken.

import Machine

/// A run of the array: a layout for some of the output, and where that begins.
struct ArrayRun: Sendable {
  var layout: any Layout
  /// Bytes from the first byte of the output to the first that the run makes.
  var outputOffset = 0
  /// The output channel of the layer by the number among the run's; nil: the same.
  var channels: [Int]?
  var detail = ""
}

/// A way to compute a window: one run, or a few that share the work.
struct LayoutCandidate: Sendable {
  var runs: [ArrayRun]
  /// Taken only if it needs less than this part of the cycles of the best candidate that is taken at once, in percent.
  var percent = 100

  init(_ runs: [ArrayRun], percent: Int = 100) { (self.runs, self.percent) = (runs, percent) }
  init(_ layout: some Layout) { runs = [ArrayRun(layout: layout)] }
}

/// What a candidate costs.
struct LayoutCost: Sendable, Hashable {
  var cycles: Int
  /// Words of weights that are stored, of all elements in use together.
  var weightWords: Int
}

/// Chooses among candidates.
public struct LayoutPolicy: Sendable {
  /// The index of the candidate to take, of one or more with what they cost.
  let choose: @Sendable (_ candidates: [LayoutCandidate], _ costs: [LayoutCost]) -> Int

  /// The fewest predicted cycles; among equals the first.
  public static let leastCycles = LayoutPolicy { candidates, costs in
    func best(_ indices: some Sequence<Int>) -> Int { indices.min { costs[$0].cycles < costs[$1].cycles } ?? 0 }
    let plain = best(candidates.indices.filter { candidates[$0].percent == 100 })
    return best([plain] + candidates.indices.filter { costs[$0].cycles * 100 < costs[plain].cycles * candidates[$0].percent })
  }
  /// The fewest words of weights, which are then stored once; among equals the fewest cycles.
  public static let leastWeights = LayoutPolicy { candidates, costs in
    candidates.indices.min { (costs[$0].weightWords, costs[$0].cycles) < (costs[$1].weightWords, costs[$1].cycles) } ?? 0
  }
  /// What users can ask for.
  public static let named = ["cycles": leastCycles, "weights": leastWeights]
  /// The first candidate: the plain way.
  public static let first = LayoutPolicy { _, _ in 0 }
}

extension WindowShape {
  /// Ways to sum whole windows for every output channel.
  func candidates(channels: Int, padByte: Int, _ machine: ArrayShape) -> [LayoutCandidate] {
    let view = views.last ?? self
    let numbers = LayerMode.mergedCounts(upTo: machine.mergedElements)
    /// Cycles for a row of pixels side by side, about: no need to follow what cannot gain. Other readers and short buffers can make a tenth of
    /// a difference.
    func cycles(_ pixels: Int, merged: Int) -> Int {
      let row = (view.kernelWidth + (pixels - 1) * view.strideX) * view.depth, outputs = machine.elements / merged
      let steps = dividedUp(view.tapRows * row, merged * machine.dotProduct), reads = view.tapRows * dividedUp(row, machine.memoryLanes)
      let tile = max(steps, reads, dividedUp(min(channels * pixels, outputs), machine.postLanes))
      return tile * dividedUp(channels * pixels, outputs) * (view.outputWidth / pixels)
        + (pixels > 1 ? view.outputWidth % pixels * (numbers.map { cycles(1, merged: $0) }.min() ?? 0) / view.outputWidth : 0)
    }
    func plain(_ shape: WindowShape, merged: Int, _ detail: String = "", from offset: Int = 0) -> ArrayRun {
      let sharing = merged > 1 ? "\(merged) elements an output" : ""
      return ArrayRun(
        layout: Stream(shape, channels: channels, merged: merged, padByte: padByte, machine), outputOffset: offset,
        detail: [detail, sharing].filter { !$0.isEmpty }.joined(separator: ", "))
    }
    var result: [LayoutCandidate] = [], fewest = Int.max
    for merged in numbers where cycles(1, merged: merged) < fewest {
      fewest = cycles(1, merged: merged)
      result.append(LayoutCandidate([plain(view, merged: merged)]))
    }
    guard view.dilationX == 1, view.hasDenseRows, view.outputColumnStep == channels, view.kernelWidth > 1 else { return result }
    // A wider window reads zeros: it must gain enough to be worth its weights.
    let percent = 97, doubt = 110, widest = 8, best = numbers.first { cycles(1, merged: $0) == fewest } ?? 1
    for pixels in 2...widest where pixels <= view.outputWidth {
      for merged in numbers where cycles(pixels, merged: merged) * 100 < fewest * doubt {
        let wide = WidePixels(view, pixels: pixels, channels: channels, merged: merged, padByte: padByte, machine)
        let sharing = merged > 1 ? ", \(merged) elements an output" : ""
        var runs = [ArrayRun(layout: wide, detail: "\(pixels) pixels side by side\(sharing)")]
        let done = view.outputWidth / pixels * pixels
        if done < view.outputWidth {
          var rest = view
          rest.padLeft -= done * view.strideX
          rest.outputWidth -= done
          runs.append(plain(rest, merged: best, "last columns", from: done * view.outputColumnStep))
        }
        result.append(LayoutCandidate(runs, percent: percent))
      }
    }
    return result
  }

  /// Ways to run a window per channel; none for a maximum that does not fit the column buffer.
  func channelCandidates(
    multiplier: Int, padByte: Int, hasWeights: Bool, maximum: Bool = false, _ machine: ArrayShape
  ) -> [LayoutCandidate] {
    var result: [LayoutCandidate] = []
    if multiplier == 1 {
      for view in views {
        if let columns = SharedColumns(view, padByte: padByte, maximum: maximum, machine) { result.append(LayoutCandidate(columns)) }
        // Shared columns are as good where every pass is full.
        guard result.isEmpty || view.strideX > 1 || view.dilationX > 1 || view.kernelWidth % machine.dotProduct != 0 else { continue }
        if let taps = TapColumns(view, padByte: padByte, maximum: maximum, machine) { result.append(LayoutCandidate(taps)) }
      }
    }
    guard result.isEmpty, !maximum else { return result }
    let view = views.last ?? self
    if view.rowRepeats > 1 { return [LayoutCandidate(WholePixels(view, multiplier: multiplier, padByte: padByte, machine))] }
    guard multiplier > machine.elements else {
      let blocks = LayoutCandidate(ChannelBlocks(view, multiplier: multiplier, padByte: padByte, machine))
      guard !hasWeights, multiplier == 1 else { return [blocks] }
      // Blocks that a dot product takes in one: a word of ones for all steps, unless so few channels take much longer.
      var most = machine.dotProduct
      while most > view.depth { most /= 2 }
      var larger = blocks
      larger.percent = 97
      return [LayoutCandidate(ChannelBlocks(view, multiplier: 1, most: most, padByte: padByte, machine)), larger]
    }
    let slices = stride(from: 0, to: multiplier, by: machine.elements).map { first in
      let slice = first..<min(first + machine.elements, multiplier)
      return ArrayRun(
        layout: ChannelBlocks(view, multiplier: multiplier, slice: slice, padByte: padByte, machine), outputOffset: first,
        channels: (0..<view.depth).flatMap { input in slice.map { input * multiplier + $0 } })
    }
    return [LayoutCandidate(slices)]
  }
}
