// Why a network has an operator that is not supported, and the way out.
//
// Most of these operators are in a model by accident: a converter was run with its defaults, a batch was left open, a
// file was already compiled for other hardware. So the answer is not the operator's name, but what to change.

/// What to say of an operator that is not supported.
struct UnsupportedReason {
  var what: String
  var advice: String

  /// The reason and the way out; nil for operators of which only the name is known.
  init?(_ name: String, _ node: Node, in graph: Graph) {
    func tensor(_ indices: [Int]) -> Tensor? {
      indices.first.flatMap { graph.tensors.indices.contains($0) ? graph.tensors[$0] : nil }
    }
    let input = tensor(node.inputs), output = tensor(node.outputs)
    switch name {
    case "QUANTIZE" where input?.type == .int8 && output?.type == .int8: return nil
    case "QUANTIZE", "DEQUANTIZE":
      (what, advice) = (
        "a part of the network is \((name == "QUANTIZE" ? input : output)?.type.description ?? "not int8")", "quantize the whole model to int8"
      )
    case "STRIDED_SLICE" where output?.type == .int32, "PACK" where output?.type == .int32:
      (what, advice) = ("a shape is computed while the network runs", "convert with a fixed batch of 1")
    case "custom operator 'ethos-u'":
      (what, advice) = ("the model was already compiled by Vela for an Ethos-U", "give the .tflite from before")
    case "custom operator 'edgetpu-custom-op'":
      (what, advice) = ("the model was already compiled for an Edge TPU", "give the .tflite from before")
    default: return nil
    }
  }
}

extension NodeCheck {
  /// Throws the reason why the operator is not supported on its tensors if there is one that says what to change.
  func requireKnownWayOut() throws(ModelError) {
    if let known = UnsupportedReason(node.operation.name, node, in: graph) {
      throw error(.unsupported, known.what, advice: known.advice)
    }
  }
}
