import Machine
import TestTools
import Testing

/// Walks against the nests of docs/core.md, written as loops.
@Suite struct WalkTests {
  private func layer(_ random: inout SplitMix) -> LayerFields {
    var fields = LayerFields.zero
    for field in LayerField.all { fields[field] = Int.random(in: 0...min(field.range.upperBound, 500), using: &random) }
    for loop in Walk.feeder.loops + Walk.array.loops + Walk.post.loops { fields[loop.count] = Int.random(in: 1...3, using: &random) }
    (fields.feed.runBytes, fields.end.channels) = (Int.random(in: 1...20, using: &random), Int.random(in: 1...20, using: &random))
    fields.end.lastChannels = Int.random(in: 1...fields.end.channels, using: &random)
    return fields
  }

  @Test func feeder() {
    var generator = SplitMix("layers")
    for _ in 0..<20 {
      let fields = layer(&generator), f = fields.feed, lanes = 8
      var places = Walk.feeder.places(fields, piece: lanes)
      for g in 0..<f.groups { for y in 0..<f.rows { for c in 0..<f.columns { for ky in 0..<f.tapRows { for kx in 0..<f.tapColumns {
        for j in stride(from: 0, to: f.runBytes, by: lanes) {
          let place = places.next()
          let expected = [
            f.base + y * f.rowStep + ky * f.tapRowStep, f.firstY + y * f.yStep + ky * f.yTapStep,
            f.firstX + g * f.xGroupStep + c * f.xStep + kx * f.xTapStep + j,
          ]
          #expect(place?.values == expected)
          #expect(place?.count == min(lanes, f.runBytes - j))
          let runEnds = j + lanes >= f.runBytes, windowEnds = runEnds && kx == f.tapColumns - 1 && ky == f.tapRows - 1
          #expect(place?.ends.last == runEnds)
          #expect(place?.ends[Walk.feeder.index(of: "tapRow")] == windowEnds)
        }
      } } } } }
      #expect(places.next() == nil)
    }
  }

  @Test func array() {
    var generator = SplitMix("layers")
    for _ in 0..<20 {
      let fields = layer(&generator), a = fields.array
      var places = Walk.array.places(fields, piece: 1)
      for g in 0..<fields.feed.groups { for _ in 0..<fields.feed.rows { for _ in 0..<a.columns { for p in 0..<a.passes { for e in 0..<a.passSteps {
        let place = places.next()
        #expect(place?.values == [fields.weights.base + g * fields.weights.groupStep + (p * a.passSteps + e) * fields.weights.step])
        #expect(place?.ends[Walk.array.index(of: "pass")] == (p == a.passes - 1 && e == a.passSteps - 1))
      } } } } }
      #expect(places.next() == nil)
    }
  }

  /// The last group has channels of its own.
  @Test func post() {
    var generator = SplitMix("layers")
    for _ in 0..<20 {
      let fields = layer(&generator), e = fields.end, lanes = 4
      var places = Walk.post.places(fields, piece: lanes)
      for g in 0..<fields.feed.groups { for y in 0..<fields.feed.rows { for x in 0..<fields.array.columns {
        let channels = g == fields.feed.groups - 1 ? e.lastChannels : e.channels
        for (chunk, first) in stride(from: 0, to: channels, by: lanes).enumerated() {
          let place = places.next()
          let offset = g * e.groupStep + y * e.rowStep + x * e.columnStep + first
          #expect(place?.values == [offset, e.parameterBase + g * e.parameterGroupStep + chunk * e.parameterStep])
          #expect(place?.count == min(lanes, channels - first))
          #expect(place?.ends.last == (first + lanes >= channels))
        }
      } } }
      #expect(places.next() == nil)
    }
  }
}
