// A file that a user gives for an input of a network: a NumPy array, or raw bytes.

import Emit
import Model

/// An input as it was named on the command line.
struct InputFile {
  let path: String

  init(_ path: String) { self.path = path }

  private var isNumPy: Bool { path.hasSuffix(".npy") || path.hasSuffix(".npz") }

  /// The bytes of one sample.
  /// - Throws: `UsageError` when the file holds something else, or several.
  func bytes(for tensor: Int, of graph: Graph) throws -> [UInt8] {
    let content = try readFile(path, limit: 1 << 28)
    return isNumPy ? try bytes(of: NumPyArray(content, path: path), for: tensor, graph) : try raw(content, for: tensor, graph)
  }

  /// The bytes of every sample: the first dimension of an array counts them.
  func samples(for tensor: Int, of graph: Graph) throws -> [[UInt8]] {
    let content = try readFile(path, limit: 1 << 28), size = graph.tensors[tensor].byteCount
    if isNumPy {
      return try NumPyArray(content, path: path).samples(of: graph.tensors[tensor].shape).map { try bytes(of: $0, for: tensor, graph) }
    }
    guard size > 0, content.count > size, content.count % size == 0 else { return [try raw(content, for: tensor, graph)] }
    return try stride(from: 0, to: content.count, by: size).map { try raw(Array(content[$0..<$0 + size]), for: tensor, graph) }
  }

  private func bytes(of array: NumPyArray, for tensor: Int, _ graph: Graph) throws -> [UInt8] {
    let target = graph.tensors[tensor]
    try array.check(target.shape, label: graph.label(tensor))
    // A float32 input is quantized by the network: what it can hold then is what counts.
    let quantized = graph.nodes.first { $0.operation is Quantize && $0.inputs.first == tensor }.map { graph.tensors[$0.outputs[0]] }
    return try array.bytes(for: target, quantized: quantized, warn: StandardStreams.complain)
  }

  private func raw(_ bytes: [UInt8], for tensor: Int, _ graph: Graph) throws -> [UInt8] {
    let target = graph.tensors[tensor]
    guard bytes.count == target.byteCount else {
      throw UsageError(
        "\(path): read as raw bytes, has \(bytes.count) of them, the input needs \(target.byteCount) (\(graph.label(tensor)), shape \(target.shape)); "
          + "give a .npy file, or the bytes themselves")
    }
    if target.type == .float32, let index = target.numbers(bytes).firstIndex(where: { !$0.isFinite }) {
      throw UsageError("\(path): element \(index) is not finite; inputs are finite")
    }
    return bytes
  }
}
