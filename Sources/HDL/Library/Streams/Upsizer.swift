/// Collects `ratio` narrow payloads into one wide one, the first in the least significant bits.
///
/// Takes a payload every cycle; the wide one is there in the cycle after its last part.
public struct Upsizer: Module {
  public let ratio: Int
  public let input: Target<Stream<Unsigned>>
  public let output: Initiator<Stream<Unsigned>>

  public init(from width: Int, by ratio: Int) {
    self.ratio = ratio
    input = Target(Stream(width))
    output = Initiator(Stream(width * ratio))
  }
  public var moduleName: String { "upsizer_\(input.members.payloadWidth)to\(output.members.payloadWidth)" }
  public var documentation: String { "Makes one payload of \(ratio), the first in the least significant bits." }

  public func body() {
    let place = Register<Unsigned>("place", indexBits(ratio)), isComplete = Register<Bit>("isComplete")
    let takes = (input.valid & input.ready).named("takes")
    let isLast = (place.value === Unsigned(ratio - 1)).named("isLast")
    let parts = (0..<ratio).map { index in
      let part = Register<Unsigned>("part\(index)", input.payload.width, reset: nil)
      When(takes & (place.value === Unsigned(index))) { part.value = input.payload }
      return part.value
    }
    When(takes) { place.value = select(isLast, 0, place.value &+ 1) }
    When(takes & isLast) { isComplete.value = true }.ElseWhen(output.ready) { isComplete.value = false }
    input.ready = !isComplete.value | output.ready
    output.valid = isComplete.value
    output.payload = concatenate(parts)
  }
}
