// What every operator knows about itself.
//
// Each operator is one type in a file of its own that owns its options, the checks
// that make it safe to run, its golden kernel and its cost. Other modules add what
// they need (lowering to hardware, cycle estimates) by extending the same types.

/// An operator with its options.
public protocol Operation: Sendable {
  /// The TFLite name, `CONV_2D`.
  var name: String { get }

  /// Checks everything a kernel or a hardware compiler relies on: number, types, shapes and quantization
  /// of the tensors.
  ///
  /// The caller has checked the graph's structure: tensor indices are in range.
  /// - Throws: `ModelError` naming the operator and the tensor.
  func validate(_ node: Node, in graph: Graph) throws(ModelError)

  /// Computes the outputs of `node` from its inputs, bit for bit as the reference does.
  ///
  /// `node` must have passed `validate`, and the tensors it reads must be in `store`.
  func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore)

  /// Multiply-accumulates of one evaluation, those on padding included; 0 for operators that have none.
  ///
  /// Asked of nodes that validation refuses, too: a network that is not supported still has a size.
  func multiplyAccumulates(_ node: Node, in graph: Graph) -> Int
}

extension Operation {
  public func multiplyAccumulates(_ node: Node, in graph: Graph) -> Int { 0 }
}

/// The product of sizes; 0 when one is negative or the product does not fit.
package func product(_ sizes: [Int]) -> Int {
  var result = 1
  for size in sizes {
    let (value, overflow) = result.multipliedReportingOverflow(by: size)
    if overflow || size < 0 { return 0 }
    result = value
  }
  return result
}

/// The contents of a graph's tensors while it is executed.
public struct TensorStore: Sendable {
  private var contents: [Int: [UInt8]] = [:]

  /// A store that holds nothing.
  init() {}

  /// A store that holds the constants of `graph`; all other tensors are empty.
  public init(_ graph: Graph) {
    for (index, tensor) in graph.tensors.enumerated() { contents[index] = tensor.constant }
  }

  /// The bytes of a tensor, little-endian in C order; empty when not computed yet.
  public subscript(tensor: Int) -> [UInt8] {
    get { contents[tensor] ?? [] }
    set { contents[tensor] = newValue }
  }
}
