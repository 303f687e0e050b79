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
  package let value: Int32
  let location: SourceLocation?
}

/// `When` … `ElseWhen` … `Else`: at most the last arm has no condition.
package final class Branch {
  package struct Arm {
    package let condition: Int32?
    package let block: Block
  }
  package var arms: [Arm]
  let location: SourceLocation
  /// A property stands in one of the arms.
  var holdsProperty = false
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
  /// A property stands in one of the arms.
  var holdsProperty = false
  init(subject: Int32, arms: [Arm], otherwise: Block?, location: SourceLocation) {
    self.subject = subject
    self.arms = arms
    self.otherwise = otherwise
    self.location = location
  }
}
