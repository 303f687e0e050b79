import Model
import Testing

@Suite struct TensorTests {
  @Test func sizes() {
    #expect(activation([2, 3, 4]).elementCount == 24)
    #expect(activation([]).elementCount == 1)
    #expect(activation([0, 5]).byteCount == 0)
    #expect(Tensor(name: "", shape: [3], type: .int4).byteCount == 2)
    #expect(Tensor(name: "", shape: [3], type: .int32).byteCount == 12)
    #expect(Tensor(name: "", shape: [3], type: .string).byteCount == 0)
  }

  @Test func hostileSizesDoNotTrap() {
    #expect(activation([1 << 40, 1 << 40]).elementCount == .max)
    #expect(activation([1 << 40, 1 << 40, 0]).elementCount == 0)
    #expect(activation([-5, 3]).elementCount == 0)
    #expect(Tensor(name: "", shape: [Int.max], type: .complex128).byteCount == .max / 8)
  }

  @Test func constants() {
    #expect(integers([3], [1, -2, .min]).int32Values() == [1, -2, .min])
    #expect(integers([3], [1, -2, .min]).int8Values().isEmpty)
    #expect(weights([2], [-128, 127]).int8Values() == [-128, 127])
    #expect(integers([2], [4, -1]).indexValues() == [4, -1])
    let wide = Tensor(name: "", shape: [1], type: .int64, constant: [254, 255, 255, 255, 255, 255, 255, 255])
    #expect(wide.indexValues() == [-2])
    #expect(weights([1], [1]).indexValues() == nil)
    #expect(activation([1]).int8Values().isEmpty)
    // A constant whose bytes are too few gives what is there.
    #expect(Tensor(name: "", shape: [9], type: .int32, constant: [1, 0, 0, 0, 9]).int32Values() == [1])
  }

  @Test func scales() {
    var tensor = weights([2], [1, 2], scale: 0.5)
    #expect(tensor.scale(ofChannel: 1) == 0.5)
    tensor.quantization.scales = [0.5, 0.25]
    #expect(tensor.scale(ofChannel: 1) == 0.25)
    #expect(Tensor(name: "", shape: [], type: .int8).scale == 0)
  }
}
