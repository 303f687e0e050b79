/// Records: vectors in Verilog-2005, packed structs in SystemVerilog, whose members are read and assigned by name.
///
/// Only whole wires, registers and words of memories have such a type: ports would need a package for it, Icarus 11 knows neither
/// vectors of structs nor members of a memory's word at an index, and Yosys 0.23 no vectors of vectors. No member is `signed`, because
/// Icarus 11 compares and shifts it as if it were not.
extension VerilogModule {
  func structType(of signal: Int) -> VerilogNames.Struct? {
    let kind = graph.signals[signal].kind
    return kind == .input || kind == .output ? nil : graph.signals[signal].layout.flatMap { names.structs[$0] }
  }
  func structType(ofMemory index: Int) -> VerilogNames.Struct? {
    dialect == .verilog ? nil : graph.memories[index].layout(in: graph).flatMap { names.structs[$0] }
  }

  /// Some bits of what is named `name`: a member, or a part of one, or of the whole.
  func part(of id: Int32, _ name: String, _ range: Range<Int>) -> String {
    let node = graph.nodes[Int(id)]
    if node.operation.isSignal, let type = structType(of: node.immediate) {
      for member in type.members where member.low <= range.lowerBound && range.upperBound <= member.low + member.width {
        let low = range.lowerBound - member.low
        return "\(name).\(member.name)" + (range.count == member.width ? "" : bits(low..<low + range.count))
      }
    }
    return name + bits(range)
  }

  /// The types of `signals` and of the memories, as far as they are not declared yet.
  mutating func structDeclarations(_ signals: [Int]) -> String {
    let types = signals.compactMap { structType(of: $0) } + graph.memories.indices.compactMap { structType(ofMemory: $0) }
    var text = ""
    for type in types where declaredTypes.insert(type.type).inserted {
      let members = type.members.reversed().map { "    logic \(range(.unsigned($0.width)))\($0.name);\n" }
      text += "  typedef struct packed {\n\(members.joined())  } \(type.type);\n"
    }
    return text
  }
}
