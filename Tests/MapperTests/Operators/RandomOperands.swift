// What random layers of one operator are drawn from.

import Model

#if DEBUG
  /// Unoptimized, a quarter of the cases has to do.
  let thinning = 4
#else
  let thinning = 1
#endif

extension GraphBuilder {
  mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }

  /// An input of small images, mostly one.
  mutating func image() -> Int {
    let images = Int.random(in: 0..<8, using: &random) == 0 ? 2 : 1
    return input([images, .random(in: 1...9, using: &random), pick([1, 2, 3, 5, 7, 10]), pick([1, 2, 3, 4, 5, 8, 15, 16, 17, 24, 33])])
  }

  static let kernels = [(1, 1), (3, 3), (2, 2), (1, 7), (7, 1), (5, 5), (3, 1), (4, 3), (7, 7), (10, 4)]
  static let strides = [(1, 1), (2, 2), (1, 2), (3, 3), (3, 1)]
  static let dilations = [(1, 1), (1, 1), (2, 2), (1, 3), (2, 1)]
  static let activations: [Activation] = [.none, .relu, .relu6, .reluN1To1]
}
