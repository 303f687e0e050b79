// From the bytes that a program wrote back to the tensors of its network.

import Machine

/// A write where the program has nothing to write.
public struct StrayWrite: Error, Hashable, CustomStringConvertible, Sendable {
  public var description: String
}

extension Mapping {
  /// The tensors whose bytes steps wrote, by index; with a fused addition or table the tensor before it, too. Constant channels that
  /// were removed are put back.
  /// - Throws: `StrayWrite` when a byte lies outside of the tensor that its step writes.
  public func tensors(of writes: some Sequence<WrittenByte>) throws(StrayWrite) -> [Int: [UInt8]] {
    var buffers: [Int: [UInt8]] = [:], tensors: [Int: [UInt8]] = [:]
    /// A tensor of which nothing was written yet.
    func empty(_ tensor: Int) -> [UInt8] { (0..<graph.tensors[tensor].byteCount).map { constant(of: $0, in: tensor) ?? 0 } }
    for write in writes {
      let step = steps[write.step], buffer = step.output.buffer, byte = write.address - step.bufferAddress
      guard let element = element(at: byte, of: step) else {
        throw StrayWrite(description: "writes byte \(byte) of \(graph.label(buffer)), which holds nothing of \(graph.label(step.outputTensor))")
      }
      buffers[buffer, default: [UInt8](repeating: 0, count: storedBytes(of: buffer))][byte] = write.value
      if let before = step.before { tensors[before, default: empty(before)][element] = write.before }
    }
    for tensor in graph.activations {
      guard let buffer = buffers[view(of: tensor).buffer] else { continue }
      let bytes = (0..<graph.tensors[tensor].byteCount).map { element in
        byte(of: element, in: tensor).map { buffer[$0] } ?? constant(of: element, in: tensor) ?? 0
      }
      tensors[tensor] = loaded(bytes, of: tensor)
    }
    return tensors
  }
}
