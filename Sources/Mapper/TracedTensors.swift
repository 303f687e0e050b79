// From the bytes that a program wrote back to the tensors of its network.

import Machine

/// A write where the program has nothing to write.
public struct StrayWrite: Error, Hashable, CustomStringConvertible, Sendable {
  public var description: String
}

extension Mapping {
  /// The tensors that steps wrote, by index; with a fused addition or table the tensor before it, too.
  /// - Throws: `StrayWrite` when a byte lies outside of the tensor that its step writes.
  public func tensors(of writes: some Sequence<WrittenByte>) throws(StrayWrite) -> [Int: [UInt8]] {
    var tensors: [Int: [UInt8]] = [:]
    func record(_ tensor: Int, _ offset: Int, _ value: UInt8) throws(StrayWrite) {
      let count = graph.tensors[tensor].byteCount
      guard offset >= 0, offset < count else { throw StrayWrite(description: "writes byte \(offset) of \(graph.label(tensor))") }
      tensors[tensor, default: [UInt8](repeating: 0, count: count)][offset] = value
    }
    for write in writes {
      let step = steps[write.step]
      try record(step.outputTensor, write.address - step.outputBase, write.value)
      if let tensor = step.sumTensor { try record(tensor, write.address - step.outputBase, write.before) }
    }
    return tensors
  }
}
