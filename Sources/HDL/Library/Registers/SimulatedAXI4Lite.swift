/// A test as the processor: accesses to a design's AXI4-Lite port, one after the other.
///
///     try simulation.sAxi.write(0x0, 1)
///     #expect(try simulation.sAxi.read(0x8).data == 1)
///
/// All clocks of the design tick until the response is there.
extension SimulatedInitiator where Members == AXI4Lite {
  /// Writes a word.
  /// - Parameters:
  ///   - address: of a byte.
  ///   - strobe: a bit for each byte of the word that is written; all by default.
  ///   - limit: the cycles after which waiting ends with an error.
  @discardableResult public func write(
    _ address: Int, _ data: Int, strobe: Int? = nil, limit: Int = 1000, file: StaticString = #fileID, line: UInt = #line
  ) throws(WaitFailure) -> AXI4Lite.Response {
    (self.awaddr, self.wdata, self.wstrb) = (address, data, strobe ?? (1 << probe.members.wstrb.width) - 1)
    (self.awvalid, self.wvalid, self.bready) = (true, true, true)
    for _ in 0..<limit {
      let (takesAddress, takesData, answer) = (self.awready, self.wready, self.bvalid ? self.bresp : nil)
      step()
      if takesAddress { self.awvalid = false }
      if takesData { self.wvalid = false }
      guard let answer else { continue }
      self.bready = false
      return AXI4Lite.Response(rawValue: answer) ?? .decodeError
    }
    throw probe.running.waitFailure("the response to a write to \(hexadecimal(address))", limit, SourceLocation(file, line))
  }

  /// Reads a word.
  public func read(
    _ address: Int, limit: Int = 1000, file: StaticString = #fileID, line: UInt = #line
  ) throws(WaitFailure) -> (data: Int, response: AXI4Lite.Response) {
    (self.araddr, self.arvalid, self.rready) = (address, true, true)
    for _ in 0..<limit {
      let (takesAddress, answer) = (self.arready, self.rvalid ? (self.rdata, self.rresp) : nil)
      step()
      if takesAddress { self.arvalid = false }
      guard let (data, response) = answer else { continue }
      self.rready = false
      return (data, AXI4Lite.Response(rawValue: response) ?? .decodeError)
    }
    throw probe.running.waitFailure("the response to a read of \(hexadecimal(address))", limit, SourceLocation(file, line))
  }

  private func step() { probe.running.edge(of: probe.running.signals.clocks([])) }
}
