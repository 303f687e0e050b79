// The ways to sum whole windows for every output channel.

import Machine

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
          let rest = view.columns(done..<view.outputWidth)
          runs.append(plain(rest, merged: best, "last columns", from: done * view.outputColumnStep))
        }
        result.append(LayoutCandidate(runs, percent: percent))
      }
    }
    return result
  }
}
