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
    func tensor(_ indices: [Int]) -> (index: Int, type: ElementType)? {
      indices.first.flatMap { graph.tensors.indices.contains($0) ? ($0, graph.tensors[$0].type) : nil }
    }
    let input = tensor(node.inputs), output = tensor(node.outputs)
    var isFirst: Bool { input.map { graph.inputs.contains($0.index) } ?? false }
    var isLast: Bool { output.map { graph.outputs.contains($0.index) } ?? false }
    switch name {
    case "QUANTIZE" where input?.type == .int8 && output?.type == .int8: return nil
    case "QUANTIZE", "DEQUANTIZE":
      if isFirst, let type = input?.type, type != .int8 {
        (what, advice) = ("the input is \(type)", "convert with inference_input_type=tf.int8")
      } else if isLast, let type = output?.type, type != .int8 {
        (what, advice) = ("the output is \(type)", "convert with inference_output_type=tf.int8")
      } else {
        (what, advice) = (
          "a part of the network is \((name == "QUANTIZE" ? input : output)?.type.description ?? "not int8")", "quantize the whole model to int8"
        )
      }
    case "SHAPE":
      (what, advice) = ("the batch is dynamic", "convert with a fixed batch of 1")
    case "STRIDED_SLICE" where output?.type == .int32, "PACK" where output?.type == .int32:
      (what, advice) = ("a shape is computed while the network runs", "convert with a fixed batch of 1")
    case "VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE", "CALL_ONCE":
      (what, advice) = ("the network keeps state between inferences", "convert it without streaming state")
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
