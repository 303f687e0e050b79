import HDL
import Testing

/// What single operations and control structures count, and how modules add up.

private enum Kind: CaseIterable {
  case product, productByConstant, sums, comparisons, selects, choice, shifts, constantShift, parts, registers, memory
  case enabled, ifElse, chain, openChain, halves, indexed, nested, match, incompleteMatch
}

private struct Operations: Module {
  let kind: Kind
  @Input(8) var a: Unsigned
  @Input(4) var b: Unsigned
  @Input() var p: Bit
  @Input() var q: Bit
  @Output(12) var y: Unsigned

  func body() {
    let register = Register<Unsigned>("r", 12), r = register.value
    switch kind {
    case .product: y = a * b
    case .productByConstant: y = a * 11
    case .sums: y = ((a + b) &- (0 &- a.extended(to: 9))).extended(to: 12)
    case .comparisons: y = concatenate([a < b.extended(to: 8), a === 3, b >= 9]).extended(to: 12)
    case .selects: y = select(p, select(q, a, b), 7).extended(to: 12)
    case .choice: y = choose(b[0..<2], [a, a ^ 1, a ^ 2]).extended(to: 12)
    case .shifts: y = a.shiftedLeft(by: b).extended(to: 12)
    case .constantShift: y = a << 3 | 1
    case .parts: y = a[b, width: 2].extended(to: 12)
    case .memory:
      let memory = Memory("cells", depth: 10, width: 6)
      memory.write(at: b, a[0..<6], when: p)
      y = memory.read(at: b).extended(to: 12)
    default: y = r
    }
    control(register)
  }

  private func control(_ register: Register<Unsigned>) {
    let r = register
    switch kind {
    case .registers: r.value = (a * 1).extended(to: 12)
    case .enabled: When(p) { r.value = 5 }
    case .ifElse: When(p) { r.value = 5 }.Else { r.value = 6 }
    case .chain: When(p) { r.value = 5 }.ElseWhen(q) { r.value = 6 }.Else { r.value = 7 }
    case .openChain: When(p) { r.value = 5 }.ElseWhen(q) { r.value = 6 }
    case .halves:
      r.value[4..<12] = a
      When(p) { r.value[0..<4] = b }
    case .indexed: r.value[b[0..<2], width: 3] = b[0..<3]
    case .nested: When(p) { When(q) { r.value = 5 }.Else { r.value = 6 } }
    case .match:
      Switch(b[0..<2]) {
        Case(0) { r.value = 5 }
        Case(1) { r.value = 6 }
        Default { r.value = 7 }
      }
    case .incompleteMatch:
      Switch(b[0..<2]) {
        Case(0) { r.value = 5 }
        Case(1) { r.value = 6 }
        Default {}
      }
    default:
      r.value = a.extended(to: 12)
      ignore(r.value)
    }
  }
}

@Test(arguments: Kind.allCases) private func operationsCount(_ kind: Kind) throws {
  var expected = Resources()
  switch kind {
  case .product: expected.multiplierBits = 8 * 4
  // 11 is three ones: two sums of the product's 12 bits.
  case .productByConstant: expected.adderBits = 2 * 12
  case .sums: expected.adderBits = 9 + 9 + 9
  case .comparisons: expected.adderBits = 8 + 4
  case .selects: expected.multiplexerBits = 8 + 8
  case .choice: expected.multiplexerBits = 2 * 8
  // Three of the amount's four bits move within eight bits.
  case .shifts: expected.multiplexerBits = 3 * 8
  case .constantShift, .registers: break
  // Four parts, and the zeros beyond.
  case .parts: expected.multiplexerBits = 4 * 2
  case .memory: expected.memoryBits = 60
  // Against the value that it keeps.
  case .enabled: expected.multiplexerBits = 12
  case .ifElse: expected.multiplexerBits = 12
  // Three values; two and the one that it keeps.
  case .chain, .openChain: expected.multiplexerBits = 2 * 12
  case .halves: expected.multiplexerBits = 4
  case .indexed: expected.multiplexerBits = 12
  case .nested: expected.multiplexerBits = 12 + 12
  case .match: expected.multiplexerBits = 2 * 12
  case .incompleteMatch: expected.multiplexerBits = 2 * 12
  }
  let resources = try elaborate(Operations(kind: kind)).resources.total
  // The register is there in all of them.
  expected.flipFlopBits = 12
  #expect(resources == expected)
}

private struct Leaf: Module {
  let width: Int
  @Input(\Self.width) var x: Unsigned
  @Output(\Self.width) var y: Unsigned
  @Register(\Self.width) var held: Unsigned
  func body() {
    held = x &+ 1
    y = held
  }
}
private struct Middle: Module {
  @Input(4) var x: Unsigned
  @Output(4) var y: Unsigned
  func body() {
    let first = instance("first", Leaf(width: 4)), second = instance("second", Leaf(width: 4))
    first.$x = x
    second.$x = first.$y
    y = second.$y
  }
}
private struct Whole: Module {
  @Input(4) var x: Unsigned
  @Output(8) var y: Unsigned
  func body() {
    let middles = (0..<3).map { instance("middle\($0)", Middle()) }, wide = instance("wide", Leaf(width: 8))
    middles[0].$x = x
    middles[1].$x = middles[0].$y
    middles[2].$x = middles[1].$y
    wide.$x = middles[2].$y * middles[0].$y
    y = wide.$y
  }
}

/// A definition counts as often as it is there, at any depth.
@Test func modulesAddUp() throws {
  let design = try elaborate(Whole()), report = design.resources
  #expect(report.rows.map(\.module) == ["leaf", "middle", "leaf_1", "whole"])
  #expect(report.rows.map(\.count) == [6, 3, 1, 1])
  #expect(report.rows.map(\.own.flipFlopBits) == [4, 0, 8, 0])
  #expect(report.rows.map(\.total.flipFlopBits) == [4, 8, 8, 3 * 8 + 8])
  #expect(report.total.adderBits == 6 * 4 + 8 && report.total.multiplierBits == 16)
  #expect(design.resources(of: "middle")?.adderBits == 8 && design.resources(of: "nothing") == nil)
  #expect(report.description == """
    module  count  flip-flops  multipliers  memories  multiplexers  adders
    leaf        6          24            0         0             0      24
    middle      3           0            0         0             0       0
    leaf_1      1           8            0         0             0       8
    whole       1           0           16         0             0       0
    total                  32           16         0             0      32

    """)
}
