import HDL
import HDLExamples
import Testing

/// All of the larger designs pass the three linters in silence, in both languages, with small parameters and large ones.
@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: 0..<15)
func designsPassTheLinters(index: Int) throws {
  let designs: [any Module] = [
    GCD(), FIR(coefficients: [1, 2]), FIR(coefficients: [3, 0, 7, 255, 1], width: 12), FIR4(), UARTTransmitter(divisor: 104),
    UARTReceiver(divisor: 104), BitonicSorter(count: 2, width: 1), BitonicSorter(count: 16, width: 8), Maximum(count: 7, width: 8),
    PacketArbiter(ports: 3, bytes: 4, depth: 16), SDRAMController(), SystolicProduct(n: 4), RV32I(program: [0x0000_006F]),
    Queue(depth: 1, width: 8), Queue(depth: 5, width: 8),
  ]
  let complaints = try lint(elaborate(designs[index]))
  #expect(complaints == "")
}
