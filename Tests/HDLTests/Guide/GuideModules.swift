import HDL

// The snippets of docs/hdl/modules.md, letter for letter: `GuideTests` compares the two.
extension Guide {
  struct Accumulator: Module {
    let limit: Int
    @Input() var add: Bit
    @Input var amount: Unsigned
    @Output() var isFull: Bit
    @Output(16) var total: Unsigned
    @Register(16, reset: 1) var sum: Unsigned

    init(limit: Int, amount: Int) {
      self.limit = limit
      _amount = Input(amount)
    }
    var moduleName: String { "accumulator_\(limit)" }
    var documentation: String { "Adds up to \(limit) and then holds." }

    func body() {
      isFull = sum >= Unsigned(limit)
      When(add & !isFull) { sum = sum &+ amount }
      total = sum
    }
  }

  struct Delay: Module {
    let cycles: Int
    @Input(8) var x: Unsigned
    @Output(8) var y: Unsigned
    @Output() var moves: Bit

    init(cycles: Int) { self.cycles = cycles }
    func body() {
      @Wire("changed") var changed: Bit
      var value = x
      for index in 0..<cycles {
        let stage = Register<Unsigned>("stage\(index)", 8, reset: nil)
        stage.value = value
        value = stage.value
      }
      changed = value !== x
      moves = changed
      y = value
    }
  }

  struct Sequencer: Module {
    @Input() var restart: Bit
    @Input() var step: Bit
    @Input(2) var mode: Unsigned
    @Output(4) var next: Unsigned
    @Register(4) var address: Unsigned

    func body() {
      next = address
      When(restart) { next = 0 }
        .ElseWhen(step) {
          Switch(mode) {
            Case(0) { next = address &+ 1 }
            Case(1, 2) { next = address &+ 2 }
            Default { next = address &- 1 }
          }
        }
      address = next
    }
  }

  struct Door: Module {
    enum State: Int, CaseIterable { case closed, opening, open }
    @Input() var button: Bit
    @Input() var atEnd: Bit
    @Output() var motor: Bit
    @StateRegister var state: State = .closed

    func body() {
      motor = $state === .opening
      Switch($state) {
        Case(.closed) { When(button) { state = .opening } }
        Case(.opening) { When(atEnd) { state = .open } }
        Case(.open) { When(button) { state = .closed } }
      }
    }
  }

  struct Chain: Module {
    @Input() var tick: Bit
    @Output(4) var low: Unsigned
    @Output(4) var high: Unsigned

    func body() {
      let first = instance("first", Counter(width: 4)), second = instance("second", Counter(width: 4))
      first.$enable = tick
      second.$enable = tick & (first.$value === 15)
      low = first.$value
      high = second.$value
    }
  }
}
