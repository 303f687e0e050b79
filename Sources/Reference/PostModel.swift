// The post unit: a tile's sums become bytes, Q channels at a time.

import Machine

extension ReferenceMachine {
  /// Drains one tile: the chunks up to the end of its channels.
  mutating func drain(_ sums: [Int], _ chunks: inout Walk.Places) throws(MachineFault) {
    let offset = Walk.post.index(ofPosition: "offset"), entry = Walk.post.index(ofPosition: "entry")
    let lanes = hardware.configuration.postLanes
    var first = 0
    while let chunk = chunks.next() {
      for half in 0..<Timing.chunk(fields.mode) {
        let offset = chunk.values[offset] + half * fields.end.int16Step, place = fields.end.base + offset
        try require(
          place & Configuration.firstWeightAddress == 0 || place & 3 + chunk.count <= 4, "computed weights in more than one word of 32 bits")
        for lane in 0..<chunk.count {
          let index = chunk.values[entry] * lanes + lane
          try require(index < parameters.count, "reads parameter entry \(chunk.values[entry])")
          if fields.mode.contains(.int16Output) {
            try finishInt16(sums[first + lane], parameters[index], isLow: half == 1, at: offset + lane)
          } else {
            try finish(sums[first + lane], parameters[index], at: offset + lane)
          }
        }
      }
      first += lanes
      if chunk.ends[chunk.ends.count - 1] { return }
    }
  }

  /// One channel: requantization, then an addition, perhaps of a product, or a table.
  private mutating func finish(_ sum: Int, _ word: ParameterWord, at place: Int) throws(MachineFault) {
    let (end, addition) = (fields.end, fields.addition)
    let first = min(max(try rescaled(sum, word) + end.zero, end.low), end.high)
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

  /// The high or the low byte of one channel's int16.
  private mutating func finishInt16(_ sum: Int, _ word: ParameterWord, isLow: Bool, at place: Int) throws(MachineFault) {
    let result = min(max(try rescaled(sum, word), fields.end.int16Low), fields.end.int16High)
    let byte = isLow ? result & 0xFF - 128 : result >> 8
    try write(fields.end.base + place, byte, before: byte)
  }

  /// A sum with its bias, multiplied, rounded and shifted.
  private func rescaled(_ sum: Int, _ word: ParameterWord) throws(MachineFault) -> Int {
    let value = wrapped(wrapped(sum) + Int(word.bias)), product = value.multipliedReportingOverflow(by: Int(word.multiplier))
    let limit = 1 << (ParameterWord.productBits - 1)
    let fits = !product.overflow && (-limit..<limit).contains(product.partialValue)
    try require(fits || fields.mode.contains(.digits), "a product of more than \(ParameterWord.productBits) bits")
    return word.rescaled(value)
  }

  /// A sum as the accumulators hold it.
  private func wrapped(_ value: Int) -> Int {
    let unused = Int.bitWidth - hardware.accumulatorBits
    return (value << unused) >> unused
  }
}
