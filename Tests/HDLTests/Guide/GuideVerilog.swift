import HDL

// The snippets of docs/hdl/verilog.md, letter for letter: `GuideTests` compares the two.
extension Guide {
  struct Top: Module {
    @Input(8) var word: Unsigned
    @Output(4) var nibble: Unsigned
    func body() { nibble = word[0..<4] }
  }

  struct Ticket: Record {
    let seat = Forward<Unsigned>(5)
    let isChild = Forward<Bit>()
  }
  struct Gate: Module {
    enum State: Int, CaseIterable { case closed, open, alarm }
    @Input(Ticket()) var ticket: Packed<Ticket>
    @Input() var isValid: Bit
    @Input() var passes: Bit
    @Output(5) var seat: Unsigned
    @Output() var isOpen: Bit
    @StateRegister var state: State = .closed
    @Register(Ticket()) var last: Packed<Ticket>

    func body() {
      Switch($state) {
        Case(.closed) { $state = select(isValid, .open, select(passes, .alarm, .closed)) }
        Case(.open) { When(passes) { state = .closed } }
        Case(.alarm) {}
      }
      When(isValid) { last = ticket }
        .ElseWhen(last.isChild) { last.seat = 0 }
      seat = last.seat
      isOpen = $state === .open
    }
  }

  struct Tokens: Module {
    let limit: Int
    @Input() var take: Bit
    @Input() var give: Bit
    @Output() var isEmpty: Bit
    @Register(4) var count: Unsigned

    init(limit: Int) { self.limit = limit }
    func body() {
      isEmpty = count === 0
      When(take & !give) { count = count &+ 1 }
        .ElseWhen(give & !take) { count = count &- 1 }
      Assume(!(take & (count === Unsigned(limit))), "nobody takes what is not there")
      When(isEmpty) { Assume(!give, "nobody gives back what was not taken") }
      Assert(count <= Unsigned(limit), "there are never more than \(limit) tokens out")
      Cover(count === Unsigned(limit), "all tokens are out")
    }
  }

  struct Smooth: Module {
    @Input(8) var sample: Unsigned
    @Input(6) var weight: Unsigned
    @Input() var isNew: Bit
    @Output(15) var level: Unsigned
    @Register(14) var scaled: Unsigned
    @Register(14) var before: Unsigned

    func body() {
      When(isNew) {
        scaled = sample * weight
        before = scaled
      }
      level = scaled + before
    }
  }
  struct Stereo: Module {
    let channels: Int
    let inputs: [Input<Unsigned>]
    @Input(6) var weight: Unsigned
    @Input() var isNew: Bit
    @Output(15) var loudest: Unsigned

    init(channels: Int) { (self.channels, inputs) = (channels, (0..<channels).map { _ in Input(8) }) }
    func body() {
      let levels = inputs.enumerated().map { index, input in
        let smooth = instance("smooth\(index)", Smooth())
        (smooth.$sample, smooth.$weight, smooth.$isNew) = (input.wrappedValue, weight, isNew)
        return smooth.$level
      }
      loudest = levels.dropFirst().reduce(levels[0]) { max($0, $1) }
    }
  }

  func whatStereoIsMadeOf() throws -> ResourceReport {
    try elaborate(Stereo(channels: 2)).resources
  }
}
