import HDL

/// The array with operands of its own, so that nothing happens between two cycles but the next one: a regular design.
struct FreeRunning: Module {
  let size: Int
  @Output(24) var result: Unsigned

  func body() {
    let array = instance("array", SystolicArray(size: size)), cycle = Register<Unsigned>("cycle", 6)
    cycle.value = cycle.value &+ 1
    array.$clear = cycle.value === 0
    array.$shift = cycle.value >= Unsigned(64 - size)
    array.$a = operands("a", seed: 1)
    array.$b = operands("b", seed: 1000)
    let total = array.$total
    result = (1..<size).reduce(total[0..<24]) { $0 ^ total[24 * $1..<24 * $1 + 24] }
  }

  private func operands(_ name: String, seed: Int) -> Unsigned {
    concatenate((0..<size).map { LFSR("\(name)_\($0)", 16, seed: seed + $0).value[4..<12] })
  }
}
