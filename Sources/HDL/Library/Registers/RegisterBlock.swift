/// The registers of a map, behind a bus that is none in particular.
///
///     let registers = instance("registers", RegisterBlock(Timer.map))
///     registers.serve(sAxi)                                // or connect(…, to: registers.bus)
///     When(registers[Timer.enable]) { count = count &+ 1 }
///     registers[Timer.expired] = count === registers[Timer.limit]
///
/// Every access is answered in the next cycle. Bytes whose strobe is 0 keep their value. An address where there is
/// nothing answers with an error; what is written to a field that cannot be written comes to nothing.
/// Requests inside a window go on to the window, with the address counted from its beginning, and wait for its answer.
/// Lanes are fixed: the address bits below a word say nothing, a window sees them as zero, and the strobes choose the bytes.
public struct RegisterBlock: Module {
  public let map: AddressMap
  public let bus: Target<RegisterBus>
  let hardware: Initiator<FieldPorts>
  let windows: Initiator<WindowPorts>

  /// - Parameter addressWidth: bits of a byte address on the bus; by default as many as the map needs.
  public init(_ map: AddressMap, addressWidth: Int? = nil, file: StaticString = #fileID, line: UInt = #line) {
    self.map = map
    bus = Target(RegisterBus(addressWidth: addressWidth ?? map.addressWidth, dataWidth: map.dataWidth), file: file, line: line)
    hardware = Initiator(FieldPorts(map), file: file, line: line)
    windows = Initiator(WindowPorts(map), file: file, line: line)
  }
  public var moduleName: String { "\(snakeCase(map.name))_registers" }
  public var documentation: String { map.summary }

  public func body() {
    nameAccessToFields()
    let addressWidth = bus.members.request.payload.address.width
    var problems = map.problems
    if addressWidth < map.addressWidth {
      problems.append("map '\(map.name)' does not fit addresses of \(addressWidth) bits; it needs \(map.addressWidth)")
    }
    for problem in problems { reportWithoutGraph(problem) }
    if !problems.isEmpty {
      bus.end.driveZeros(forward: false)
      hardware.end.driveZeros(forward: true)
      return windows.end.driveZeros(forward: true)
    }

    let request = bus.request, response = bus.response
    let word = request.payload.address[map.wordBytes.trailingZeroBitCount..<addressWidth].named("word")
    let isAnswered = Register<Bit>("isAnswered"), answer = Register<Unsigned>("answer", map.dataWidth), fails = Register<Bit>("fails")
    let selections = windowSelections()
    let isInWindow = any(selections).named("isInWindow")
    let takes = (request.valid & !isInWindow & !isAnswered.value).named("takes")

    let data = Wire<Unsigned>("readData", map.dataWidth), isMapped = Wire<Bit>("isMapped")
    let values = registerValues(word, (takes & request.payload.isWrite).named("writes"))
    data.value = 0
    isMapped.value = true
    Switch(word) {
      for (register, value) in zip(map.registers, values) {
        Case(register.address / map.wordBytes) { if let value { data.value = value } }
      }
      Default { isMapped.value = false }
    }
    When(takes) {
      isAnswered.value = true
      answer.value = data.value
      fails.value = !isMapped.value
    }.ElseWhen(response.ready) {
      isAnswered.value = false
    }
    let answers = map.windows.indices.map { forward(to: windows.buses[$0], of: map.windows[$0].bytes, when: selections[$0]) }
    request.ready = any([!isInWindow & !isAnswered.value] + answers.map(\.isTaken))
    response.valid = isAnswered.value | any(answers.map(\.isThere))
    // There is one request at a time, so at most one of these is not zero.
    response.payload.data = answers.reduce(select(isAnswered.value, answer.value, 0)) { $0 | select($1.isThere, $1.data, 0) }
    response.payload.isError = any([isAnswered.value & fails.value] + answers.map { $0.isThere & $0.isError })
  }

  /// Fields are reached by their description, so that is how a diagnostic speaks of them.
  private func nameAccessToFields() {
    let graph = Scope.required("RegisterBlock").graph
    for port in hardware.members.ports {
      for declaration in [port.value?.declaration, port.event?.declaration] {
        if let declaration { graph.ports[hardware.end.ports.cell(for: declaration).port].access = "[\(port.field.name)]" }
      }
    }
  }

  /// Makes the registers; returns what each reads as, nil for those that always read as zero.
  private func registerValues(_ word: Unsigned, _ writes: Bit) -> [Unsigned?] {
    let request = bus.request.payload
    let mask = concatenate((0..<map.wordBytes).map { request.strobe[$0].replicated(8) }).named("writtenBits")
    let ones = (request.data & mask).named("writtenOnes")
    return map.registers.map { register in
      let isHere = word === Unsigned(register.address / map.wordBytes)
      let isWritable = register.fields.contains { ![.readOnly, .constant].contains($0.access) }
      let isWritten = isWritable ? (writes & isHere).named("writes\(register.name)".capitalized(after: 6)) : false
      var maker = RegisterMaker(register, isWritten, request, mask, ones, hardware.end)
      return maker.make(dataWidth: map.dataWidth)
    }
  }

  /// Which window the request goes to.
  private func windowSelections() -> [Bit] {
    let address = bus.request.payload.address
    return map.windows.map { window in
      let low = window.bytes.trailingZeroBitCount
      if low >= address.width { return true }
      return (address[low..<address.width] === Unsigned(window.address >> low)).named("is\(window.name)".capitalized(after: 2))
    }
  }

  private struct WindowAnswer {
    let isTaken: Bit
    let isThere: Bit
    let data: Unsigned
    let isError: Bit
  }
  private func forward(to window: Initiator<RegisterBus>, of bytes: Int, when isSelected: Bit) -> WindowAnswer {
    let asked = bus.request.payload, address = window.request.payload.address
    window.request.valid = bus.request.valid & isSelected
    // The address has a bit even where there is only one byte.
    let below = map.wordBytes.trailingZeroBitCount, width = address.width
    if bytes <= map.wordBytes {
      window.request.payload.address = 0
    } else if below == 0 {
      window.request.payload.address = asked.address[0..<width]
    } else {
      window.request.payload.address = concatenate([Unsigned(0, width: below), asked.address[below..<width]])
    }
    window.request.payload.isWrite = asked.isWrite
    window.request.payload.data = asked.data
    window.request.payload.strobe = asked.strobe
    window.response.ready = bus.response.ready
    let given = window.response
    return WindowAnswer(isTaken: isSelected & window.request.ready, isThere: given.valid, data: given.payload.data, isError: given.payload.isError)
  }
}

// MARK: from outside

extension Instance where M == RegisterBlock {
  /// The field as the hardware has it: what software has written, a pulse, a count. Assigning it drives what
  /// software reads: the state of a read-only field, the bits to set of a W1C field, the enable of a counter.
  public subscript<T>(field: Field<T>) -> T {
    get {
      let shape = T.shape(field.description.bits.count)
      let bits = fields.read(field.description) ?? Reference(.zero(shape.width), isSigned: false, isFlexible: false)
      return T(reference: shape.isSigned ? Unsigned(reference: bits).asSigned.reference : bits)
    }
    nonmutating set { fields.drive(field.description, newValue.reference) }
  }
  private var fields: FieldAccessPoint {
    FieldAccessPoint(end: prototype.hardware.end.seen(at: site), map: prototype.map, parent: parent)
  }
  /// The bus on which a window of the map is accessed.
  public func window(_ window: AddressWindow) -> Target<RegisterBus> {
    let ports = prototype.windows.end.seen(at: site)
    guard let index = ports.members.windows.firstIndex(of: window) else {
      parent.report("window '\(window.name)' is not in the map '\(prototype.map.name)'; add it")
      return Target(RegisterBus(addressWidth: indexBits(window.bytes), dataWidth: prototype.map.dataWidth))
    }
    return Target(end: ports.inner(ports.members.buses[index]))
  }
  /// Makes the registers accessible by AXI4-Lite.
  ///
  /// - Parameter axi: as wide as the block: `AXI4Lite(addressWidth: map.addressWidth)`, or a wider one and a block that is
  ///   made with the same `addressWidth:`.
  public func serve(_ axi: Target<AXI4Lite>, _ name: String = "axi", file: StaticString = #fileID, line: UInt = #line) {
    let given = axi.members.awaddr.width, own = prototype.bus.members.request.payload.address.width
    if given != own {
      let advice = given < own ? "use AXI4Lite(addressWidth: \(own))" : "use RegisterBlock(…, addressWidth: \(given))"
      parent.report("a bus with addresses of \(given) bits cannot serve the registers of '\(prototype.map.name)', which have \(own); \(advice)", at: SourceLocation(file, line))
      axi.end.driveZeros(forward: false)
      return self.bus.end.driveZeros(forward: true)
    }
    let adapter = instance(name, AXI4LiteAdapter(axi.members), file: file, line: line)
    connect(axi, to: adapter.axi)
    connect(adapter.bus, to: self.bus)
  }
}
