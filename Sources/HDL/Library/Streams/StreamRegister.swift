/// One pipeline stage: `valid` and payload come from registers, `ready` passes through.
///
/// One payload a cycle, one cycle of delay, half the registers of a `SkidBuffer`. A long row of these has a
/// long path of `ready`; put a `SkidBuffer` between where that is too slow.
public struct StreamRegister<T: Payload>: Module {
  public let input: Target<Stream<T>>
  public let output: Initiator<Stream<T>>

  public init(_ stream: Stream<T>) {
    input = Target(stream)
    output = Initiator(stream)
  }
  public var moduleName: String { "stream_register_\(input.members.payloadWidth)" }
  public var documentation: String { "One pipeline stage of a stream." }

  public func body() {
    let isHeld = Register<Bit>("isHeld"), held = Register<Unsigned>("held", input.members.payloadWidth, reset: nil)
    input.ready = !isHeld.value | output.ready
    When(input.ready) {
      isHeld.value = input.valid
      held.value = input.payloadBits
    }
    output.valid = isHeld.value
    output.payloadBits = held.value
  }
}
