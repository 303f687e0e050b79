/// `a === b & p` is `a === (b & p)`, as anywhere in Swift. These overloads make the compiler say so, instead of speaking of
/// SIMD vectors. Their result is what the comparison wants, so that no second mistake hides the first.
extension Bit {
  @available(*, unavailable, message: "a Bit and a number do not combine; & and | bind tighter than comparisons, so write && or ||, or put the comparison into parentheses")
  public static func & <N: Number>(a: N, b: Bit) -> N { fatalError() }
  @available(*, unavailable, message: "a Bit and a number do not combine; & and | bind tighter than comparisons, so write && or ||, or put the comparison into parentheses")
  public static func & <N: Number>(a: Bit, b: N) -> N { fatalError() }
  @available(*, unavailable, message: "a Bit and a number do not combine; & and | bind tighter than comparisons, so write && or ||, or put the comparison into parentheses")
  public static func & <State: HardwareState>(a: State, b: Bit) -> State { fatalError() }
  @available(*, unavailable, message: "a Bit and a number do not combine; & and | bind tighter than comparisons, so write && or ||, or put the comparison into parentheses")
  public static func & <State: HardwareState>(a: Bit, b: Enumerated<State>) -> Enumerated<State> { fatalError() }
  @available(*, unavailable, message: "a Bit and a number do not combine; & and | bind tighter than comparisons, so write && or ||, or put the comparison into parentheses")
  public static func | <N: Number>(a: N, b: Bit) -> N { fatalError() }
  @available(*, unavailable, message: "a Bit and a number do not combine; & and | bind tighter than comparisons, so write && or ||, or put the comparison into parentheses")
  public static func | <N: Number>(a: Bit, b: N) -> N { fatalError() }
  @available(*, unavailable, message: "a Bit and a number do not combine; & and | bind tighter than comparisons, so write && or ||, or put the comparison into parentheses")
  public static func | <State: HardwareState>(a: State, b: Bit) -> State { fatalError() }
  @available(*, unavailable, message: "a Bit and a number do not combine; & and | bind tighter than comparisons, so write && or ||, or put the comparison into parentheses")
  public static func | <State: HardwareState>(a: Bit, b: Enumerated<State>) -> Enumerated<State> { fatalError() }
}
