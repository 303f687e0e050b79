// A layer of the array: windows become tiles of sums, and the post unit drains each.

import Machine

extension ReferenceMachine {
  mutating func runLayer() throws(MachineFault) {
    try checkLayer()
    let c = hardware.configuration.dotProduct, merged = fields.mode.mergedElements
    let isColumns = fields.mode.contains(.columns), usesMaximum = fields.mode.contains(.maximum)
    let passColumns = usesMaximum ? 1 : merged * c, part = hardware.configuration.elements / merged
    let pass = Walk.array.index(of: "pass"), column = Walk.array.index(of: "column"), weight = Walk.array.index(ofPosition: "weight")
    var feeder = FeederModel(fields, lanes: hardware.configuration.memoryLanes)
    var chunks = Walk.post.places(fields, piece: hardware.configuration.postLanes)
    let isInt16 = fields.mode.contains(.int16Input)
    var sums: [Int] = [], highBytes: [Int] = [], window: [Int8] = []
    for place in Walk.array.places(fields, piece: 1) {
      let (inPass, entry) = (place.turns[pass], place.turns[pass + 1])
      let isFirst = inPass == 0 && entry == 0
      if isFirst {
        sums = [Int](repeating: 0, count: hardware.configuration.elements)
        if isColumns {
          try feeder.fill(to: fields.window.columns, self, for: "the last window")
        } else {
          window = try feeder.window(self)
        }
      }
      let lanes = inPass == fields.array.passes - 1 ? fields.array.lastPassLanes : passColumns
      // Of int16, high and low bytes come in turn.
      let isHigh = isInt16 && (isColumns ? entry : inPass) & 1 == 0
      if usesMaximum {
        let bytes = feeder.columns[inPass][entry], values = sums.indices.map { $0 < bytes.count ? Int(bytes[$0]) : 0 }
        if isHigh {
          highBytes = values
        } else {
          let begins = inPass == 0 && entry == (isInt16 ? 1 : 0)
          for n in sums.indices {
            let value = isInt16 ? highBytes[n] << 8 + values[n] + 128 : values[n]
            sums[n] = begins ? value : max(sums[n], value)
          }
        }
      } else if isColumns {
        let columns = feeder.columns[inPass * c..<inPass * c + lanes].map { $0[entry] }
        try accumulate(&sums, word: place.values[weight], counting: isHigh ? 256 : 1) { n, lane in lane < lanes ? Int(columns[lane][n]) : 0 }
      } else {
        // A digit of the weights sees the whole window, step by step.
        let step = inPass * fields.array.passSteps + entry
        if entry == 0, inPass > 0, fields.mode.contains(.digits) { for n in sums.indices { sums[n] <<= Configuration.digitBits } }
        try accumulate(&sums, word: place.values[weight], counting: isHigh ? 256 : 1) { n, lane in
          let lane = n / part * c + lane
          return lane < lanes ? Int(window[merged * c * step + lane]) : 0
        }
      }
      guard place.ends[pass] else { continue }
      if isColumns {
        try feeder.release(place.turns[column] == fields.array.columns - 1 ? fields.window.rowAdvance : fields.window.advance, self)
      }
      // Elements that share an output lie a part of the array apart.
      try drain((0..<part).map { n in stride(from: n, to: sums.count, by: part).reduce(0) { $0 + sums[$1] } }, &chunks)
    }
    try require(feeder.isEmpty, "the feeder feeds more than is consumed")
  }

  /// One step: `operand` gives the byte of element n and lane t, and every product counts `times` times.
  private func accumulate(_ sums: inout [Int], word: Int, counting times: Int, _ operand: (Int, Int) -> Int) throws(MachineFault) {
    let c = hardware.configuration.dotProduct, base = word * hardware.configuration.weightWordBytes
    try require(base + hardware.configuration.weightWordBytes <= weights.count, "reads weight word \(word)")
    for n in sums.indices {
      for lane in 0..<c { sums[n] += times * operand(n, lane) * Int(Int8(bitPattern: weights[base + n * c + lane])) }
    }
  }

  /// Requirements on a layer's fields.
  private func checkLayer() throws(MachineFault) {
    let (feed, array, window) = (fields.feed, fields.array, fields.window)
    let c = hardware.configuration.dotProduct, depth = hardware.configuration.patchDepth, merged = fields.mode.mergedElements
    try require(fields.mode.isSubset(of: LayerMode(of: hardware)), "a mode that this hardware does not know")
    for loop in Walk.feeder.loops + Walk.array.loops {
      try require(fields[loop.count] >= 1, "\(loop.count.assemblyName) is 0")
    }
    try require(!fields.mode.isSuperset(of: [.merged2, .merged4]), "2 and 4 elements share an output")
    try require(merged * fields.end.channels <= hardware.configuration.elements, "a group is larger than the array")
    try require(array.lastPassLanes >= 1 && array.lastPassLanes <= merged * c, "lanes of the last pass")
    let isInt16 = fields.mode.contains(.int16Input)
    try require(
      !fields.mode.contains(.int16Output) || fields.mode.isDisjoint(with: [.residual, .product, .table]),
      "a second operand or a table of outputs of int16")
    guard fields.mode.contains(.columns) else {
      try require(!fields.mode.contains(.maximum), "a maximum needs column mode")
      let bytes = feed.tapRows * feed.tapColumns * feed.runBytes
      let isDigits = fields.mode.contains(.digits), fillsSteps = isDigits || isInt16
      try require(!isDigits || !isInt16, "digits of weights and inputs of int16")
      try require(fillsSteps || array.passSteps == 1, "pass steps of a stream")
      try require(feed.columns == array.columns, "feed columns of a stream")
      let room = hardware.configuration.streamBufferBytes - feed.reserve
      try require(room >= hardware.configuration.memoryLanes + merged * c, "room for a read and a step")
      try require(array.passes * array.passSteps == dividedUp(bytes, merged * c), "passes of a stream")
      try require(array.lastPassLanes == bytes - merged * c * (array.passes * array.passSteps - 1), "last lanes of a stream")
      try require(!fillsSteps || array.lastPassLanes == merged * c, "a pass that ends within a step")
      try require(!isInt16 || array.passes == feed.tapRows, "a pass of int16 that is no row of taps")
      try require(!isInt16 || array.passSteps * merged * c == feed.tapColumns * feed.runBytes, "a row of taps that ends within a step")
      return
    }
    try require(merged == 1, "elements that share an output need a stream")
    try require(!fields.mode.contains(.digits), "digits need a stream")
    try require(!isInt16 || array.passSteps % 2 == 0, "a column of int16 with more high bytes than low ones")
    let advance = fields.mode.contains(.maximum) ? 1 : c
    try require(feed.runBytes <= hardware.configuration.memoryLanes, "an entry is longer than a read")
    try require(window.columns == advance * (array.passes - 1) + array.lastPassLanes, "window columns")
    try require(window.capacity <= c * (depth / array.passSteps), "capacity beyond the column buffer")
    try require(window.capacity >= max(window.columns, window.advance, window.rowAdvance), "capacity too small")
    try require(window.advanceRows == window.advance / c * array.passSteps, "output advance rows")
    try require(window.rowAdvanceRows == window.rowAdvance / c * array.passSteps, "row advance rows")
    let consumed = window.advance * (array.columns - 1) + window.rowAdvance
    try require(feed.columns * feed.tapRows * feed.tapColumns == consumed * array.passSteps, "columns fed and consumed")
  }
}
