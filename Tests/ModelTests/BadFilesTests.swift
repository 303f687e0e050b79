// Files that are wrong in one way each: the class, one line, quickly, and never a trap.

import Foundation
import Model
import Testing

@Suite struct BadFilesTests {
  struct Manifest: Decodable {
    struct File: Decodable, CustomTestStringConvertible {
      var file: String
      var expect: String
      var error_class: String
      var testDescription: String { file }
    }
    var files: [File]
  }

  static let files: [Manifest.File] = {
    let data = FileManager.default.contents(atPath: Corpus.fixture("bad/manifest.json")) ?? Data()
    return (try? JSONDecoder().decode(Manifest.self, from: data))?.files ?? []
  }()

  @Test func thereAreFiles() {
    #expect(Self.files.count >= 36)
  }

  @Test(arguments: files)
  func eachFileHasItsClass(file: Manifest.File) throws {
    let path = Corpus.fixture("bad/\(file.file)")
    let start = Date()
    var outcome = "ok"
    var message = ""
    do throws(ModelError) {
      _ = try loadTFLite(contentsOf: path)
    } catch {
      outcome = error.category.rawValue
      message = error.description
      #expect(error.file == path)
    }
    #expect(Date().timeIntervalSince(start) < 2)
    #expect(outcome == file.error_class, "expected: \(file.expect), got: \(message)")
    #expect(!message.contains { $0.isNewline })
    let stem = file.file.replacingOccurrences(of: ".tflite", with: "")
    #expect(message == (Self.messages[stem].map { "\(path): \($0)" } ?? ""))
  }

  /// The texts are part of what users see; a change here is a change of the product.
  static let messages: [String: String] = [
    "activation_unknown": "unknown fused activation 99 (operator 0 CONV_2D)",
    "avgpool_filter_zero": "pool window is 0x0, must be at least 1x1 (operator 0 AVERAGE_POOL_2D)",
    "bias_type_int8":
      "bias must be int32, is int8 (operator 0 CONV_2D, tensor 1 "
        + "'Relu;add;Conv2D;add/ReadVariableOp/resource')",
    "buffer_index_oob": "buffer index 4242 is out of range, there are 7 buffers (tensor 2 'Conv2D')",
    "channel_mismatch": "input channels 4 do not match filter channels 5 (operator 0 CONV_2D, tensor 2 'Conv2D')",
    "concat_axis_oob": "CONCATENATION axis 7 is out of range for rank 2 (operator 0 CONCATENATION, tensor 1 't1')",
    "dilation_zero": "dilation is 0, must be at least 1 (operator 0 CONV_2D)",
    "dim_2e31":
      "shape [1, 2147483647, 2147483647, 5] needs a size that overflows, the limit is 67108864 (tensor 0 "
        + "'x0')",
    "empty": "the file is empty (0 bytes), not a TFLite model",
    "garbage_valid_ident":
      "damaged or truncated file: the vtable of root table at byte 28 lies outside the file of 4104 bytes; "
        + "get the file again",
    "graph_cycle":
      "reads a tensor before operator 1 ADD produces it, the graph has a cycle (operator 0 ADD, tensor 2 "
        + "'t2')",
    "hybrid_dynamic_range":
      "hybrid quantization (float32 activations, int8 weights) is not supported (operator 0 "
        + "FULLY_CONNECTED, tensor 0 't0'); give the converter a representative_dataset, so that activations are quantized, too",
    "input_never_defined":
      "reads a tensor that is no constant, no graph input and no operator's output (operator 0 ADD, tensor "
        + "2 't2')",
    "no_outputs": "the graph has no outputs",
    "no_subgraphs": "the model has no subgraph",
    "op_custom": "custom operator 'FooBar' is not supported (operator 0 custom operator 'FooBar')",
    "pad_negative": "negative padding -2 (operator 0 PAD, tensor 1 't1')",
    "per_channel_count": "weights have 3 scales for 7 output channels (operator 0 CONV_2D, tensor 2 'Conv2D')",
    "rank_8": "CONV_2D input must be rank 4, is rank 8 (operator 0 CONV_2D, tensor 0 'x0')",
    "scale_denormal":
      "multiplier input·weight/output scale of channel 0 = 0.028415553·0.005742249/1e-42 = "
        + "1.6308322286336566e+38 is out of range (a shift of more than 30 bits) (operator 0 CONV_2D, tensor 3 "
        + "'Identity')",
    "scale_inf":
      "scale is infinite (tensor 3 'Identity', output of operator 0 CONV_2D); scales are finite and "
        + "positive",
    "scale_negative":
      "scale is negative (-0.05) (tensor 3 'Identity', output of operator 0 CONV_2D); scales are finite "
        + "and positive",
    "softmax_out_scale_wrong":
      "int8 SOFTMAX output must have scale 1/256 and zero point -128, has 0.1 and 7 (operator 0 SOFTMAX, "
        + "tensor 1 't1')",
    "tensor_index_negative": "operator 0 CONV_2D input 1: tensor index -7 is out of range, there are 4 tensors",
    "text_file": "not a TFLite model (no 'TFL3' at byte 4, it looks like text); give a .tflite file",
    "truncated_tail":
      "damaged or truncated file: the offset of operator_codes at byte 2576 points outside the file of "
        + "2624 bytes; get the file again",
    "two_subgraphs": "the model has 2 subgraphs (control flow or several entry points), only one and initializers of state are supported "
      + "(subgraph 1)",
    "valid_kernel_too_big":
      "VALID 3x1 window does not fit the 2x6 input: the output is empty (operator 0 CONV_2D, tensor 0 'x0')",
    "vector_len_huge_buffers":
      "damaged or truncated file: vector buffers at byte 156 claims 268435456 elements of 4 bytes, but the "
        + "file ends at byte 2688; get the file again",
    "version_99": "TFLite schema version 99, expected 3; convert the model again",
    "vtable_oob":
      "damaged or truncated file: the vtable of root table at byte 28 lies outside the file of 2688 bytes; "
        + "get the file again",
    "weight_zp_nonzero_int8":
      "int8 CONV_2D weights must be symmetric (zero point 0), zero point is 5 (operator 0 CONV_2D, tensor "
        + "2 'Conv2D'); convert the model with symmetric weights",
    "weights_buffer_short":
      "buffer has 10 bytes, shape 7x3x1x5 of int8 needs 105 (operator 0 CONV_2D, tensor 2 'Conv2D')",
    "weights_int4": "int4 weights are not supported, only int8 (operator 0 CONV_2D, tensor 2 'Conv2D')",
  ]
}
