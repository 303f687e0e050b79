import HDL

/// How a register or wire of a random program is declared: as a number, a vector, a record or an enum. To the model it is a word.
struct RandomTarget {
  let value: Hardware
  let change: (Change) -> Void

  /// - Parameter style: any number; which declarations it chooses among depends on the width.
  init(_ name: String, _ target: Program.Target, style: Int) {
    let reset = target.reset.map { Int($0) }
    switch (target.isRegister, target.kind, style % 4) {
    case (true, .signed, _): self.init(Register<Signed>(name, target.width, reset: reset))
    case (false, .signed, _): self.init(Wire<Signed>(name, target.width))
    case (true, _, 1) where RandomTarget.elementWidth(target.width) != nil:
      let size = RandomTarget.elementWidth(target.width) ?? 1
      let example = Vector((0..<target.width / size).map { _ in Unsigned(0, width: size) })
      self.init(Register<Vector<Unsigned>>(name, like: example, reset: reset), size)
    case (true, _, 2) where target.width > 1:
      let record = Halves(low: target.width / 2, high: target.width - target.width / 2)
      self.init(Register<Packed<Halves>>(name, like: Packed(record, Unsigned(0, width: target.width)), reset: reset), target.width / 2)
    case (true, _, 3) where target.width == 2 && reset != nil:
      self.init(Register<Enumerated<Quarter>>(name, reset: Quarter(rawValue: reset ?? 0) ?? .zero))
    case (true, _, _): self.init(Register<Unsigned>(name, target.width, reset: reset))
    case (false, _, _): self.init(Wire<Unsigned>(name, target.width))
    }
  }
  /// A width that divides another, the smallest above 1.
  private static func elementWidth(_ width: Int) -> Int? { (1..<width).first { width % $0 == 0 && ($0 > 1 || width < 9) } }

  // MARK: one initializer for each declaration

  private init(_ register: Register<Unsigned>) {
    value = .unsigned(register.value)
    change = { $0.apply { register.value = $0.unsigned } bits: { register.value[$0] = $1 } part: { register.value[$0, width: $1] = $2 } }
  }
  private init(_ wire: Wire<Unsigned>) {
    value = .unsigned(wire.value)
    change = { $0.apply { wire.value = $0.unsigned } bits: { wire.value[$0] = $1 } part: { wire.value[$0, width: $1] = $2 } }
  }
  private init(_ register: Register<Signed>) {
    value = .signed(register.value)
    change = { $0.apply { register.value = $0.signed } bits: { register.value[$0] = $1 } part: { register.value[$0, width: $1] = $2 } }
  }
  private init(_ wire: Wire<Signed>) {
    value = .signed(wire.value)
    change = { $0.apply { wire.value = $0.signed } bits: { wire.value[$0] = $1 } part: { wire.value[$0, width: $1] = $2 } }
  }
  private init(_ register: Register<Vector<Unsigned>>, _ size: Int) {
    value = .unsigned(register.value.asUnsigned)
    func word(_ body: (inout Unsigned) -> Void) {
      var word = register.value.asUnsigned
      body(&word)
      register.value = Vector(reference: word.reference)
    }
    change = { change in
      change.apply { whole in
        register.value = Vector((0..<register.value.count).map { whole.unsigned[$0 * size..<($0 + 1) * size] })
      } bits: { range, bits in
        if range.lowerBound % size == 0 && range.count == size {
          register.value[range.lowerBound / size] = bits
        } else {
          word { $0[range] = bits }
        }
      } part: { index, width, part in
        if width == size { register.value[index] = part } else { word { $0[index, width: width] = part } }
      }
    }
  }
  private init(_ register: Register<Packed<Halves>>, _ low: Int) {
    value = .unsigned(register.value.asUnsigned)
    func word(_ body: (inout Unsigned) -> Void) {
      var word = register.value.asUnsigned
      body(&word)
      register.value = Packed(reference: word.reference)
    }
    change = { change in
      change.apply { whole in
        register.value.low = whole.unsigned[0..<low]
        register.value.high = whole.unsigned[low...]
      } bits: { range, bits in
        if range.upperBound <= low {
          register.value.low[range] = bits
        } else if range.lowerBound >= low {
          register.value.high[range.lowerBound - low..<range.upperBound - low] = bits
        } else {
          word { $0[range] = bits }
        }
      } part: { index, width, part in word { $0[index, width: width] = part } }
    }
  }
  private init(_ register: Register<Enumerated<Quarter>>) {
    value = .unsigned(register.value.asUnsigned)
    func word(_ body: (inout Unsigned) -> Void) {
      var word = register.value.asUnsigned
      body(&word)
      register.value = Enumerated(reference: word.reference)
    }
    change = { change in
      change.apply { register.value = Enumerated(encoding: $0.unsigned) } bits: { range, bits in word { $0[range] = bits } } part: { index, width, part in
        word { $0[index, width: width] = part }
      }
    }
  }
}

/// A word in two members.
struct Halves: Record {
  let low: Forward<Unsigned>
  let high: Forward<Unsigned>
  init(low: Int, high: Int) { (self.low, self.high) = (Forward(low), Forward(high)) }
}

enum Quarter: Int, CaseIterable { case zero, one, two, three }

/// What an assignment says of its target.
enum Change {
  case whole(Hardware)
  case bits(Range<Int>, Unsigned)
  case part(Unsigned, Int, Unsigned)

  func apply(_ whole: (Hardware) -> Void, bits: (Range<Int>, Unsigned) -> Void, part: (Unsigned, Int, Unsigned) -> Void) {
    switch self {
    case .whole(let value): whole(value)
    case .bits(let range, let value): bits(range, value)
    case .part(let index, let size, let value): part(index, size, value)
    }
  }
}
