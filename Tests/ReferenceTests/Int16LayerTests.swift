import Machine
import Reference
import Testing

/// Layers of int16 on the reference machine against plain sums and maxima of whole numbers.
@Suite struct Int16LayerTests {
  /// An image of int16 beside an output that may be of int16, too, with windows of 3 × 3 and a padding of 1.
  private struct Layer {
    let merged: Int, maximum: Bool, columns: Bool, isInt16Output: Bool
    let height = 3, width = 5, channels = 3, outputAddress = 1024, elements = 4, dotProduct = 2
    var outputs: Int { columns ? channels : merged == 2 ? 2 : 4 }
    var hardware: Hardware {
      let configuration = Configuration(
        name: "bench", pixels: 1, channels: elements, dotProduct: dotProduct, memoryLanes: 8, postLanes: 2, patchDepth: 16, mergedElements: 2)
      return Hardware(
        configuration: configuration, accumulatorBits: 40, featureRows: 256, weightWords: 64, parameterEntries: 16, programWords: 64,
        scalarTables: 0, extensions: .int16)
    }
    /// Bytes of a window in one row of bytes, up to whole steps.
    var runBytes: Int { columns ? channels : (3 * channels + merged * dotProduct - 1) / (merged * dotProduct) * merged * dotProduct }

    var fields: LayerFields {
      var layer = LayerFields.start
      layer.mode = columns ? .columns : .merged(merged)
      layer.mode.insert(.int16Input)
      if maximum { layer.mode.insert(.maximum) }
      if isInt16Output { layer.mode.insert(.int16Output) }
      let row = width * channels
      layer.feed = FeedFields(
        base: (1 << 24) - 2 * row, rowStep: 2 * row, tapRowStep: row, firstY: -2, yStep: 2, yTapStep: 1, height: 2 * height, firstX: -channels,
        xStep: channels, xTapStep: 0, xGroupStep: 0, rowBytes: row, groups: 1, rows: height, columns: columns ? width + 2 : width, tapRows: 6,
        tapColumns: 1, runBytes: runBytes, padByte: maximum ? 0x80 : 0)
      let perPass = merged * dotProduct
      layer.array = columns
        ? ArrayFields(columns: width, passes: maximum ? 3 : 2, passSteps: 6, lastPassLanes: 1)
        : ArrayFields(columns: width, passes: 6, passSteps: runBytes / perPass, lastPassLanes: perPass)
      layer.window = WindowFields(columns: 3, capacity: 4, advance: 1, rowAdvance: 3, passSteps: 6, dotProduct: dotProduct)
      layer.weights = WeightFields(base: 0, step: 1, groupStep: 0)
      layer.end.base = outputAddress
      let outputRow = width * outputs
      (layer.end.rowStep, layer.end.columnStep, layer.end.int16Step) = (isInt16Output ? 2 * outputRow : outputRow, outputs, outputRow)
      (layer.end.channels, layer.end.lastChannels, layer.end.zero) = (outputs, outputs, 5)
      (layer.end.int16Low, layer.end.int16High) = (-20_000, 30_000)
      return layer
    }

    /// A weight of one output for a tap and a channel; an output of columns has a channel of its own.
    func weight(_ output: Int, _ ky: Int, _ kx: Int, _ channel: Int) -> Int { (output * 37 + ky * 101 + kx * 59 + channel * 83) % 255 - 127 }

    /// The weight memory: byte (n, t) of the word of a step.
    var weights: [UInt8] {
      var bytes = [UInt8](repeating: 0, count: 64 * elements * dotProduct)
      for n in 0..<elements {
        for ky in 0..<3 { for half in 0..<2 { for kx in 0..<3 { for channel in 0..<channels {
          let word: Int, lane: Int, output: Int
          if columns {
            (word, lane, output) = (kx / dotProduct * 6 + 2 * ky + half, kx % dotProduct, n)
          } else {
            let byte = kx * channels + channel, perPass = merged * dotProduct
            // The second element of an output takes the second C bytes of a step.
            guard byte % perPass / dotProduct == n * merged / elements else { continue }
            (word, lane, output) = ((2 * ky + half) * (runBytes / perPass) + byte / perPass, byte % dotProduct, n % (elements / merged))
          }
          bytes[(word * elements + n) * dotProduct + lane] = UInt8(truncatingIfNeeded: weight(output, ky, kx, columns ? 0 : channel))
        } } } }
      }
      return bytes
    }

    func sum(_ image: [Int], _ y: Int, _ x: Int, _ output: Int) -> Int {
      var sum = 0, greatest = Int.min
      for ky in 0..<3 { for kx in 0..<3 {
        let (row, column) = (y + ky - 1, x + kx - 1), isInside = (0..<height).contains(row) && (0..<width).contains(column)
        for channel in columns ? output..<output + 1 : 0..<channels {
          let value = isInside ? image[(row * width + column) * channels + channel] : 0
          // What low bytes are less than stands in no sum.
          sum += (value - 128) * weight(output, ky, kx, columns ? 0 : channel)
          if isInside { greatest = max(greatest, value) }
        }
      } }
      return maximum ? greatest : sum
    }
  }

  /// Rows of high bytes and rows of low bytes in turn.
  private func stored(_ image: [Int], row: Int) -> [UInt8] {
    stride(from: 0, to: image.count, by: row).flatMap { at in
      let values = image[at..<at + row]
      return values.map { UInt8(truncatingIfNeeded: $0 >> 8) } + values.map { UInt8(truncatingIfNeeded: $0) ^ 0x80 }
    }
  }

  @Test(arguments: [(1, false, false), (2, false, false), (1, false, true), (1, true, true)], [false, true])
  func isWhatWholeNumbersSay(_ kind: (merged: Int, maximum: Bool, columns: Bool), _ isInt16Output: Bool) throws {
    let layer = Layer(merged: kind.merged, maximum: kind.maximum, columns: kind.columns, isInt16Output: isInt16Output)
    let image = (0..<layer.height * layer.width * layer.channels).map { index in
      // The least of all in a corner, which padding must not exceed.
      index / layer.channels % layer.width < 2 ? -32_768 + index % 2 : index % 5 == 0 ? 32_767 : index * 7919 % 65_536 - 32_768
    }
    let word = ParameterWord(
      bias: kind.maximum ? -77 : -100_000, multiplier: kind.maximum ? 1 << 30 : 1 << 20, shift: isInt16Output ? 30 : 38, doubleRounding: false)
    let parameters = [ParameterWord](repeating: word, count: 16)
    var machine = ReferenceMachine(layer.hardware, weights: layer.weights, parameters: parameters)
    machine.load(stored(image, row: layer.width * layer.channels), at: 0)
    let set = LayerField.all.filter { layer.fields[$0] != $0.start }.map { Instruction.set($0, layer.fields[$0]) } + [.run(step: 1)]
    let writes = try machine.run(set + [.halt(checksum: ProgramChecksum(of: set.map(\.word)).value)])
    #expect(writes.count == layer.height * layer.width * layer.outputs * (isInt16Output ? 2 : 1))
    var expected: [Int] = []
    for y in 0..<layer.height { for x in 0..<layer.width { for output in 0..<layer.outputs {
      let value = parameters[0].requantize(layer.sum(image, y, x, output))
      expected.append(isInt16Output ? min(max(value, -20_000), 30_000) : min(max(value + 5, -128), 127))
    } } }
    let bytes = isInt16Output ? stored(expected, row: layer.width * layer.outputs) : expected.map { UInt8(truncatingIfNeeded: $0) }
    #expect(Array(machine.memory[layer.outputAddress..<layer.outputAddress + bytes.count]) == bytes)
    #expect(Set(expected).count > 8, "too few outputs to mean anything")
    #expect(writes.allSatisfy { $0.before == $0.value })
  }

  private func fault(_ change: (inout LayerFields) -> Void, columns: Bool = false, word: ParameterWord? = nil) -> String? {
    let layer = Layer(merged: 1, maximum: false, columns: columns, isInt16Output: true)
    var fields = layer.fields
    change(&fields)
    var machine = ReferenceMachine(
      layer.hardware, weights: layer.weights,
      parameters: [ParameterWord](repeating: word ?? ParameterWord(bias: 0, multiplier: 0, shift: 30, doubleRounding: false), count: 16))
    let set = LayerField.all.filter { fields[$0] != $0.start }.map { Instruction.set($0, fields[$0]) } + [.run(step: 1)]
    do throws(MachineFault) {
      _ = try machine.run(set + [.halt(checksum: ProgramChecksum(of: set.map(\.word)).value)])
      return nil
    } catch {
      return error.message
    }
  }

  @Test func whatALayerReliesOnIsRequired() {
    #expect(fault { _ in } == nil)
    #expect(fault { $0.feed.firstY = -1 } == "a row of low bytes where high ones are due")
    #expect(fault { $0.feed.yTapStep = 2 } == "a row of high bytes where low ones are due")
    #expect(fault({ $0.feed.yStep = 1 }, columns: true) == "a row of low bytes where high ones are due")
    #expect(fault { $0.array.lastPassLanes = 1 } == "last lanes of a stream")
    #expect(fault { ($0.array.passes, $0.array.passSteps) = (3, 10) } == "a pass of int16 that is no row of taps")
    #expect(fault { ($0.feed.runBytes, $0.array.lastPassLanes) = (9, 2) } == "passes of a stream")
    #expect(fault({ ($0.feed.tapRows, $0.array.passSteps) = (5, 5) }, columns: true) == "a column of int16 with more high bytes than low ones")
    for mode in [LayerMode.residual, .product, .table, .digits] {
      #expect(fault { $0.mode.insert(mode) } != nil, "\(mode.name)")
    }
    let long = ParameterWord(bias: .min, multiplier: .max, shift: 62, doubleRounding: false)
    #expect(fault({ _ in }, word: long) == "a product of more than 63 bits")
  }
}
