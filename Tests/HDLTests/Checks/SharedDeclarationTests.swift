import HDL
import Testing

/// What must be one of its kind: declarations within a module, names of modules, files of memories.

private struct Pair: Module, HasBase {
  static let base = #line
  let inputs: [Input<Unsigned>]
  @Output(5) var y: Unsigned
  init(shared: Bool) { inputs = shared ? Array(repeating: Input(4), count: 2) : (0..<2).map { _ in Input(4) } }
  func body() { y = inputs[0].wrappedValue + inputs[1].wrappedValue }
}
@Test func oneDeclarationIsOnePort() {
  expectFindings(Pair(shared: false))
  expectFindings(Pair(shared: true),
    "+3: 'inputs' shares its declaration with another port, so that both would be one; declare each by itself, as in (0..<n).map { _ in Input(…) }")
}

private struct Primitive: BlackBox {
  @Input() var a: Bit
  @Output() var y: Bit
  var verilogName: String { "primitive_cell" }
}
private struct Ours: Module {
  let name: String
  @Input() var a: Bit
  @Output() var y: Bit
  init(name: String) { self.name = name }
  var moduleName: String { name }
  func body() { y = !a }
}
private struct Both: Module, HasBase {
  static let base = #line
  let oursFirst: Bool
  let name: String
  @Input() var a: Bit
  @Output(2) var y: Unsigned
  init(oursFirst: Bool, name: String) { (self.oursFirst, self.name) = (oursFirst, name) }
  func body() {
    func ours() -> Bit {
      let ours = instance("ours", Ours(name: name))
      ours.$a = a
      return ours.$y
    }
    let first = oursFirst ? ours() : Bit(false)
    let box = instance("box", Primitive())
    box.$a = a
    y = concatenate([box.$y, oursFirst ? first : ours()])
  }
}
@Test func foreignModulesKeepTheirNames() throws {
  expectFindings(Both(oursFirst: true, name: "other"))
  expectFindings(Both(oursFirst: true, name: "primitive_cell"),
    "+13: the black box 'primitive_cell' has the name of a module of this design; give that one another moduleName")
  #expect(try elaborate(Both(oursFirst: false, name: "primitive_cell")).modules.map(\.name) == ["primitive_cell_1", "both"])
}

private struct Tables: Module, HasBase {
  static let base = #line
  let words: [Int]
  @Input(1) var a: Unsigned
  @Output(4) var y: Unsigned
  init(_ words: [Int]) { self.words = words }
  func body() {
    let one = Memory("one", depth: 2, width: 4, contents: .file("table.hex", [2, 8]))
    let other = Memory("other", depth: 2, width: 4, contents: .file("table.hex", words))
    y = one.read(at: a) ^ other.read(at: a)
  }
}
@Test func oneFileHoldsTheSameWords() {
  expectFindings(Tables([2, 8]))
  expectFindings(Tables([3, 8]),
    "+7: memory 'other' and 'tables.one' are to be read from 'table.hex', but hold different words; give each a file of its own")
}
