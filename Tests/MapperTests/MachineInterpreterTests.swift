import Machine
import Model
import Testing

@testable import Mapper

@Suite struct MachineInterpreterTests {
  private func mapping() throws -> (Mapping, [[UInt8]]) {
    var b = GraphBuilder()
    let x = b.input([1, 5, 5, 4])
    let y = try required(b.depthwise(x, kernel: (3, 3)))
    return (try Mapper.map(b.graph(outputs: [y]), for: .edge64), b.samples())
  }

  @Test(arguments: [
    (LayerRegister.feedColumns, 1, "columns fed and consumed"), (.capacityColumns, 1, "window columns"),
    (.capacityColumns, 1000, "capacity beyond the column buffer"), (.outputRowStep, 1 << 20, "writes"),
  ])
  func faults(_ register: LayerRegister, _ value: Int, _ message: String) throws {
    var (mapping, inputs) = try mapping()
    mapping.program.insert(
      ProgramLine(instruction: .set(register, value), comment: ""), at: mapping.program.count - 2)
    var machine = MachineInterpreter(mapping)
    let fault = #expect(throws: MachineFault.self) { try machine.run(inputs: inputs) }
    #expect(fault?.message.contains(message == "window columns" ? "capacity" : message) == true)
  }

  @Test func programsEndWithHalt() throws {
    var (mapping, inputs) = try mapping()
    mapping.program.removeLast()
    var machine = MachineInterpreter(mapping)
    #expect(throws: MachineFault(step: 0, message: "the program ends without halt")) { try machine.run(inputs: inputs) }
  }
}
