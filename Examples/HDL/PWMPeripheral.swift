// A peripheral for a processor: pulse-width modulation behind AXI4-Lite.
//
// One map describes the registers. From it come the hardware here, the C header (`PWM.map.cHeader`) and the reference
// page (`PWM.map.markdown`). A field is a Swift constant, so a misspelt one does not compile.

import HDL

/// What software sees.
public enum PWM {
  static let enable = Field<Bit>("enable", 0, .readWrite, "the output follows the duty; low while clear")
  static let period = Field<Unsigned>("cycles", 0..<16, .readWrite, reset: 999, "clock cycles of a period, less one")
  static let duty = Field<Unsigned>("cycles", 0..<16, .readWrite, "clock cycles of a period for which the output is high")
  static let wrapped = Field<Bit>("wrapped", 0, .writeOneToClear, "a period has ended")
  static let level = Field<Bit>("level", 8, .readOnly, "the output")

  public static let map = AddressMap(
    "pwm", "Pulse-width modulation.",
    registers: [
      ControlRegister("control", at: 0x0, "What to do.", [enable]),
      ControlRegister("period", at: 0x4, "How long a period is.", [period]),
      ControlRegister("duty", at: 0x8, "How much of it the output is high.", [duty]),
      ControlRegister("status", at: 0xC, "What happened.", [wrapped, level]),
    ])
}

public struct PWMPeripheral: Module {
  public let sAxi = Target(AXI4Lite(addressWidth: PWM.map.addressWidth))
  @Output() public var output: Bit
  @Output() public var interrupt: Bit

  public init() {}

  public func body() {
    let registers = instance("registers", RegisterBlock(PWM.map))
    registers.serve(sAxi)

    @Register<Unsigned>("count", 16) var count
    let isLast = (count >= registers[PWM.period]).named("isLast")
    When(registers[PWM.enable]) { count = select(isLast, 0, count &+ 1) }
      .Else { count = 0 }
    let level = (registers[PWM.enable] & (count < registers[PWM.duty])).named("level")

    registers[PWM.wrapped] = registers[PWM.enable] & isLast
    registers[PWM.level] = level
    output = level
    interrupt = registers[PWM.wrapped]
  }
}
