/// The rules of `Stream` as properties: for proofs, and for simulations of modules that others have written.
///
/// A module asserts the rules of what it sends, and assumes those of what it receives:
///
///     output.assertRules("output")
///     input.assumeRules("input")
extension Initiator where Members: StreamBundle {
  /// Asserts that an offer stands until it is taken.
  public func assertRules(_ name: String, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    StreamRules(end, name, domain).state { Assert($0, $1, in: domain, file: file, line: line) }
  }
}

extension Target where Members: StreamBundle {
  /// Relies on every offer standing until it is taken.
  public func assumeRules(_ name: String, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    StreamRules(end, name, domain).state { Assume($0, $1, in: domain, file: file, line: line) }
  }
  /// Asserts the same of what an instance sends.
  public func assertRules(_ name: String, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    StreamRules(end, name, domain).state { Assert($0, $1, in: domain, file: file, line: line) }
  }
}

/// What was offered and not taken in the cycle before.
private struct StreamRules {
  let name: String
  let valid: Bit
  let bits: Unsigned
  let wasWaiting: Bit
  let offer: Unsigned

  init<Members: StreamBundle>(_ end: BundleEnd<Members>, _ name: String, _ domain: ClockDomain?) {
    self.name = name
    valid = Bit(reference: end.read(end.members.valid.declaration))
    bits = concatenate(end.members.payloadLeaves.map { Unsigned(reference: end.read($0.declaration)) })
    let ready = Bit(reference: end.read(end.members.ready.declaration))
    let waits = Register<Bit>("\(name)WasWaiting", in: domain), held = Register<Unsigned>("\(name)Offer", bits.width, reset: nil, in: domain)
    waits.value = valid & !ready
    held.value = bits
    wasWaiting = waits.value
    offer = held.value
  }

  func state(_ property: (Bit, String) -> Void) {
    property(!wasWaiting | valid, "\(name) keeps valid until the transfer")
    property(!wasWaiting | (bits === offer), "\(name) keeps its payload until the transfer")
  }
}
