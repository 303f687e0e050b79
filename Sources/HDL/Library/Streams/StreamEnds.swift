/// What components do with a stream without knowing what it carries.

extension Target where Members: StreamBundle {
  /// True in the cycles in which a payload is transferred.
  public var transfers: Bit {
    Bit(reference: end.read(members.valid.declaration)) & Bit(reference: end.read(members.ready.declaration))
  }
  /// The payload as plain bits, its first member in the least significant ones.
  public var payloadBits: Unsigned {
    concatenate(members.payloadLeaves.map { Unsigned(reference: end.read($0.declaration)) })
  }
}

extension Initiator where Members: StreamBundle {
  /// True in the cycles in which a payload is transferred.
  public var transfers: Bit {
    Bit(reference: end.read(members.valid.declaration)) & Bit(reference: end.read(members.ready.declaration))
  }
  /// The payload as plain bits, its first member in the least significant ones.
  public var payloadBits: Unsigned {
    get { concatenate(members.payloadLeaves.map { Unsigned(reference: end.read($0.declaration)) }) }
    nonmutating set {
      var low = 0
      for leaf in members.payloadLeaves {
        let shape = leaf.declaration.shape, part = newValue[low..<low + shape.width]
        end.drive(leaf.declaration, shape.isSigned ? part.asSigned.reference : part.reference)
        low += shape.width
      }
    }
  }
}

extension Target {
  /// One bit of the payload, by its key path in the record.
  public func payloadBit<T>(_ path: KeyPath<T.Member, Forward<Bit>>) -> Bit where Members == Stream<T> {
    Bit(reference: end.read(members.payload[keyPath: path].declaration))
  }
}
