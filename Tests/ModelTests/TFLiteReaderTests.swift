import Model
import Testing

@Suite struct TFLiteReaderTests {
  @Test func aTinyModelLoads() throws {
    let graph = try loadTFLite(bytes: tinyModel(), name: "a/b/tiny.tflite")
    #expect(graph.name == "tiny")
    #expect(graph.tensors.map(\.name) == ["in", "out"])
    #expect(graph.tensors[0].shape == [1, 4])
    #expect(graph.tensors[0].quantization == Quantization(scale: 0.5, zeroPoint: 0))
    #expect(graph.inputs == [0] && graph.outputs == [1])
    #expect(graph.nodes[0].operation is UnaryFunction)
  }

  @Test func identity() {
    #expect(loadError(flatBuffer(.table([:]), identifier: "TFL2")).category == .malformed)
    #expect(loadError([1, 2, 3]).message == "the file is only 3 bytes long, not a TFLite model")
    #expect(loadError([0x50, 0x4B, 3, 4, 0, 0, 0, 0, 0]).message.contains("ZIP"))
    #expect(loadError(tinyModel(model: [0: .int32(2)])).message.hasPrefix("TFLite schema version 2, expected 3"))
    #expect(loadError(tinyModel(model: [2: .tables([])])).category == .invalidGraph)
  }

  @Test func tensors() {
    #expect(loadError(tinyModel(tensor: [1: .uint8(99)])).message == "unknown element type 99 (tensor 0 'in')")
    #expect(loadError(tinyModel(tensor: [5: .uint8(1)])).category == .unsupported)
    #expect(loadError(tinyModel(tensor: [6: .table([:])])).message.contains("sparse"))
    #expect(loadError(tinyModel(tensor: [0: .int32s([Int32](repeating: 1, count: 9))])).category == .invalidShape)
    #expect(loadError(tinyModel(tensor: [0: .int32s([1, -1])])).category == .invalidShape)
    #expect(loadError(tinyModel(tensor: [2: .int32(2)])).message.contains("buffer index 2 is out of range"))
    #expect(loadError(tinyModel(quantization: [4: .uint8(1)])).category == .unsupported)
    #expect(loadError(tinyModel(tensor: [2: .int32(1)], buffer: [1: .uint64(4_096)])).category == .unsupported)
    // A buffer without contents means "computed".
    #expect(loadError(tinyModel(tensor: [2: .int32(1)])).category == .unreadable)
    #expect(loadError(tinyModel(tensor: [2: .int32(1)], buffer: [0: .bytes([1, 2, 3, 4])])).message.contains("constant"))
  }

  @Test func operators() {
    #expect(loadError(tinyModel(operation: [0: .int32(1)])).message.contains("operator code index 1 is out of range"))
    #expect(loadError(tinyModel(operation: [1: .int32s([2])])).category == .invalidGraph)
    #expect(loadError(tinyModel(subgraph: [3: .tables([])])).message == "the graph has no operators")
  }

  @Test func namesAreCleaned() throws {
    let bytes = tinyModel(tensor: [3: .bytes([0x61, 0xFF, 0xFE, 0x0A, 0x0D, 0x62, 0, 0xE2, 0x80, 0xAE])])
    let graph = try loadTFLite(bytes: bytes, name: "x\ny")
    #expect(graph.tensors[0].name == "a\u{FFFD}\u{FFFD}__b__")
    #expect(graph.name == "x_y")
    let long = try loadTFLite(bytes: tinyModel(tensor: [3: .string(String(repeating: "é", count: 9_999))]), name: "")
    #expect(long.tensors[0].name.utf8.count <= 1_024)
    #expect(long.name == "model")
  }

  /// Many tensors that share one large buffer or name are not copied until memory runs out.
  @Test func unfoldingIsLimited() {
    let tables = (0..<60_000).map { FlatValue.table([0: .int32s([4]), 1: .uint8(9), 2: .int32(Int32($0 % 2 + 1))]) }
    var bytes = tinyModel(subgraph: [0: .tables(tables)], buffer: [0: .bytes([UInt8](repeating: 1, count: 9_999))])
    #expect(loadError(bytes).category == .invalidGraph)
    bytes = tinyModel(subgraph: [0: .tables([FlatValue](repeating: .table([:]), count: 70_000))])
    #expect(loadError(bytes).message == "70000 tensors, the limit is 65536")
  }

  @Test func theSameVectorCannotUnfoldManyTimes() {
    // 1,000 operators whose inputs all point to the vector of the first one.
    let count = 1_000
    let inputs = FlatValue.int32s([Int32](repeating: 0, count: 5_000))
    let plain = FlatValue.table([0: .int32(0), 1: .int32s([0]), 2: .int32s([1])])
    let nodes = [FlatValue.table([0: .int32(0), 1: inputs, 2: .int32s([1])])] + [FlatValue](repeating: plain, count: count)
    var bytes = tinyModel(subgraph: [3: .tables(nodes)])
    // Find the long vector by its length and the short ones by theirs, and redirect the latter.
    func word(_ position: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) } }
    let long = stride(from: 0, to: bytes.count - 4, by: 8).first { word($0) == 5_000 } ?? 0
    var redirected = 0
    for place in stride(from: 0, to: bytes.count - 4, by: 8) where place > long {
      let target = place + word(place)
      // Field 1 of an operator's table: an offset to a vector of one element that is 0.
      if word(place) > 0, word(place) < 64, target + 8 <= bytes.count, target % 8 == 0, word(target) == 1,
        word(target + 4) == 0
      {
        // Offsets only point forward, so the long vector is moved to the end once.
        redirected += 1
      }
    }
    let end = (bytes.count + 7) / 8 * 8
    let copy = Array(bytes[long..<(long + 4 + 4 * 5_000)])
    for place in stride(from: 0, to: bytes.count - 4, by: 8) where place > long {
      let target = place + word(place)
      if word(place) > 0, word(place) < 64, target + 8 <= bytes.count, target % 8 == 0, word(target) == 1,
        word(target + 4) == 0
      {
        for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: (end - place) >> (8 * index)) }
      }
    }
    bytes += [UInt8](repeating: 0, count: end - bytes.count) + copy
    #expect(redirected >= count)
    #expect(loadError(bytes).category == .resourceLimit)
  }
}
