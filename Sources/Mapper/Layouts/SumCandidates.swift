// The ways to sum whole windows for every output channel.
//
// N elements make N outputs at a time, or N/r where r of them share one. Channels that leave elements idle either way are divided: whole groups of
// many first, and the rest with more elements an output. Or several pixels go side by side, and meet zeros.

import Machine

extension WindowShape {
  /// Ways to sum whole windows for every output channel.
  func candidates(channels: Int, padByte: Int, _ machine: ArrayShape) -> [LayoutCandidate] {
    let ways = SumWays(view: views.last ?? self, channels: channels, padByte: padByte, machine)
    return ways.whole + ways.divided + ways.sideBySide
  }
}

private struct SumWays {
  private let view: WindowShape
  private let channels: Int, padByte: Int
  private let machine: ArrayShape
  /// How many elements can share an output.
  private let numbers: [Int]
  /// About as many cycles as a row of outputs takes, with the best of these numbers for all channels.
  private let fewest: Int

  /// More runs, or weights that are zeros, must be worth their program or their memory.
  private static let percent = 97
  /// No need to follow what cannot gain; other readers and short buffers can make a tenth of a difference.
  private static let doubt = 110

  init(view: WindowShape, channels: Int, padByte: Int, _ machine: ArrayShape) {
    (self.view, self.channels, self.padByte, self.machine) = (view, channels, padByte, machine)
    numbers = LayerMode.mergedCounts(upTo: machine.mergedElements)
    fewest = numbers.map { Self.cycles(view, channels, merged: $0, machine) }.min() ?? 0
  }

  /// About as many cycles as a row of outputs takes, some pixels side by side.
  private static func cycles(_ view: WindowShape, _ channels: Int, pixels: Int = 1, merged: Int, _ machine: ArrayShape) -> Int {
    let row = (view.kernelWidth + (pixels - 1) * view.strideX) * view.depth, outputs = machine.elements / merged
    let steps = dividedUp(view.tapRows * row, merged * machine.dotProduct), reads = view.tapRows * dividedUp(row, machine.memoryLanes)
    let tile = max(steps, reads, dividedUp(min(channels * pixels, outputs), machine.postLanes))
    return tile * dividedUp(channels * pixels, outputs) * (view.outputWidth / pixels)
  }

  /// One run for all channels. More elements an output only where that gains.
  var whole: [LayoutCandidate] {
    var result: [LayoutCandidate] = [], least = Int.max
    for merged in numbers {
      let cycles = Self.cycles(view, channels, merged: merged, machine)
      guard cycles < least else { continue }
      least = cycles
      result.append(LayoutCandidate([run(of: view, merged: merged)]))
    }
    return result
  }

  /// Whole groups, and the rest with more elements an output.
  var divided: [LayoutCandidate] {
    divisions(of: 0..<channels, numbers[...]).filter { parts in
      let cycles = parts.reduce(0) { $0 + Self.cycles(view, $1.channels.count, merged: $1.merged, machine) }
      return parts.count > 1 && cycles * 100 < fewest * Self.doubt
    }.map { parts in
      LayoutCandidate(
        parts.map { part in
          run(of: view, part.channels, merged: part.merged, "channels \(part.channels.lowerBound)..<\(part.channels.upperBound)")
        }, percent: Self.percent)
    }
  }

  private typealias ChannelPart = (channels: Range<Int>, merged: Int)

  /// Some channels in parts, each with more elements an output than the one before.
  private func divisions(of channels: Range<Int>, _ numbers: ArraySlice<Int>) -> [[ChannelPart]] {
    guard let merged = numbers.first else { return [] }
    let group = machine.elements / merged, whole = channels.lowerBound..<channels.upperBound - channels.count % group
    let others = whole.isEmpty || whole == channels ? [] : divisions(of: whole.upperBound..<channels.upperBound, numbers.dropFirst())
    return [[(channels, merged)]] + others.map { [(whole, merged)] + $0 } + divisions(of: channels, numbers.dropFirst())
  }

  /// Several pixels side by side, and what is left of a row.
  var sideBySide: [LayoutCandidate] {
    guard view.dilationX == 1, view.hasDenseRows, view.outputColumnStep == channels, view.kernelWidth > 1 else { return [] }
    let widest = 8, best = numbers.min { Self.cycles(view, channels, merged: $0, machine) < Self.cycles(view, channels, merged: $1, machine) } ?? 1
    return (2...widest).filter { $0 <= view.outputWidth }.flatMap { pixels in
      let left = view.outputWidth % pixels, ofLeft = left * fewest / view.outputWidth
      let able = numbers.filter { merged in
        (Self.cycles(view, channels, pixels: pixels, merged: merged, machine) + ofLeft) * 100 < fewest * Self.doubt
      }
      return able.map { merged in
        let wide = WidePixels(view, pixels: pixels, channels: channels, merged: merged, padByte: padByte, machine)
        var runs = [ArrayRun(layout: wide, detail: described("\(pixels) pixels side by side", merged))]
        if left > 0 {
          let done = view.outputWidth - left
          runs.append(run(of: view.columns(done..<view.outputWidth), merged: best, "last columns", at: done * view.outputColumnStep))
        }
        return LayoutCandidate(runs, percent: Self.percent)
      }
    }
  }

  // MARK: Runs

  /// A run that makes some channels of a window, all if none are given.
  private func run(of view: WindowShape, _ part: Range<Int>? = nil, merged: Int, _ detail: String = "", at offset: Int = 0) -> ArrayRun {
    let part = part ?? 0..<channels
    return ArrayRun(
      layout: Stream(view, from: part.lowerBound, channels: part.count, merged: merged, padByte: padByte, machine),
      outputOffset: offset + part.lowerBound, detail: described(detail, merged))
  }

  private func described(_ detail: String, _ merged: Int) -> String {
    [detail, merged > 1 ? "\(merged) elements an output" : ""].filter { !$0.isEmpty }.joined(separator: ", ")
  }
}
