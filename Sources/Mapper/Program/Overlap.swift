// How far two layers overlap: how long a `run` waits after the last step of the array in the layer before.
//
// The post unit writes the end of a layer while feeder and array begin with the next. Nothing in hardware holds them apart,
// so the wait keeps what one does out of the other's way: registers, buffers, the read port, the post unit, and above all the bytes
// that the next layer reads and this one has still to write. All times are static (`StepEdges`).

import Machine

/// What overlaps: a `run` whose addresses are known.
struct OverlappingRun: Sendable {
  var fields: LayerFields
  var edges: StepEdges
  /// It writes the weights of another step.
  var writesWeights: Bool
}

/// Two layers on a machine.
struct Overlap: Sendable {
  let configuration: Configuration
  let timing: Timing

  /// How many cycles `next` waits after the last step of `before`, or 0: until all engines are idle.
  func wait(of next: OverlappingRun, after before: OverlappingRun) -> Int {
    // Weights take a way of their own, that nobody follows here. A layer of no tiles is none.
    if before.writesWeights || before.edges.tiles.isEmpty || next.edges.tiles.isEmpty { return 0 }
    let (first, last) = (next.edges, before.edges)
    // Cycles from the acceptance of `before`; `accepted` is that of `next`.
    let lastStep = Timing.layerStart + last.lastStep
    var accepted = lastStep + 1
    // What has been fed is in its buffer when the buffers are cleared, a cycle after the acceptance.
    accepted = max(accepted, Timing.layerStart + last.fed - Timing.launch)
    // Without a queue for tiles, layers meet behind the array as little as before it. The feeder begins behind the last second operand,
    // which takes the read port from it; the post unit takes the next layer over as it writes the last byte, and must have it when the
    // first tile comes. A queue lets tiles wait, and both are followed (`DrainBacklog`).
    if !configuration.hasTileQueue {
      if let operand = last.operands.last { accepted = max(accepted, operand + 1) }
      let written = Timing.layerStart + last.drained + timing.post
      accepted = max(accepted, written + Timing.launch - Timing.layerStart - first.firstTile)
    }
    // Addresses wrap: an image that begins at 0 has the rows of its padding at the other end.
    let addressMask = 1 << Configuration.addressBits - 1
    var written: [Int: Int] = [:]
    for write in writes(of: before) { for byte in write.bytes { written[byte & addressMask] = write.cycle } }
    for read in reads(of: next) {
      for byte in read.bytes { if let cycle = written[byte & addressMask] { accepted = max(accepted, cycle + 1 - read.cycle) } }
    }
    let wait = accepted - lastStep
    return wait <= Instruction.maximumAfter ? wait : 0
  }

  /// What is left to the post unit as `next` begins, so many cycles after `before`, where tiles wait in a queue.
  func backlog(of before: OverlappingRun, after cycles: Int) -> DrainBacklog {
    guard configuration.hasTileQueue else { return .none }
    let edges = before.edges, written = Timing.layerStart + edges.drained + timing.post
    func left(_ times: [Int]) -> [Int] { times.map { $0 - cycles }.filter { $0 >= 0 } }
    return DrainBacklog(
      tiles: left(edges.tiles), operands: left(edges.operands), free: max(0, written + Timing.nextTile - cycles - Timing.layerStart))
  }

  private typealias Access = (cycle: Int, bytes: Range<Int>)

  /// The first reads, in cycles from the acceptance.
  private func reads(of run: OverlappingRun) -> [Access] {
    zip(run.edges.requests, Walk.feeder.places(run.fields, piece: configuration.memoryLanes)).map { issued, place in
      (Timing.layerStart + issued + Timing.feedRequest, run.fields.bytesRead(at: place))
    }
  }

  /// The last writes, in cycles from the acceptance.
  private func writes(of run: OverlappingRun) -> [Access] {
    let fields = run.fields, tiles = run.edges.tiles, offset = Walk.post.index(ofPosition: "offset")
    let (rows, columns) = (fields.feed.rows, fields.array.columns), first = fields.feed.groups * rows * columns - tiles.count
    let turns = [first / columns / rows, first / columns % rows, first % columns, 0]
    var writes: [Access] = [], tile = 0, chunk = 0
    for place in Walk.post.places(fields, piece: configuration.postLanes, from: turns) {
      // Of int16 the high bytes, then the low ones.
      for half in 0..<Timing.chunk(fields.mode) {
        let address = fields.end.base + place.values[offset] + half * fields.end.int16Step
        writes.append((Timing.layerStart + tiles[tile] + Timing.capture + chunk + timing.post, address..<address + place.count))
        chunk += 1
      }
      // A tile ends with its last chunk.
      if place.ends[place.ends.count - 1] { (tile, chunk) = (tile + 1, 0) }
    }
    return writes
  }
}
