// The golden kernels against vectors that no code of this project produced.

import Foundation
import Model
import Testing

@Suite struct GoldenModelTests {
  static let networks = [
    "mlperf_tiny/anomaly_detection", "mlperf_tiny/image_classification", "mlperf_tiny/image_classification_large",
    "mlperf_tiny/keyword_spotting", "mlperf_tiny/streaming_wakeword", "mlperf_tiny/visual_wake_words",
    "ops/conv1d_rank3", "ops/conv_k1x7_s3_valid_c3_33", "ops/conv_k5_s2_same_c1_10_relu6", "ops/digits_mlp",
    "ops/digits_cnn", "ops/digits_resnet", "ops/dw_mult2_s2_c5", "ops/fc_big_1000_257_10",
    "ops/mbv2_inverted_residual", "ops/multi_io", "ops/pad_asym_conv", "ops/pools_odd", "ops/residual_add_scales",
    "ops/softmax_5x37", "ops/tc_resnet_1d",
  ]

  @Test(.enabled(if: Corpus.isPresent), arguments: networks)
  func everyTensorOfTheCorpusAgrees(network: String) throws {
    let result = try compare(Corpus.path(network))
    #expect(result.elements > 0)
    #expect(result.mismatches == 0, "\(result.report.prefix(5).joined(separator: "\n"))")
  }
}
