import HDL
import Testing

/// Memories are written, read, and of a possible size.

private struct Memories: Module, HasBase {
  static let base = #line
  @Input(10) var a: Unsigned
  @Input(16) var d: Unsigned
  @Output(16) var y: Unsigned
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    let ram = Memory("ram", depth: 512, width: 16, lanes: wrong ? 3 : 2)
    ram.write(at: wrong ? a : a[0..<9], d, lanes: wrong ? a[0..<4] : a[0..<2])
    y = ram.read(at: a[0..<9])
    if wrong {
      let silent = Memory("silent", depth: 3, width: 16)
      When(a[0]) { silent.write(at: a[0..<2], concatenate([d, d])) }
      let often = Memory("often", depth: 4, width: 16, contents: .words([1]))
      When(a[1]) { ignore(often.read(at: a[0..<2])) }
      let empty = Memory("empty", depth: 0, width: 16)
      _ = empty.read(at: a[0..<1])
    }
  }
}

@Test func memories() {
  expectFindings(Memories(wrong: false))
  expectFindings(
    Memories(wrong: true),
    "+7: memory 'ram' cannot divide 16 bits into 3 equal lanes; make the width a multiple of the lanes",
    "+7: 'a' (unsigned 10-bit) cannot be used as address of 'ram' (unsigned 9-bit): 1 bit would be lost; drop it with .truncated(to: 9)",
    "+7: 'a[0..<4]' (unsigned 4-bit) cannot select the lanes of 'ram': it has 3 lanes, one bit each",
    "+12: memory 'silent' is written inside a When or Switch; put the condition into `when:`",
    "+12: 'concatenate(…)' (unsigned 32-bit) cannot be written to 'silent' (unsigned 16-bit): 16 bits would be lost; leave out a part, or take fewer bits of one, as in [0..<n]",
    "+14: memory 'often' is read inside a When or Switch, which it does not follow; read it outside, and put the condition into `when:`",
    "+15: memory 'empty' needs at least one word of one bit, not 0 words of 16 bits",
    "+11: memory 'silent' (3 words of 16 bits) is never read; call read(at:) or remove it",
    "+15: memory 'empty' (1 words of 16 bits) is never written, so it holds nothing; call write(at:_:when:) or give it contents")
}

/// Contents, and collisions that are defined only where reads and writes share a clock.
private struct Stated: Module, HasBase {
  static let base = #line
  let camera = ClockDomain("camera")
  @Input(2) var a: Unsigned
  @Output(8) var y: Unsigned
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    let table = Memory("table", depth: 4, width: 8, contents: .words(wrong ? [1, 2, 3, 4, 5] : [0, 255, -128, 4]))
    let narrow = Memory("narrow", depth: 4, width: 8, contents: .words(wrong ? [1, -129] : [1, -1]))
    let foreign = Memory("foreign", depth: 4, width: 8, contents: .file("foreign.hex"))
    let shared = Memory("shared", depth: 4, width: 8, collision: wrong ? .readsNew : .undefined)
    @Register("index", 2, in: camera) var index: Unsigned
    index = index &+ 1
    shared.write(at: index, index.extended(to: 8), in: camera)
    y = table.read(at: a) ^ narrow.read(at: a) ^ foreign.read(at: a) ^ shared.read(at: a)
  }
}
@Test func statedMemories() {
  expectFindings(Stated(wrong: false))
  expectFindings(
    Stated(wrong: true),
    "+7: memory 'table' has 4 words, and its contents 5; make it deeper",
    "+8: word 1 of the contents of memory 'narrow' needs 9 bits, and a word has 8; widen the memory",
    "+10: memory 'shared' is written and read by different clocks, so that a collision is undefined; use collision: .undefined")
}
