/// Sends one wide payload as `ratio` narrow ones, the least significant bits first.
///
/// Sends a payload every cycle without a gap between wide ones; the first is there one cycle after the wide one.
public struct Downsizer: Module {
  public let ratio: Int
  public let input: Target<Stream<Unsigned>>
  public let output: Initiator<Stream<Unsigned>>

  /// - Parameter width: of the narrow payloads.
  public init(to width: Int, by ratio: Int) {
    self.ratio = ratio
    input = Target(Stream(width * ratio))
    output = Initiator(Stream(width))
  }
  public var moduleName: String { "downsizer_\(input.members.payloadWidth)to\(output.members.payloadWidth)" }
  public var documentation: String { "Makes \(ratio) payloads of one, the least significant bits first." }

  public func body() {
    let width = output.payload.width
    let place = Register<Unsigned>("place", indexBits(ratio)), isHeld = Register<Bit>("isHeld")
    let rest = Register<Unsigned>("rest", width * ratio, reset: nil)
    let isLast = (place.value === Unsigned(ratio - 1)).named("isLast")
    input.ready = !isHeld.value | (output.ready & isLast)
    When(input.ready) {
      isHeld.value = input.valid
      rest.value = input.payload
      place.value = 0
    }.ElseWhen(output.ready) {
      if ratio > 1 { rest.value = rest.value >> width }
      place.value = place.value &+ 1
    }
    output.valid = isHeld.value
    output.payload = rest.value[0..<width]
  }
}
