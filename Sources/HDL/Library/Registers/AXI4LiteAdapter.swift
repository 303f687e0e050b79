/// An AXI4-Lite subordinate in front of a `RegisterBus`.
///
/// Takes address and data of a write in any order, and reads and writes in turn when both wait. Every `valid` and
/// `ready` comes from a register: there is no path through it. One access at a time, about one in four cycles. A failed access
/// answers SLVERR.
public struct AXI4LiteAdapter: Module {
  public let axi: Target<AXI4Lite>
  public let bus: Initiator<RegisterBus>

  /// - Parameter members: of the AXI4-Lite port; the bus has its widths.
  public init(_ members: AXI4Lite) {
    axi = Target(members)
    bus = Initiator(RegisterBus(addressWidth: members.awaddr.width, dataWidth: members.wdata.width))
  }
  public var moduleName: String { "axi4_lite_adapter" }
  public var documentation: String { "AXI4-Lite subordinate that makes one register access at a time." }

  public func body() {
    let isWaiting = Register<Bit>("isWaiting"), isForWrite = Register<Bit>("isForWrite")
    let turns = instance("turns", StreamArbiter(bus.members.request, inputs: 2))
    let starts = bus.request.transfers.named("starts")
    let isWrite = (turns.$source === 0).named("isWrite")

    // An answer needs a free place, so a channel asks again only when its last answer has been taken.
    takeWrites(turns.inputs[0], starts & isWrite, mayAsk: !axi.bvalid & !(isWaiting.value & isForWrite.value))
    takeReads(turns.inputs[1], starts & !isWrite, mayAsk: !axi.rvalid & !(isWaiting.value & !isForWrite.value))
    // The next request waits until the last one has been answered.
    bus.request.valid = turns.output.valid & !isWaiting.value
    bus.request.payloadBits = turns.output.payloadBits
    turns.output.ready = bus.request.ready & !isWaiting.value

    let ends = bus.response.transfers.named("ends")
    When(starts) {
      isWaiting.value = true
      isForWrite.value = isWrite
    }.ElseWhen(ends) {
      isWaiting.value = false
    }
    bus.response.ready = isWaiting.value
    answer(ends & isForWrite.value, ends & !isForWrite.value)
  }

  /// Address and data wait for each other.
  private func takeWrites(_ request: Initiator<Stream<RegisterRequest>>, _ isDone: Bit, mayAsk: Bit) {
    let hasAddress = Register<Bit>("hasWriteAddress"), address = Register<Unsigned>("writeAddress", axi.awaddr.width, reset: nil)
    let hasData = Register<Bit>("hasWriteData"), data = Register<Unsigned>("writeData", axi.wdata.width, reset: nil)
    let strobe = Register<Unsigned>("writeStrobe", axi.wstrb.width, reset: nil)
    axi.awready = !hasAddress.value
    axi.wready = !hasData.value
    When(!hasAddress.value) {
      hasAddress.value = axi.awvalid
      address.value = axi.awaddr
    }
    When(!hasData.value) {
      hasData.value = axi.wvalid
      data.value = axi.wdata
      strobe.value = axi.wstrb
    }
    When(isDone) {
      hasAddress.value = false
      hasData.value = false
    }
    request.valid = hasAddress.value & hasData.value & mayAsk
    request.payload.address = address.value
    request.payload.isWrite = true
    request.payload.data = data.value
    request.payload.strobe = strobe.value
  }

  private func takeReads(_ request: Initiator<Stream<RegisterRequest>>, _ isDone: Bit, mayAsk: Bit) {
    let hasAddress = Register<Bit>("hasReadAddress"), address = Register<Unsigned>("readAddress", axi.araddr.width, reset: nil)
    axi.arready = !hasAddress.value
    When(!hasAddress.value) {
      hasAddress.value = axi.arvalid
      address.value = axi.araddr
    }
    When(isDone) { hasAddress.value = false }
    request.valid = hasAddress.value & mayAsk
    request.payload.address = address.value
    request.payload.isWrite = false
    request.payload.data = 0
    request.payload.strobe = 0
  }

  private func answer(_ writeEnds: Bit, _ readEnds: Bit) {
    let isWriteAnswered = Register<Bit>("isWriteAnswered"), writeFailed = Register<Bit>("writeFailed")
    let isReadAnswered = Register<Bit>("isReadAnswered"), readFailed = Register<Bit>("readFailed")
    let readData = Register<Unsigned>("readData", axi.rdata.width)
    When(writeEnds) {
      isWriteAnswered.value = true
      writeFailed.value = bus.response.payload.isError
    }.ElseWhen(axi.bready) {
      isWriteAnswered.value = false
    }
    When(readEnds) {
      isReadAnswered.value = true
      readFailed.value = bus.response.payload.isError
      readData.value = bus.response.payload.data
    }.ElseWhen(axi.rready) {
      isReadAnswered.value = false
    }
    axi.bvalid = isWriteAnswered.value
    axi.bresp = response(writeFailed.value)
    axi.rvalid = isReadAnswered.value
    axi.rresp = response(readFailed.value)
    axi.rdata = readData.value
  }
  private func response(_ hasFailed: Bit) -> Unsigned {
    select(hasFailed, Unsigned(AXI4Lite.Response.subordinateError.rawValue, width: 2), Unsigned(AXI4Lite.Response.okay.rawValue, width: 2))
  }
}
