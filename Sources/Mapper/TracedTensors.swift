// From the bytes that a program wrote back to the tensors of its network.

import Machine

/// A write where the program has nothing to write.
public struct StrayWrite: Error, Hashable, CustomStringConvertible, Sendable {
  public var description: String
}

extension Mapping {
  /// The tensors whose bytes steps wrote, by index; with a fused addition or table the tensor before it, too.
  /// - Throws: `StrayWrite` when a byte lies outside of the tensor that its step writes.
  public func tensors(of writes: some Sequence<WrittenByte>) throws(StrayWrite) -> [Int: [UInt8]] {
    var buffers: [Int: [UInt8]] = [:], tensors: [Int: [UInt8]] = [:]
    func empty(_ tensor: Int) -> [UInt8] { [UInt8](repeating: 0, count: graph.tensors[tensor].byteCount) }
    for write in writes {
      let step = steps[write.step], byte = write.address - step.bufferAddress
      guard let element = step.output.element(at: byte) else {
        throw StrayWrite(description: "writes byte \(byte) of \(graph.label(step.output.buffer)), which holds nothing of \(graph.label(step.outputTensor))")
      }
      buffers[step.output.buffer, default: empty(step.output.buffer)][byte] = write.value
      if let before = step.before { tensors[before, default: empty(before)][element] = write.before }
    }
    for tensor in graph.activations {
      let view = view(of: tensor)
      guard let buffer = buffers[view.buffer] else { continue }
      tensors[tensor] = (0..<view.count).map { buffer[view.byte(of: $0)] }
    }
    return tensors
  }
}
