import Machine
import Model
import Reference
import Testing

@testable import Mapper

@Suite struct TracedTensorsTests {
  private func mapping() throws -> (Mapping, [[UInt8]]) {
    var b = GraphBuilder()
    let x = b.input([1, 5, 5, 4])
    let y = try required(b.depthwise(x, kernel: (3, 3)))
    return (try Mapper.map(b.graph(outputs: [y]), for: .edge64), b.samples())
  }

  /// A write beyond the tensor of its step is told, and one inside lands where it belongs.
  @Test func straysAreTold() throws {
    let (mapping, _) = try mapping(), base = mapping.steps[0].bufferAddress, tensor = mapping.steps[0].outputTensor
    let inside = WrittenByte(step: 0, address: base + 7, value: 9, before: 9)
    #expect(try mapping.tensors(of: [inside])[tensor]?.enumerated().filter { $0.element != 0 }.map { [$0.offset, Int($0.element)] } == [[7, 9]])
    for offset in [-1, mapping.graph.tensors[tensor].byteCount] {
      let stray = WrittenByte(step: 0, address: base + offset, value: 0, before: 0)
      let told = #expect(throws: StrayWrite.self) { try mapping.tensors(of: [inside, stray]) }
      #expect(told?.description.hasPrefix("writes byte \(offset) of ") == true)
    }
  }

  /// Requirements on programs, found in a program that the mapper made and somebody changed.
  @Test(arguments: [
    ("loop.feed_columns", 1, "columns fed and consumed"), ("window.capacity", 1, "capacity too small"),
    ("window.capacity", 1000, "capacity beyond the column buffer"), ("window.advance_rows", 7, "output advance rows"),
    ("array.passes", 0, "array.passes is 0"), ("array.passes", 2, "window columns"), ("input.height", 0, nil),
  ] as [(String, Int, String?)])
  func brokenProgramsAreTold(_ name: String, _ value: Int, _ message: String?) throws {
    var (mapping, inputs) = try mapping()
    let field = try #require(LayerField(assemblyName: name))
    mapping.program.insert(ProgramLine(instruction: .set(field, value), comment: ""), at: mapping.program.count - 2)
    mapping.program.removeLast()
    let checksum = ProgramChecksum(of: mapping.program.map(\.instruction.word)).value
    mapping.program.append(ProgramLine(instruction: .halt(checksum: checksum), comment: ""))
    var machine = ReferenceMachine(mapping, inputs: inputs)
    do throws(MachineFault) {
      _ = try machine.run(mapping.program.map(\.instruction))
      #expect(message == nil, "nothing was told")
    } catch {
      #expect(error.message == message)
    }
  }
}
