/// AXI4-Lite: the bus by which a processor reaches control registers.
///
/// Five channels, each with a handshake of its own: write address, write data, write response, read address,
/// read data. The names are those of the specification (ARM IHI 0022) without `_`, so that a property called
/// `sAxi` makes the ports `s_axi_awaddr` … that tools recognise. The protection signals are left out, as
/// the specification allows for a subordinate that does not use them.
public struct AXI4Lite: PortBundle {
  public let awaddr: Forward<Unsigned>
  public let awvalid = Forward<Bit>()
  public let awready = Backward<Bit>()
  public let wdata: Forward<Unsigned>
  public let wstrb: Forward<Unsigned>
  public let wvalid = Forward<Bit>()
  public let wready = Backward<Bit>()
  public let bresp = Backward<Unsigned>(2)
  public let bvalid = Backward<Bit>()
  public let bready = Forward<Bit>()
  public let araddr: Forward<Unsigned>
  public let arvalid = Forward<Bit>()
  public let arready = Backward<Bit>()
  public let rdata: Backward<Unsigned>
  public let rresp = Backward<Unsigned>(2)
  public let rvalid = Backward<Bit>()
  public let rready = Forward<Bit>()

  /// - Parameters:
  ///   - addressWidth: bits of a byte address.
  ///   - dataWidth: 32, or 64.
  public init(addressWidth: Int, dataWidth: Int = 32) {
    awaddr = Forward(addressWidth)
    wdata = Forward(dataWidth)
    wstrb = Forward(max(1, dataWidth / 8))
    araddr = Forward(addressWidth)
    rdata = Backward(dataWidth)
  }
  public var handshakes: [Handshake] {
    [Handshake(awvalid, awready), Handshake(wvalid, wready), Handshake(bvalid, bready), Handshake(arvalid, arready), Handshake(rvalid, rready)]
  }

  /// How a transfer went: the values of `bresp` and `rresp`.
  public enum Response: Int, Sendable {
    case okay = 0
    /// The address exists, and the access failed there.
    case subordinateError = 2
    /// There is nothing at the address.
    case decodeError = 3
  }
}
