/// Cuts every combinational path of a stream: `valid`, payload and `ready` all come from registers.
///
/// One payload a cycle, one cycle of delay. Because `ready` is known only a cycle late, one payload may still
/// arrive when the receiver stops; it is put aside, and delivered first.
public struct SkidBuffer<T: Payload>: Module {
  public let input: Target<Stream<T>>
  public let output: Initiator<Stream<T>>

  public init(_ stream: Stream<T>) {
    input = Target(stream)
    output = Initiator(stream)
  }
  public var moduleName: String { "skid_buffer_\(input.members.payloadWidth)" }
  public var documentation: String { "Registers a stream in both directions, at one payload a cycle." }

  public func body() {
    let width = input.members.payloadWidth
    let isOffered = Register<Bit>("isOffered"), offer = Register<Unsigned>("offer", width, reset: nil)
    let isAside = Register<Bit>("isAside"), aside = Register<Unsigned>("aside", width, reset: nil)
    When(!isOffered.value | output.ready) {
      isOffered.value = input.valid | isAside.value
      offer.value = select(isAside.value, aside.value, input.payloadBits)
      isAside.value = false
    }.ElseWhen(input.valid & !isAside.value) {
      isAside.value = true
    }
    When(!isAside.value) { aside.value = input.payloadBits }
    input.ready = !isAside.value
    output.valid = isOffered.value
    output.payloadBits = offer.value
  }
}
