// Random movements: an operator that only moves bytes, between layers that compute or at the edge of the network.
//
// Where the bytes come from a layer or go to one, the compiler may drop the movement; where they do not, it must copy.

import Model

extension NetworkBuilder {
  /// - Returns: the outputs of the network.
  mutating func addMovement(_ source: Int) -> [Int] {
    let source = layer.seed & 1 == 0 ? source : computed(source)
    let results = move(source)
    return results.map { layer.seed & 2 == 0 ? $0 : computed($0) }
  }

  /// A layer that changes most bytes: times a constant.
  private mutating func computed(_ x: Int) -> Int {
    tensors.append(
      Tensor(name: "factor", shape: [1], type: .int8, quantization: Quantization(scale: 0.01, zeroPoint: 0), constant: [77]))
    let factor = tensors.count - 1
    let y = tensor("computed", tensors[x].shape, tensors[x].scale * 0.7, layer.outputZero)
    node(Multiplication(), [x, factor], y)
    return y
  }

  /// A tensor with the quantization of another.
  private mutating func like(_ x: Int, _ shape: [Int]) -> Int {
    let y = tensor("moved", shape, tensors[x].scale, tensors[x].zeroPoint)
    return y
  }

  private mutating func move(_ x: Int) -> [Int] {
    let shape = tensors[x].shape, axis = 1 + Int(layer.seed / 4 % 3)
    func with(_ size: Int, at axis: Int) -> [Int] { shape.enumerated().map { $0 == axis ? size : $1 } }
    switch layer.seed / 64 % 12 {
    case 0, 1:
      // A further input, a computed one, and the tensor itself.
      let other = like(x, with(1 + layer.kernelHeight, at: axis))
      inputs.append(other)
      var parts = [x, other]
      if layer.perChannel { parts.insert(computed(other), at: 1) }
      if layer.bias { parts.append(x) }
      for part in parts { tensors[part].quantization = tensors[x].quantization }
      let y = like(x, with(parts.reduce(0) { $0 + tensors[$1].shape[axis] }, at: axis))
      node(Concatenation(axis: axis), parts, y)
      return [y]
    case 2:
      let first = Int.random(in: 1...max(1, shape[axis] - 1), using: &random)
      guard first < shape[axis] else { return [computed(x)] }
      let parts = [like(x, with(first, at: axis)), like(x, with(shape[axis] - first, at: axis))]
      let sizes = integers("sizes", [2], [Int32(first), Int32(shape[axis] - first)]), dimension = integers("axis", [1], [Int32(axis)])
      node(Split(name: "SPLIT_V"), [x, sizes, dimension], outputs: parts)
      return parts
    case 3, 4:
      let begins = shape.map { Int.random(in: 0..<$0, using: &random) }
      let steps = shape.map { _ in Int.random(in: 1...2, using: &random) }
      let result = zip(zip(shape, begins), steps).map { (($0.0 - $0.1) + $1 - 1) / $1 }
      let y = like(x, result)
      let tables = [begins, shape, steps].map { values in integers("range", [4], values.map { Int32($0) }) }
      node(Slice(name: "STRIDED_SLICE"), [x] + tables, y)
      return [y]
    case 5:
      let other = like(x, shape)
      inputs.append(other)
      let y = like(x, Array(shape[..<axis] + [2] + shape[axis...]))
      node(Pack(axis: axis), [x, other], y)
      return [y]
    case 6:
      let parts = (0..<shape[axis]).map { _ in like(x, Array(shape[..<axis] + shape[(axis + 1)...])) }
      node(Unpack(axis: axis), [x], outputs: parts)
      return parts
    case 7:
      var order = [1, 2, 3]
      order.shuffle(using: &random)
      let y = like(x, [shape[0]] + order.map { shape[$0] })
      node(Transpose(), [x, integers("order", [4], [0] + order.map { Int32($0) })], y)
      return [y]
    case 8:
      guard shape[1] % 2 == 0, shape[2] % 2 == 0 else { return [computed(x)] }
      let y = like(x, [shape[0], shape[1] / 2, shape[2] / 2, shape[3] * 4])
      node(SpaceToDepth(blockSize: 2), [x], y)
      return [y]
    case 9:
      guard shape[3] % 4 == 0 else { return [computed(x)] }
      let y = like(x, [shape[0], shape[1] * 2, shape[2] * 2, shape[3] / 4])
      node(DepthToSpace(blockSize: 2), [x], y)
      return [y]
    case 10:
      let sizes = [layer.strideHeight * shape[1], max(1, shape[2] * layer.strideWidth - layer.dilationWidth + 1)]
      let y = like(x, [shape[0], sizes[0], sizes[1], shape[3]])
      node(ResizeNearestNeighbor(halfPixelCenters: layer.bias), [x, integers("sizes", [2], sizes.map { Int32($0) })], y)
      return [y]
    default:
      return [padded(x, (0..<4).map { _ in Int32.random(in: 0...3, using: &random) }, value: layer.inputZero)]
    }
  }

  /// PAD of height and width; with a value PADV2.
  mutating func padded(_ x: Int, _ amounts: [Int32], value: Int?) -> Int {
    let shape = tensors[x].shape, quantization = tensors[x].quantization
    let table = integers("paddings", [4, 2], [0, 0] + amounts + [0, 0])
    let result = [shape[0], shape[1] + Int(amounts[0] + amounts[1]), shape[2] + Int(amounts[2] + amounts[3]), shape[3]]
    let y = tensor("padded", result, tensors[x].scale, tensors[x].zeroPoint)
    guard let value else {
      node(Pad(), [x, table], y)
      return y
    }
    tensors.append(
      Tensor(name: "value", shape: [1], type: .int8, quantization: quantization, constant: [UInt8(truncatingIfNeeded: value)]))
    node(Pad(name: "PADV2"), [x, table, tensors.count - 1], y)
    return y
  }
}
