/// What connects the registers of a map with the hardware that they control.
///
/// The register block is the initiator: it drives what software has written, and reads what software shall see.
public struct FieldPorts: PortBundle, NamedMembers {
  struct Port: Hashable {
    let register: String
    let field: FieldDescription
    /// What hardware gets from the field.
    let value: Forward<Unsigned>?
    /// What hardware tells the field.
    let event: Backward<Unsigned>?
  }
  let ports: [Port]

  init(_ map: AddressMap) {
    ports = map.registers.flatMap { register in
      register.fields.map { field in
        // Fields that are impossible are reported by the block; here they only must not stop it.
        let width = max(1, field.bits.count)
        let value: Forward<Unsigned>? = [.readOnly, .constant].contains(field.access) ? nil : Forward(width)
        let event: Backward<Unsigned>? = switch field.access {
        case .readOnly, .writeOneToClear: Backward(width)
        case .counter: Backward(1)
        case .constant, .readWrite, .writeOnly, .pulse: nil
        }
        return Port(register: register.name, field: field, value: value, event: event)
      }
    }
  }
  var namedMembers: [(name: String, value: Any)] {
    ports.flatMap { port -> [(name: String, value: Any)] in
      let name = "\(port.register).\(port.field.name)"
      let event = switch port.field.access {
      case .writeOneToClear: "\(name).set"
      case .counter: "\(name).increment"
      default: name
      }
      return (port.value.map { [(name, $0)] } ?? []) + (port.event.map { [(event, $0)] } ?? [])
    }
  }
}

/// The windows of a map, each a bus of its own.
public struct WindowPorts: PortBundle, NamedMembers {
  let windows: [AddressWindow]
  let buses: [RegisterBus]

  init(_ map: AddressMap) {
    windows = map.windows
    buses = map.windows.map { RegisterBus(addressWidth: indexBits($0.bytes), dataWidth: map.dataWidth) }
  }
  var namedMembers: [(name: String, value: Any)] { zip(windows, buses).map { ($0.name, $1) } }
}

/// The hardware's side of the fields, found by their description.
struct FieldAccessPoint {
  let end: BundleEnd<FieldPorts>
  let map: AddressMap
  let parent: Graph

  /// What the hardware gets from `field`; nil after reporting why there is nothing.
  func read(_ field: FieldDescription) -> Reference? {
    guard let port = port(of: field) else { return nil }
    if let value = port.value { return end.read(value.declaration) }
    report("field '\(map.name).\(port.register).\(field.name)' (\(field.access.rawValue)) gives nothing to the hardware; use the value that drives it")
    return nil
  }
  /// Drives what `field` gets from the hardware.
  func drive(_ field: FieldDescription, _ value: Reference) {
    guard let port = port(of: field) else { return }
    if let event = port.event {
      if !value.shape.isSigned { return end.drive(event.declaration, value) }
      // As wide as the field first: the sign moves up, and then the bits are the pattern.
      let shape = Shape.signed(event.declaration.shape.width)
      let fitted = parent.fit(value, to: shape, "assigned to", "\(map.name).\(port.register).\(field.name)", at: parent.openLocations.last)
      let number = fitted.map { Signed(reference: Reference(parent, $0, shape)) } ?? Signed(0, width: shape.width)
      return end.drive(event.declaration, number.asUnsigned.reference)
    }
    report("field '\(map.name).\(port.register).\(field.name)' (\(field.access.rawValue)) belongs to the software; make it .readOnly to show it something")
  }

  private func port(of field: FieldDescription) -> FieldPorts.Port? {
    let ports = end.members.ports.filter { $0.field == field }
    if ports.isEmpty {
      report("field '\(field.name)' is not in the map '\(map.name)'; add it to a register")
    } else if ports.count > 1 {
      let places = ports.map { "'\($0.register)'" }.joined(separator: " and ")
      report("field '\(field.name)' of the map '\(map.name)' is in \(places); give each register a field of its own")
    }
    return ports.first
  }
  private func report(_ message: String) { parent.report(message) }
}
