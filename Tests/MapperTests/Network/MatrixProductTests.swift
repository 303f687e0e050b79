import Testing

@testable import Mapper

@Suite struct MatrixProductTests {
  /// Padding adds up to −za, constant taps to −zb, and all of them are bytes.
  @Test func zeroPointsBecomeTaps() {
    for za in -128...127 {
      for zb in [-128, -127, -1, 0, 1, 127] {
        let product = MatrixProduct(rows: 2, depth: 3, second: Box(0, offset: 0, shape: [4, 3], strides: [3, 1]), zeros: (za, zb))
        #expect((-128...127).contains(product.padByte) && (product.window.kernelHeight - 1) * product.padByte == -za)
        #expect(product.constants.compactMap { $0 }.reduce(0) { $0 + Int($1) } == -zb && product.constants.count == product.window.kernelWidth)
        #expect(product.constants[0] == nil && !product.constants.dropFirst().contains(nil))
      }
    }
  }
}
