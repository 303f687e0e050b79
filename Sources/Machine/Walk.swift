// A loop nest as data: loops from the outermost to the innermost, and positions that move with them.
//
// Every engine walks such a nest beside the others. Stated once, it is a sequence in Swift, with multiplications, for the
// reference machine, and counters without a multiplier in hardware. `docs/core.md` shows the same nests as text.

/// An affine loop nest over the fields of a layer.
public struct Walk: Sendable {
  /// One loop.
  public struct Loop: Sendable {
    public let name: String
    /// How often it turns; or, of the innermost loop if it goes in pieces, how much there is.
    public let count: LayerField
    /// Whether a turn takes a piece of several units, the last what is left over.
    public let goesInPieces: Bool

    init(_ name: String, _ count: LayerField, pieces: Bool = false) { (self.name, self.count, goesInPieces) = (name, count, pieces) }
  }

  /// What a position does when loops turn.
  public struct Move: Sendable {
    /// Neighbouring loops that share one running number: it goes on by `step` whenever the innermost of those that have not
    /// ended is one of them.
    public let loops: ClosedRange<Int>
    /// Nil: by the size of a piece.
    public let step: LayerField?
  }

  /// A number that moves through the nest.
  public struct Position: Sendable {
    public let name: String
    /// Bits; it wraps.
    public let width: Int
    /// Nil: zero.
    public let first: LayerField?
    /// From the outermost loop to the innermost.
    public let moves: [Move]
  }

  public let loops: [Loop]
  public let positions: [Position]

  init(_ loops: [Loop]) { (self.loops, positions) = (loops, []) }
  private init(_ loops: [Loop], _ positions: [Position]) { (self.loops, self.positions) = (loops, positions) }

  /// The walk with one more position.
  /// - Parameter moves: by the names of loops; two names joined by a dash are a range of loops that share a running number.
  func with(_ name: String, width: Int, from first: LayerField?, _ moves: (loops: String, step: LayerField?)...) -> Walk {
    let found = moves.map { move -> Move in
      let names = move.loops.split(separator: "-").map { name in loops.firstIndex { $0.name == name } }
      guard let outer = names.first ?? nil, let inner = names.last ?? nil else { preconditionFailure("no loop \(move.loops)") }
      return Move(loops: outer...inner, step: move.step)
    }
    return Walk(loops, positions + [Position(name: name, width: width, first: first, moves: found)])
  }

  /// The place of a loop in the nest.
  public func index(of loop: String) -> Int {
    guard let index = loops.firstIndex(where: { $0.name == loop }) else { preconditionFailure("no loop \(loop)") }
    return index
  }
  /// The place of a position in the list.
  public func index(ofPosition name: String) -> Int {
    guard let index = positions.firstIndex(where: { $0.name == name }) else { preconditionFailure("no position \(name)") }
    return index
  }
}

extension Walk {
  /// The feeder: which bytes are read, a piece of V at a time.
  public static let feeder = Walk([
    Loop("group", .at(\.feed.groups)), Loop("row", .at(\.feed.rows)), Loop("column", .at(\.feed.columns)), Loop("tapRow", .at(\.feed.tapRows)),
    Loop("tapColumn", .at(\.feed.tapColumns)), Loop("run", .at(\.feed.runBytes), pieces: true),
  ])
  .with("address", width: Configuration.addressBits, from: .at(\.feed.base), ("row", .at(\.feed.rowStep)), ("tapRow", .at(\.feed.tapRowStep)))
  .with("y", width: 16, from: .at(\.feed.firstY), ("row", .at(\.feed.yStep)), ("tapRow", .at(\.feed.yTapStep)))
  .with(
    "x", width: Configuration.addressBits, from: .at(\.feed.firstX), ("group", .at(\.feed.xGroupStep)), ("column", .at(\.feed.xStep)),
    ("tapColumn", .at(\.feed.xTapStep)), ("run", nil))

  /// The array: a turn of the innermost loop is a step.
  public static let array = Walk([
    Loop("group", .at(\.feed.groups)), Loop("row", .at(\.feed.rows)), Loop("column", .at(\.array.columns)), Loop("pass", .at(\.array.passes)),
    Loop("entry", .at(\.array.passSteps)),
  ])
  .with("weight", width: 20, from: .at(\.weights.base), ("group", .at(\.weights.groupStep)), ("pass-entry", .at(\.weights.step)))

  /// The post unit: a tile's channels in pieces of Q, of the last group those that are left.
  public static let post = Walk([
    Loop("group", .at(\.feed.groups)), Loop("row", .at(\.feed.rows)), Loop("column", .at(\.array.columns)),
    Loop("chunk", .at(\.end.channels), pieces: true),
  ])
  .with(
    "offset", width: Configuration.addressBits, from: nil, ("group", .at(\.end.groupStep)), ("row", .at(\.end.rowStep)),
    ("column", .at(\.end.columnStep)), ("chunk", nil))
  .with("entry", width: 20, from: .at(\.end.parameterBase), ("group", .at(\.end.parameterGroupStep)), ("chunk", .at(\.end.parameterStep)))
}

extension Walk {
  /// Where a walk stands.
  public struct Place: Sendable {
    /// The turn of each loop, from 0.
    public fileprivate(set) var turns: [Int]
    /// Whether each loop is in its last turn, with all loops inside it.
    public fileprivate(set) var ends: [Bool]
    /// Units in this piece, if the innermost loop goes in pieces; else 1.
    public fileprivate(set) var count: Int
    /// The value of each position; not wrapped.
    public fileprivate(set) var values: [Int]
  }

  /// The places in order. A loop that turns no time is a defect of the caller and counts as one turn.
  /// - Parameters:
  ///   - piece: units that a turn of the innermost loop takes, if it goes in pieces.
  ///   - turns: of every loop, where the first place is; nil: in the first turn of all.
  public func places(_ fields: LayerFields, piece: Int, from turns: [Int]? = nil) -> Places {
    Places(self, fields, piece: piece, from: turns ?? loops.map { _ in 0 })
  }

  /// The places of a walk, from the first to the last.
  public struct Places: Sequence, IteratorProtocol, Sendable {
    private let walk: Walk
    private let counts: [Int], firsts: [Int], steps: [[Int]]
    private let piece: Int, lastAmount: Int
    private var turns: [Int]
    private var isDone = false

    init(_ walk: Walk, _ fields: LayerFields, piece: Int, from turns: [Int]) {
      (self.walk, self.piece, self.turns) = (walk, piece, turns)
      counts = walk.loops.map { fields[$0.count] }
      firsts = walk.positions.map { $0.first.map { fields[$0] } ?? 0 }
      steps = walk.positions.map { $0.moves.map { $0.step.map { fields[$0] } ?? piece } }
      // Only channels come in groups that may be incomplete.
      lastAmount = walk.loops.last?.count == .at(\.end.channels) ? fields.end.lastChannels : counts.last ?? 0
    }

    public mutating func next() -> Place? {
      if isDone { return nil }
      let inner = turns.count - 1
      let amount = turns[0] == counts[0] - 1 ? lastAmount : counts[inner]
      var place = Place(turns: turns, ends: turns.map { _ in false }, count: 1, values: firsts)
      var ends = true
      for loop in turns.indices.reversed() {
        if loop == inner, walk.loops[loop].goesInPieces {
          place.count = Swift.min(piece, amount - turns[loop] * piece)
          ends = (turns[loop] + 1) * piece >= amount
        } else {
          ends = ends && turns[loop] + 1 >= counts[loop]
        }
        place.ends[loop] = ends
      }
      for (index, position) in walk.positions.enumerated() {
        for (move, step) in zip(position.moves, steps[index]) {
          let number = move.loops.reduce(0) { $0 * ($1 == move.loops.lowerBound ? 1 : counts[$1]) + turns[$1] }
          place.values[index] += number * step
        }
      }
      if let moving = place.ends.lastIndex(of: false) {
        turns[moving] += 1
        for loop in turns.indices where loop > moving { turns[loop] = 0 }
      } else {
        isDone = true
      }
      return place
    }
  }
}
