import HDL

// The snippets of docs/hdl/memories.md, letter for letter: `GuideTests` compares the two.
extension Guide {
  struct LineBuffer: Module {
    @Input() var push: Bit
    @Input(16) var pixels: Unsigned
    @Input(2) var bytes: Unsigned
    @Input(9) var column: Unsigned
    @Output(16) var above: Unsigned

    func body() {
      let line = Memory("line", depth: 512, width: 16, lanes: 2, collision: .readsOld)
      line.write(at: column, pixels, when: push, lanes: bytes)
      above = line.read(at: column, when: push)
    }
  }

  struct SineTable: Module {
    @Input(3) var phase: Unsigned
    @Output(8) var sine: Signed

    func body() {
      let wave = Memory("wave", depth: 8, width: 8, contents: .words([0, 90, 127, 90, 0, -90, -127, -90]))
      sine = wave.read(at: phase).named("entry").asSigned
    }
  }
}
