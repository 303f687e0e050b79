import Machine
import Model
import Reference
import Testing
import Verify

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

  /// Two layers write pixels of one whole by turns: each may write its own channels only, and both are tensors of their own.
  @Test func straysBetweenTheChannelsOfAWhole() throws {
    var b = GraphBuilder()
    let x = b.input([1, 2, 3, 4])
    let parts = [2, 3].map { b.convolution(x, channels: $0, kernel: (1, 1)) ?? x }
    for part in parts { b.tensors[part].quantization = b.tensors[x].quantization }
    let whole = b.concatenation(parts, axis: 3), mapping = try expectExact(b.graph(outputs: [whole]), .edge64, inputs: b.samples())
    #expect(mapping.steps.map(\.outputTensor) == parts && Set(mapping.steps.map(\.output.buffer)) == [whole])
    let base = mapping.steps[0].bufferAddress, address = { (step: Int, byte: Int) in WrittenByte(step: step, address: base + byte, value: 9, before: 9) }
    // Pixel 1 has bytes 5...9: two of the first layer, three of the second.
    let tensors = try mapping.tensors(of: [address(0, 6), address(1, 7), address(1, 29)])
    func nines(_ tensor: Int) -> [Int]? { tensors[tensor].map { bytes in bytes.indices.filter { bytes[$0] == 9 } } }
    #expect(nines(parts[0]) == [3] && nines(parts[1]) == [3, 17] && nines(whole) == [6, 7, 29])
    for (step, byte) in [(0, 7), (0, 29), (0, 30), (1, 6), (1, 0), (1, -1)] {
      let told = #expect(throws: StrayWrite.self) { try mapping.tensors(of: [address(step, byte)]) }
      #expect(told?.description == "writes byte \(byte) of tensor \(whole) 't\(whole)', which holds nothing of tensor \(parts[step]) 't\(parts[step])'")
    }
  }
}
