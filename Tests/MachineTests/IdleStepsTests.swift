import Machine
import Testing

@Suite struct IdleStepsTests {
  /// A layer in which every loop turns twice.
  private var busy: LayerFields {
    var fields = LayerFields.zero
    for field in LayerField.all where field.range.contains(2) { fields[field] = 2 }
    return fields
  }

  @Test func stepsOfLoopsThatTurnMatter() {
    #expect(busy.idleSteps.isEmpty)
  }

  @Test func aLoopThatTurnsOnceIdlesItsSteps() {
    var fields = busy
    fields.feed.rows = 1
    #expect(fields.idleSteps == [.at(\.feed.rowStep), .at(\.feed.yStep), .at(\.end.rowStep)])
    fields.feed.groups = 1
    #expect(fields.idleSteps.isSuperset(of: [.at(\.feed.xGroupStep), .at(\.weights.groupStep), .at(\.end.groupStep), .at(\.end.parameterGroupStep)]))
  }

  /// The weights move on with passes and entries: both must turn once.
  @Test func loopsThatShareANumberIdleTogether() {
    var fields = busy
    fields.array.passes = 1
    #expect(!fields.idleSteps.contains(.at(\.weights.step)))
    fields.array.passSteps = 1
    #expect(fields.idleSteps.contains(.at(\.weights.step)))
  }

  /// Chunks of the post unit are as many as its lanes make them.
  @Test func piecesNeverIdle() {
    var fields = busy
    (fields.end.channels, fields.end.lastChannels) = (1, 1)
    #expect(!fields.idleSteps.contains(.at(\.end.parameterStep)))
  }

  /// Whatever idle steps hold, every walk has the same places.
  @Test func idleStepsMoveNothing() {
    var fields = busy
    (fields.feed.rows, fields.feed.groups, fields.array.columns, fields.feed.columns) = (1, 1, 1, 1)
    (fields.array.passes, fields.array.passSteps, fields.feed.tapRows) = (1, 1, 1)
    var other = fields
    for field in fields.idleSteps { other[field] = field.range.upperBound }
    #expect(fields.idleSteps.count >= 10)
    for walk in [Walk.feeder, Walk.array, Walk.post] {
      let places = { (fields: LayerFields) in Array(walk.places(fields, piece: 4)).map(\.values) }
      #expect(places(other) == places(fields) && !places(fields).isEmpty)
    }
  }
}
