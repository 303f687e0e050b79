// The post unit: a tile's sums become bytes, Q channels at a time.

import Machine

extension ReferenceMachine {
  /// Drains one tile: the chunks up to the end of its channels.
  mutating func drain(_ sums: [Int], _ chunks: inout Walk.Places) throws(MachineFault) {
    let offset = Walk.post.index(ofPosition: "offset"), entry = Walk.post.index(ofPosition: "entry")
    let lanes = hardware.configuration.postLanes
    var first = 0
    while let chunk = chunks.next() {
      let place = fields.end.base + chunk.values[offset]
      try require(
        place & Configuration.firstWeightAddress == 0 || place & 3 + chunk.count <= 4, "computed weights in more than one word of 32 bits")
      for lane in 0..<chunk.count {
        let index = chunk.values[entry] * lanes + lane
        try require(index < parameters.count, "reads parameter entry \(chunk.values[entry])")
        try finish(sums[first + lane], parameters[index], at: chunk.values[offset] + lane)
      }
      first += lanes
      if chunk.ends[chunk.ends.count - 1] { return }
    }
  }

  /// One channel: requantization, then an addition, perhaps of a product, or a table.
  private mutating func finish(_ sum: Int, _ word: ParameterWord, at place: Int) throws(MachineFault) {
    let (end, addition) = (fields.end, fields.addition)
    let value = wrapped(wrapped(sum) + Int(word.bias))
    let first = min(max(word.rescaled(value) + end.zero, end.low), end.high)
    var result = first
    if fields.mode.contains(.residual) {
      let second = fields.mode.contains(.residualConstant)
        ? Int(word.operand) : Int(Int8(bitPattern: try read(addition.base + place)))
      let factor = fields.mode.contains(.product) ? (first - addition.firstZero) * (second - addition.secondZero) : first
      let d = addition.a * factor + addition.b * second + addition.offset
      let rounded = d + addition.round - (d < 0 ? addition.delta : 0)
      try require(max(abs(addition.offset), abs(addition.round), abs(rounded)) < 1 << 39, "the addition exceeds 40 bits")
      result = min(max(rounded >> addition.shift + addition.zero, addition.low), addition.high)
    }
    guard fields.mode.contains(.table) else { return try write(end.base + place, result, before: first) }
    try require(fields.table.number < byteTables.count, "there is no byte table \(fields.table.number)")
    let table = byteTables[fields.table.number], index = Int(UInt8(truncatingIfNeeded: result))
    try require(index < table.count, "byte table \(fields.table.number) has only \(table.count) bytes")
    let looked = Int8(bitPattern: table[index])
    try write(end.base + place, Int(looked), before: result)
  }

  /// A sum as the accumulators hold it.
  private func wrapped(_ value: Int) -> Int {
    let unused = Int.bitWidth - hardware.accumulatorBits
    return (value << unused) >> unused
  }
}
