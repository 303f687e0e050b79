// A walk as counters and running positions, without a multiplier.
//
// A loop counts its turns. A position keeps a register for each of its moves: what its value was as the loops inside began.
// When a loop turns, the register of its move takes a step, and those of the moves inside begin from there.

import HDL
import Machine

/// The registers of a walk. Made first, for what depends on them; driven once what moves them is known.
struct WalkRegisters {
  private let walk: Walk
  private let piece: Int
  private let firsts: [Unsigned], steps: [[Unsigned]], amount: Unsigned?
  private let counters: [Register<Unsigned>?]
  private let registers: [[Register<Unsigned>]], names: [[String]]
  private let left: Register<Unsigned>?

  /// High in the last turn of a loop with all loops inside it in theirs.
  let ends: [Bit]

  /// - Parameters:
  ///   - piece: units that a turn of the innermost loop takes, if it goes in pieces.
  ///   - innermostEnds: of a walk whose innermost loop somebody else counts.
  init(_ walk: Walk, _ layer: LayerCopies, piece: Int = 1, innermostEnds: Bit? = nil) {
    (self.walk, self.piece) = (walk, piece)
    let inner = walk.loops.count - 1
    let ownsPieces = walk.loops[inner].goesInPieces && innermostEnds == nil
    amount = ownsPieces ? layer[walk.loops[inner].count] : nil
    firsts = walk.positions.map { position in
      position.first.map { layer[$0].extended(to: position.width) } ?? Unsigned(0, width: position.width)
    }
    steps = walk.positions.map { position in
      position.moves.map { $0.step.map { layer[$0].extended(to: position.width) } ?? Unsigned(piece, width: position.width) }
    }
    let counts = walk.loops.enumerated().map { index, loop in
      index == inner && (ownsPieces || innermostEnds != nil) ? nil : layer[loop.count]
    }
    counters = zip(walk.loops, counts).map { loop, count in count.map { Register<Unsigned>(loop.name, $0.width) } }
    left = amount.map { Register<Unsigned>("\(walk.loops[inner].name)Left", $0.width) }
    names = walk.positions.map { position in
      position.moves.map { walk.loops[$0.loops.lowerBound].name + position.name.capitalized(after: 0) }
    }
    registers = zip(walk.positions, names).map { position, names in names.map { Register<Unsigned>($0, position.width) } }
    var ends: [Bit] = []
    for loop in walk.loops.indices.reversed() {
      let isLast: Bit
      if let counter = counters[loop], let count = counts[loop] {
        isLast = counter.value &+ 1 === count
      } else if let innermostEnds {
        isLast = innermostEnds
      } else if let left {
        isLast = left.value <= Unsigned(piece)
      } else {
        preconditionFailure("a loop without a count")
      }
      ends.insert((ends.first.map { $0 & isLast } ?? isLast).named("\(walk.loops[loop].name)Ends"), at: 0)
    }
    self.ends = ends
  }

  /// The turn of a loop, from 0.
  func turn(_ loop: String) -> Unsigned {
    guard let counter = counters[walk.index(of: loop)] else { preconditionFailure("\(loop) has no counter") }
    return counter.value
  }
  /// Whether a loop is in its last turn, and all inside it.
  func ends(_ loop: String) -> Bit { ends[walk.index(of: loop)] }
  /// Units to come in the innermost loop.
  var remaining: Unsigned {
    guard let left else { preconditionFailure("the innermost loop does not go in pieces") }
    return left.value
  }
  /// The value of a position.
  func value(_ position: String) -> Unsigned {
    let registers = registers[walk.index(ofPosition: position)]
    return registers[registers.count - 1].value
  }

  /// Begins the walk in one cycle, and takes a turn in others.
  func drive(begin: Bit, advance: Bit) {
    // Sums before the conditions, each once.
    let moved = zip(walk.positions.indices, walk.positions).map { index, position in
      position.moves.indices.map { move in
        (registers[index][move].value &+ steps[index][move]).named("next\(names[index][move].capitalized(after: 0))")
      }
    }
    When(begin) {
      for counter in counters { counter?.value = 0 }
      if let left, let amount { left.value = amount }
      for index in walk.positions.indices { for register in registers[index] { register.value = firsts[index] } }
    }.ElseWhen(advance) {
      turn(walk.loops.count - 1, moved)
    }
  }

  /// All loops inside `loop` are in their last turn.
  private func turn(_ loop: Int, _ moved: [[Unsigned]]) {
    func move() {
      if let counter = counters[loop] {
        counter.value = counter.value &+ 1
      } else if let left {
        left.value = left.value &- Unsigned(piece)
      }
      for (index, position) in walk.positions.enumerated() {
        var from = firsts[index]
        for (place, move) in position.moves.enumerated() {
          if move.loops.contains(loop) {
            from = moved[index][place]
          } else if move.loops.upperBound < loop {
            from = registers[index][place].value
            continue
          }
          registers[index][place].value = from
        }
      }
    }
    if loop == 0 { return move() }
    When(!ends[loop]) {
      move()
    }.Else {
      if let counter = counters[loop] {
        counter.value = 0
      } else if let left, let amount {
        left.value = amount
      }
      turn(loop - 1, moved)
    }
  }
}
