/// The hardware of the fields of a register block: what keeps them, and what they read as.

/// One register while it is being made.
struct RegisterMaker {
  let register: ControlRegister
  /// Whether it is being written.
  let isWritten: Bit
  let request: Target<RegisterRequest>
  /// The bits that are written, by the strobe of their byte, and those to which 1 is written.
  let mask: Unsigned
  let ones: Unsigned
  let hardware: BundleEnd<FieldPorts>
  /// Fields that are loaded whole, by the byte in which they lie.
  private var loads: [Int: [(held: Register<Unsigned>, bits: Range<Int>)]] = [:]

  init(_ register: ControlRegister, _ isWritten: Bit, _ request: Target<RegisterRequest>, _ mask: Unsigned, _ ones: Unsigned, _ hardware: BundleEnd<FieldPorts>) {
    self.register = register
    self.isWritten = isWritten
    self.request = request
    self.mask = mask
    self.ones = ones
    self.hardware = hardware
  }

  /// Makes all fields; returns what the register reads as, or nil if that is always zero.
  mutating func make(dataWidth: Int) -> Unsigned? {
    let ports = hardware.members.ports.filter { $0.register == register.name }
    let parts = ports.compactMap { port in value(of: port).map { (bits: port.field.bits, value: $0) } }
    for (byte, fields) in loads.sorted(by: { $0.key < $1.key }) {
      When(isWritten & request.strobe[byte]) {
        for field in fields { field.held.value = request.data[field.bits] }
      }
    }
    return parts.isEmpty ? nil : assembled(parts, dataWidth)
  }

  /// Makes a field; returns what it reads as.
  private mutating func value(of port: FieldPorts.Port) -> Unsigned? {
    let field = port.field, name = "\(register.name)_\(field.name)", width = field.bits.count
    switch field.access {
    case .readOnly: return event(port)
    case .constant: return Unsigned(field.reset, width: width)
    case .readWrite, .writeOnly:
      let held = Register<Unsigned>(name, width, reset: field.reset)
      load(held, field.bits)
      give(port, held.value)
      return field.access == .readWrite ? held.value : nil
    case .writeOneToClear:
      let held = Register<Unsigned>(name, width, reset: field.reset)
      let clears = (isWritten.replicated(width) & ones[field.bits]).named("\(name)_cleared")
      held.value = (held.value & ~clears) | event(port)
      give(port, held.value)
      return held.value
    case .pulse:
      let pulse = Register<Unsigned>(name, width)
      pulse.value = isWritten.replicated(width) & ones[field.bits]
      give(port, pulse.value)
      return nil
    case .counter:
      let count = Register<Unsigned>(name, width, reset: field.reset)
      When(isWritten) { count.value = 0 }
        .ElseWhen(event(port).asBit & !count.value.allBitsSet) { count.value = count.value &+ 1 }
      give(port, count.value)
      return count.value
    }
  }

  /// Bytes that are not written keep their value.
  private mutating func load(_ held: Register<Unsigned>, _ bits: Range<Int>) {
    if bits.lowerBound / 8 == (bits.upperBound - 1) / 8 { return loads[bits.lowerBound / 8, default: []].append((held, bits)) }
    When(isWritten) { held.value = (held.value & ~mask[bits]) | ones[bits] }
  }

  private func event(_ port: FieldPorts.Port) -> Unsigned {
    guard let event = port.event else { return Unsigned(0, width: port.field.bits.count) }
    return Unsigned(reference: hardware.read(event.declaration))
  }
  private func give(_ port: FieldPorts.Port, _ value: Unsigned) {
    if let declared = port.value { hardware.drive(declared.declaration, value.reference) }
  }

  /// A word with each field in its place and zeros between.
  private func assembled(_ parts: [(bits: Range<Int>, value: Unsigned)], _ width: Int) -> Unsigned {
    var pieces: [Unsigned] = [], next = 0
    for part in parts.sorted(by: { $0.bits.lowerBound < $1.bits.lowerBound }) {
      if part.bits.lowerBound > next { pieces.append(Unsigned(0, width: part.bits.lowerBound - next)) }
      pieces.append(part.value)
      next = part.bits.upperBound
    }
    if next < width { pieces.append(Unsigned(0, width: width - next)) }
    return concatenate(pieces)
  }
}
