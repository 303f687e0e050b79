// The greatest common divisor by Euclid's algorithm: the smaller number is subtracted from the larger until one is 0.
//
// A `Record` is what a stream carries when one number is not enough; `Packed` makes a single value of it, here a register.

import HDL

public struct Operands: Record {
  public let a: Forward<Unsigned>, b: Forward<Unsigned>
  public init(width: Int) { (a, b) = (Forward(width), Forward(width)) }
}

public struct GCD: Module {
  public let input: Target<Stream<Operands>>
  public let output: Initiator<Stream<Unsigned>>
  @Register var rest: Packed<Operands>
  @Register() var isBusy: Bit

  public init(width: Int = 16) {
    (input, output) = (Target(Stream(Operands(width: width))), Initiator(Stream(width)))
    _rest = Register(Operands(width: width))
  }
  public func body() {
    input.ready = !isBusy
    output.valid = isBusy && (rest.a === 0 || rest.b === 0)
    output.payload = rest.a | rest.b
    When(input.transfers) { (rest, isBusy) = (Packed(input.payload), true) }
      .ElseWhen(output.transfers) { isBusy = false }
      .ElseWhen(rest.a > rest.b) { rest.a &-= rest.b }
      .Else { rest.b &-= rest.a }
  }
}
