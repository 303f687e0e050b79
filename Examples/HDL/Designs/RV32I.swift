// A processor: RV32I without FENCE, ECALL, EBREAK and CSRs, which stop it, as every unknown opcode and misaligned access does.
//
// It takes one cycle for an instruction: the program, the registers and the data are read without a clock, so what
// an instruction does is logic between two edges. `Memory` in brackets is such a read.

import HDL

public struct RV32I: Module {
  enum Opcode: Int, CaseIterable {
    case load = 0x03, immediate = 0x13, auipc = 0x17, store = 0x23, register = 0x33, lui = 0x37, branch = 0x63, jalr = 0x67, jal = 0x6F
  }
  let program: [Int], data: [Int]
  @Output(32, documentation: "Address of the instruction that is being executed.") public var programCounter: Unsigned
  @Output(32, documentation: "The register a0, in which functions return their result.") public var x10: Unsigned
  @Output(documentation: "The instruction cannot be executed, and the processor stands still.") public var trap: Bit
  @Register(32) var pc: Unsigned
  @Register() var isRunning: Bit
  @Wire() var opcode: Enumerated<Opcode>
  @Wire(32) var nextPC: Unsigned
  @Wire(32) var result: Unsigned
  @Wire() var writesRegister: Bit
  @Wire() var stops: Bit

  /// Program and data are at most 256 words each, in memories of their own from address 0 on.
  public init(program: [Int], data: [Int] = []) { (self.program, self.data) = (program, data) }
  public func body() {
    let programMemory = Memory("programMemory", depth: 256, width: 32, contents: .words(program))
    let registers = Memory("registers", depth: 32, width: 32, contents: .words(Array(repeating: 0, count: 32)))
    let dataMemory = Memory("dataMemory", depth: 256, width: 32, lanes: 4, contents: .words(data))

    let word = programMemory[pc[2..<10]].named("instruction")
    opcode = Enumerated(encoding: word[0..<7])
    let rd = word[7..<12].named("rd"), funct3 = word[12..<15].named("funct3")
    let a = registers[word[15..<20]].named("a"), b = registers[word[20..<25]].named("b")
    let immediate = choose(by: opcode) {
      Choice(.lui, .auipc) { word[12...] << 12 }
      Choice(.jal) { concatenate([Bit(false), word[21..<31], word[20], word[12..<20], word[31]]).signExtended(to: 32) }
      Choice(.branch) { concatenate([Bit(false), word[8..<12], word[25..<31], word[7], word[31]]).signExtended(to: 32) }
      Choice(.store) { concatenate([word[7..<12], word[25...]]).signExtended(to: 32) }
      Otherwise { word[20...].signExtended(to: 32) }
    }.named("immediate")

    // Arithmetic and logic. Bit 30 makes a subtraction of an addition, and an arithmetic shift of a logical one.
    let isRegister = opcode === .register, operand = select(isRegister, b, immediate).named("operand")
    let amount = operand[0..<5]
    let alu = choose(by: funct3) {
      Choice(0) { select(isRegister && word[30], a &- operand, a &+ operand) }
      Choice(1) { a.shiftedLeft(by: amount) }
      Choice(2) { (a.asSigned < operand.asSigned).asUnsigned }
      Choice(3) { (a < operand).asUnsigned }
      Choice(4) { a ^ operand }
      Choice(5) { select(word[30], a.asSigned.shiftedRight(by: amount).asUnsigned, a.shiftedRight(by: amount)) }
      Choice(6) { a | operand }
      Otherwise { a & operand }
    }.named("alu")
    // The lowest bit of funct3 inverts the condition of a branch.
    let condition = choose(funct3[1...], [a === b, false, a.asSigned < b.asSigned, a < b])
    let isTaken = (condition !== funct3[0]).named("isTaken")

    // Loads and stores. The lowest bits of funct3 are the size, the highest one says that no sign is extended.
    let address = (a &+ immediate).named("address"), target = (pc &+ immediate).named("target"), place = address[0..<2]
    let row = address[2..<10], lanes = choose(funct3[0..<2], [Unsigned(1, width: 4), 3, 15]).shiftedLeft(by: place)
    let isMisaligned = choose(funct3[0..<2], [Bit(false), place[0], place.anyBitSet])
    let loaded = dataMemory[row].shiftedRight(by: place << 3).named("loaded")
    let isStore = opcode === .store && !stops
    dataMemory.write(at: row, b.shiftedLeft(by: place << 3), when: isStore, lanes: lanes)

    (result, nextPC, writesRegister, stops) = (alu, pc &+ 4, true, false)
    Switch(opcode) {
      Case(.immediate, .register) {}
      Case(.lui) { result = immediate }
      Case(.auipc) { result = target }
      Case(.jal) { (result, nextPC) = (pc &+ 4, target) }
      Case(.jalr) { (result, nextPC) = (pc &+ 4, address & ~1) }
      Case(.branch) {
        writesRegister = false
        When(isTaken) { nextPC = target }
      }
      Case(.store) { (writesRegister, stops) = (false, isMisaligned) }
      Case(.load) {
        stops = isMisaligned
        result = choose(by: funct3) {
          Choice(0) { loaded[0..<8].signExtended(to: 32) }
          Choice(1) { loaded[0..<16].signExtended(to: 32) }
          Choice(4) { loaded[0..<8] }
          Choice(5) { loaded[0..<16] }
          Otherwise { loaded }
        }
      }
      Default { stops = true }
    }
    // Memories are written in reset, too, so nothing is executed before the first cycle after it.
    isRunning = true
    When(nextPC[1] || !isRunning) { stops = true }
    registers.write(at: rd, result, when: writesRegister && !stops && rd !== 0)
    When(!stops) { pc = nextPC }
    (programCounter, trap) = (pc, stops && isRunning)
    x10 = registers[Unsigned(10, width: 5)]
  }
}
