/// The bus between whoever accesses registers and whoever has them: one request, then one response.
///
/// The initiator waits for the response before it makes the next request. Responses take as long as they like. What
/// speaks another bus needs only an adapter to this one (`AXI4LiteAdapter`).
public struct RegisterBus: PortBundle {
  public let request: Stream<RegisterRequest>
  public let response: Flipped<Stream<RegisterResponse>>

  /// - Parameters:
  ///   - addressWidth: bits of a byte address.
  ///   - dataWidth: bits of a word.
  public init(addressWidth: Int, dataWidth: Int = 32) {
    request = Stream(RegisterRequest(addressWidth: addressWidth, dataWidth: dataWidth))
    response = Flipped(Stream(RegisterResponse(dataWidth: dataWidth)))
  }
}

/// A read, or a write of the bytes whose `strobe` is set.
public struct RegisterRequest: Record {
  /// In bytes; whoever answers ignores the bits below a word, and a `RegisterBlock` takes them off.
  public let address: Forward<Unsigned>
  public let isWrite = Forward<Bit>()
  public let data: Forward<Unsigned>
  public let strobe: Forward<Unsigned>

  init(addressWidth: Int, dataWidth: Int) {
    address = Forward(addressWidth)
    data = Forward(dataWidth)
    strobe = Forward(max(1, dataWidth / 8))
  }
}

/// The word that was read, and whether the access failed.
public struct RegisterResponse: Record {
  public let data: Forward<Unsigned>
  public let isError = Forward<Bit>()

  init(dataWidth: Int) { data = Forward(dataWidth) }
}
