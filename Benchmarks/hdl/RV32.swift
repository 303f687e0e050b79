import HDL

/// An irregular design to be measured: a RV32I that takes two cycles for an instruction, three for a load. The instruction memory
/// is a table, the data memory a RAM with byte lanes.
struct RV32: Module {
  enum State: Int, CaseIterable { case boot, fetch, execute, load }
  /// A sum from 10 down to 1, which goes through the data memory, for ever:
  /// `addi x1,x0,10; addi x10,x0,0; loop: add x10,x10,x1; addi x1,x1,-1; bne x1,x0,loop; sb x10,5(x0); lb x11,5(x0);
  /// addi x10,x11,1; jal x0,0`
  static let program = [
    0x00a0_0093, 0x0000_0513, 0x0015_0533, 0xfff0_8093, 0xfe00_9ce3, 0x00a0_02a3, 0x0050_0583, 0x0015_8513, 0xfe1f_f06f,
  ]
  @Output(32) var result: Unsigned
  @Register(32) var pc: Unsigned
  @Register(32) var a0: Unsigned
  @Register() var trapped: Bit
  @StateRegister var state: State = .boot

  func body() {
    let imem = Memory("imem", depth: 256, width: 32, contents: .words(RV32.program))
    let regsA = Memory("regsA", depth: 32, width: 32, collision: .readsNew, contents: .words([0]))
    let dmem = Memory("dmem", depth: 256, width: 32, lanes: 4)

    @Wire("nextPC", 32) var nextPC: Unsigned
    @Wire("stays") var stays: Bit
    let instr = imem.read(at: nextPC[2..<10], when: $state === .boot || $state === .load || ($state === .execute && !stays)).named("instr")
    let opcode = instr[0..<7], rd = instr[7..<12], funct3 = instr[12..<15]
    let rs1 = instr[15..<20], rs2 = instr[20..<25], funct7 = instr[25..<32]

    // decode
    let isLUI = opcode === 0b0110111
    let isAUIPC = opcode === 0b0010111
    let isJAL = opcode === 0b1101111
    let isJALR = opcode === 0b1100111
    let isBranch = opcode === 0b1100011
    let isLoad = opcode === 0b0000011
    let isStore = opcode === 0b0100011
    let isOpImm = opcode === 0b0010011
    let isOp = opcode === 0b0110011

    let immI = instr[20..<32].asSigned.extended(to: 32).asUnsigned
    let immS = concatenate([instr[7..<12], instr[25..<32]]).asSigned.extended(to: 32).asUnsigned
    let immB = concatenate([Bit(false), instr[8..<12], instr[25..<31], instr[7], instr[31]]).asSigned.extended(to: 32).asUnsigned
    let immU = concatenate([Unsigned(0, width: 12), instr[12..<32]])
    let immJ = concatenate([Bit(false), instr[21..<31], instr[20], instr[12..<20], instr[31]]).asSigned.extended(to: 32).asUnsigned

    // register file: read in fetch with the word... read ports are synchronous, so read in fetch from instr
    let a = regsA.read(at: rs1, when: $state === .fetch).named("rs1Value")
    let b = regsA.read(at: rs2, when: $state === .fetch).named("rs2Value")

    let operandB = select(isOpImm | isLoad, immI, select(isStore, immS, b))
    let shamt = operandB[0..<5]
    let isSub = isOp && instr[30]
    let alu = choose(funct3, [
      select(isSub, a &- operandB, a &+ operandB),
      a.shiftedLeft(by: shamt),
      (a.asSigned < operandB.asSigned).asUnsigned.extended(to: 32),
      (a < operandB).asUnsigned.extended(to: 32),
      a ^ operandB,
      select(instr[30], a.asSigned.shiftedRight(by: shamt).asUnsigned, a.shiftedRight(by: shamt)),
      a | operandB,
      a & operandB,
    ]).named("alu")

    let taken = choose(funct3, [
      (a === b).asUnsigned, (a !== b).asUnsigned, 0, 0,
      (a.asSigned < b.asSigned).asUnsigned, (a.asSigned >= b.asSigned).asUnsigned, (a < b).asUnsigned, (a >= b).asUnsigned,
    ]).asBit

    nextPC = pc
    When($state === .execute) {
      nextPC = pc &+ 4
      When(isJAL || (isBranch && taken)) { nextPC = pc &+ select(isJAL, immJ, immB) }
      When(isJALR) { nextPC = (a &+ immI) & 0xFFFF_FFFE }
    }
    When($state === .load) { nextPC = pc &+ 4 }
    stays = isLoad

    let address = a &+ select(isStore, immS, immI)
    let offset = address[0..<2]
    let isByte = funct3[0..<2] === 0, isHalf = funct3[0..<2] === 1
    let lanes = select(isByte, Unsigned(1, width: 4).shiftedLeft(by: offset), select(isHalf, Unsigned(3, width: 4).shiftedLeft(by: offset), 15))
    let storeData = b.shiftedLeft(by: concatenate([Unsigned(0, width: 3), offset]))
    dmem.write(at: address[2..<10], storeData, when: isStore && ($state === .execute), lanes: lanes)
    let word = dmem.read(at: address[2..<10], when: isLoad && ($state === .execute))
    @Register("loadShift", 5) var loadShift: Unsigned
    loadShift = concatenate([Unsigned(0, width: 3), offset])
    let shifted = word.shiftedRight(by: loadShift)
    let byte = select(funct3[2], shifted[0..<8].extended(to: 32), shifted[0..<8].asSigned.extended(to: 32).asUnsigned)
    let half = select(funct3[2], shifted[0..<16].extended(to: 32), shifted[0..<16].asSigned.extended(to: 32).asUnsigned)
    let loaded = select(isByte, byte, select(isHalf, half, shifted))

    let written = select($state === .load, loaded, select(isLUI, immU, select(isAUIPC, pc &+ immU, select(isJAL | isJALR, pc &+ 4, alu))))
    let writes = (rd !== 0) && (($state === .load) || ($state === .execute && (isOp | isOpImm | isLUI | isAUIPC | isJAL | isJALR)))
    regsA.write(at: rd, written, when: writes)
    When(writes && rd === 10) { a0 = written }

    let known = isLUI | isAUIPC | isJAL | isJALR | isBranch | isLoad | isStore | isOpImm | isOp
    Switch($state) {
      Case(.boot) { state = .fetch }
      Case(.fetch) { state = .execute }
      Case(.execute) {
        state = .fetch
        pc = nextPC
        When(isLoad) { state = .load; pc = pc }
        When(!known) { trapped = true }
      }
      Case(.load) {
        pc = pc &+ 4
        state = .fetch
      }
    }
    ignore(funct7)
    result = pc ^ a0 ^ trapped.asUnsigned.extended(to: 32)
  }
}
