import Model
import Testing

@Suite struct Window2DTests {
  @Test func windowsReadAsPropertiesOfTheirOperators() {
    let convolution = Convolution2D(strideHeight: 2, strideWidth: 3, dilationHeight: 4, dilationWidth: 5, padding: .valid)
    let window = Window2D(strideHeight: 2, strideWidth: 3, dilationHeight: 4, dilationWidth: 5, padding: .valid)
    #expect(convolution.window == window)
    #expect((convolution.strideHeight, convolution.strideWidth) == (2, 3))
    #expect((convolution.dilationHeight, convolution.dilationWidth) == (4, 5) && convolution.padding == .valid)
    let pool = MaxPool2D(filterHeight: 2, filterWidth: 3, strideHeight: 4, strideWidth: 5)
    #expect(pool.window == Window2D(strideHeight: 4, strideWidth: 5, padding: .valid))
    let depthwise = DepthwiseConvolution2D(strideHeight: 2, strideWidth: 3, dilationHeight: 4, dilationWidth: 5, padding: .valid)
    #expect(depthwise.window == window)
  }

  @Test func rowsAndColumnsAreTheirOwn() {
    let layer = graph(
      AveragePool2D(filterHeight: 2, filterWidth: 3, strideHeight: 1, strideWidth: 2, padding: .same), [activation([1, 5, 8, 1])],
      output: activation([1, 5, 4, 1]))
    let geometry = AveragePool2D(filterHeight: 2, filterWidth: 3, strideHeight: 1, strideWidth: 2, padding: .same)
      .geometry(layer.nodes[0], in: layer)
    #expect(geometry.rows == WindowGeometry(input: 5, filter: 2, stride: 1, padding: .same))
    #expect(geometry.columns == WindowGeometry(input: 8, filter: 3, stride: 2, padding: .same))
  }
}
