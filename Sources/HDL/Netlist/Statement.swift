/// The control structure of a module as it was written: assignments, branches and matches.
///
/// Blocks are reference types because they are filled while the closures of `When` and `Switch` run.
/// A later assignment overrides an earlier one; nothing is flattened, so that the Verilog keeps its shape.
package final class Block {
  package var statements: [Statement] = []
}

package enum Statement {
  case assign(Assignment)
  case branch(Branch)
  case match(Match)
}

package struct Assignment {
  package let target: Int32
  /// Which of its bits; as many as the value has.
  package let place: Place
  package let value: Int32
  let location: SourceLocation?

  init(target: Int32, place: Place = .whole, value: Int32, location: SourceLocation?) {
    (self.target, self.place, self.value, self.location) = (target, place, value, location)
  }
}

/// Bits of a value, as the target of an assignment: `y = x`, `y[4..<8] = x`, `y[i] = x`.
package enum Place: Hashable {
  case whole
  /// From bit `low` on.
  case bits(low: Int)
  /// From bit `index` times the width of what is assigned; an index beyond the target changes nothing.
  case part(index: Int32)

  /// The node that says where.
  var index: Int32? { if case .part(let index) = self { index } else { nil } }
  func rebuilt(_ rebuild: (Int32) -> Int32) -> Place {
    if case .part(let index) = self { .part(index: rebuild(index)) } else { self }
  }
}

/// `When` … `ElseWhen` … `Else`: at most the last arm has no condition.
package final class Branch {
  package struct Arm {
    package let condition: Int32?
    package let block: Block
  }
  package var arms: [Arm]
  let location: SourceLocation
  /// A property or a `Print` stands in one of the arms.
  var holdsRemark = false
  init(arms: [Arm], location: SourceLocation) {
    self.arms = arms
    self.location = location
  }
}

/// `Switch`: arms by constant labels. Without `otherwise` the arms cover every possible value.
package final class Match {
  package struct Arm {
    package let labels: [Int]
    package let block: Block
  }
  package var subject: Int32
  package var arms: [Arm]
  package var otherwise: Block?
  let location: SourceLocation
  /// A property or a `Print` stands in one of the arms.
  var holdsRemark = false
  init(subject: Int32, arms: [Arm], otherwise: Block?, location: SourceLocation) {
    self.subject = subject
    self.arms = arms
    self.otherwise = otherwise
    self.location = location
  }
}
