// What a random network has of operators that only move bytes.

import Model

extension NetworkAssembly {
  /// Adds an operator that moves the bytes of `x`.
  /// - Returns: its outputs; nil when it does not suit `x`, and nothing has changed.
  mutating func moved(_ kind: RandomNetwork.Kind, _ x: Int, _ axis: Int) -> [Int]? {
    let shape = tensors[x].shape, rank = shape.count
    func resized(_ sizes: [Int: Int]) -> [Int] { shape.enumerated().map { sizes[$0.offset] ?? $0.element } }
    switch kind {
    case .pad, .padValue, .mirrorPad:
      let amounts = shape.map { size in (0..<2).map { _ in random.chance(60) ? 0 : random.int(0...(kind == .mirrorPad ? size - 1 : 2)) } }
      let output = zip(shape, amounts).map { $0 + $1[0] + $1[1] }, table = indices(amounts.flatMap { $0 }, [rank, 2])
      guard kind != .mirrorPad else { return moved(MirrorPad(reflects: random.chance(50)), [x, table], [output], of: x) }
      return kind == .pad
        ? moved(Pad(), [x, table], [output], of: x)
        : moved(Pad(name: "PADV2"), [x, table, constant([1], tensors[x].quantization)], [output], of: x)
    case .concatenation:
      let others = partners(of: x) { other in other.count == rank && shape.indices.allSatisfy { $0 == axis || shape[$0] == other[$0] } }
      var parts = [x] + (0..<random.int(1...2)).map { _ in random.pick(others) }
      parts.shuffle(using: &random)
      let size = parts.reduce(0) { $0 + tensors[$1].shape[axis] }
      return moved(Concatenation(axis: random.chance(50) ? axis : axis - rank), parts, [resized([axis: size])], of: x)
    case .split:
      let size = shape[axis]
      if random.chance(50), size > 1 {
        let first = random.int(1...size - 1), sizes = [first, size - first]
        return moved(Split(name: "SPLIT_V"), [x, indices(sizes), indices([axis])], sizes.map { resized([axis: $0]) }, of: x)
      }
      let count = (2...4).first { size % $0 == 0 } ?? 1
      return moved(Split(), [indices([axis]), x], [[Int]](repeating: resized([axis: size / count]), count: count), of: x)
    case .slice:
      let ranges = shape.map { size in
        let begin = random.chance(60) ? 0 : random.int(0...size - 1)
        return (begin: begin, count: random.chance(60) ? size - begin : random.int(1...size - begin))
      }
      return moved(Slice(), [x, indices(ranges.map(\.begin)), indices(ranges.map(\.count))], [ranges.map(\.count)], of: x)
    case .stridedSlice: return stridedSlice(x, axis)
    case .pack:
      let others = partners(of: x) { $0 == shape }
      let parts = [x] + (0..<random.int(0...2)).map { _ in random.pick(others) }
      var output = shape
      output.insert(parts.count, at: axis)
      return moved(Pack(axis: axis), parts, [output], of: x)
    case .unpack:
      guard rank > 1, shape[axis] <= 4 else { return nil }
      var output = shape
      output.remove(at: axis)
      return moved(Unpack(axis: axis), [x], [[Int]](repeating: output, count: shape[axis]), of: x)
    case .transpose:
      let order = shape.indices.shuffled(using: &random)
      return moved(Transpose(), [x, indices(order)], [order.map { shape[$0] }], of: x)
    case .reshape:
      let count = tensors[x].elementCount, channels = random.pick((1...count).filter { count % $0 == 0 && $0 <= 32 })
      let columns = random.pick((1...count / channels).filter { count / channels % $0 == 0 })
      let target = [1, count / channels / columns, columns, channels]
      return moved(Reshape(), random.chance(30) ? [x, computedShape(target, of: x)] : [x], [target], of: x)
    case .expandDimensions:
      return moved(Reshape(name: "EXPAND_DIMS"), [x, indices([axis], [])], [Array(shape[..<axis] + [1] + shape[axis...])], of: x)
    case .squeeze:
      guard let one = shape.firstIndex(of: 1), rank > 1 else { return nil }
      return moved(Reshape(name: "SQUEEZE"), [x], [Array(shape[..<one] + shape[(one + 1)...])], of: x)
    case .state: return rank >= 2 && shape[1] < 8 ? stream(x) : nil
    case .resize:
      guard rank == 4 else { return nil }
      let sizes = [random.int(1...2 * shape[1]), random.int(1...2 * shape[2])], flag = random.int(0...2)
      return moved(
        ResizeNearestNeighbor(alignsCorners: flag == 1, halfPixelCenters: flag == 2), [x, indices(sizes)], [resized([1: sizes[0], 2: sizes[1]])],
        of: x)
    case .tile:
      let multiples = shape.map { _ in random.chance(70) ? 1 : 2 }
      return moved(Tile(), [x, indices(multiples)], [zip(shape, multiples).map { $0 * $1 }], of: x)
    case .broadcast:
      let leading = random.chance(30) ? [random.int(1...3)] : []
      let output = leading + shape.map { $0 == 1 && random.chance(50) ? random.int(1...4) : $0 }
      return moved(Tile(name: "BROADCAST_TO"), [x, indices(output)], [output], of: x)
    case .gather:
      let places = [random.int(1...4), random.int(1...2)].prefix(random.int(0...2))
      let chosen = indices((0..<places.reduce(1, *)).map { _ in random.int(0...shape[axis] - 1) }, Array(places))
      let output = Array(shape[..<axis] + places + shape[(axis + 1)...])
      return moved(Gather(axis: random.chance(50) ? axis : axis - rank), [x, chosen], [output], of: x)
    case .spaceToDepth:
      guard rank == 4, shape[1] % 2 == 0, shape[2] % 2 == 0 else { return nil }
      return moved(SpaceToDepth(blockSize: 2), [x], [[shape[0], shape[1] / 2, shape[2] / 2, shape[3] * 4]], of: x)
    case .depthToSpace:
      guard rank == 4, shape[3] % 4 == 0 else { return nil }
      return moved(DepthToSpace(blockSize: 2), [x], [[shape[0], shape[1] * 2, shape[2] * 2, shape[3] / 4]], of: x)
    case .spaceToBatch: return spaceToBatch(x)
    case .batchToSpace:
      // Of one image, several first.
      guard rank == 4, let many = shape[0] % 2 == 0 ? x : spaceToBatch(x)?.first, tensors[many].shape[0] % 2 == 0 else { return nil }
      let coarse = tensors[many].shape, blocks = random.pick([[1, 2], [2, 1], coarse[0] % 4 == 0 ? [2, 2] : [1, 2]])
      let crops = (0..<4).map { _ in random.chance(60) ? 0 : 1 }
      let rows = coarse[1] * blocks[0] - crops[0] - crops[1], columns = coarse[2] * blocks[1] - crops[2] - crops[3]
      let output = [coarse[0] / (blocks[0] * blocks[1]), rows, columns, coarse[3]]
      return moved(SpaceToBatch(name: "BATCH_TO_SPACE_ND"), [many, indices(blocks), indices(crops, [2, 2])], [output], of: x)
    default: preconditionFailure("\(kind) moves nothing")
    }
  }

  /// Every so many-th row and column as an image, behind what fills the last blocks.
  private mutating func spaceToBatch(_ x: Int) -> [Int]? {
    let shape = tensors[x].shape
    guard (3...4).contains(shape.count) else { return nil }
    let blocks = [random.int(1...3), random.int(1...2)].suffix(shape.count - 2).map { $0 }, first = random.int(0...1)
    let amounts = blocks.indices.map { dimension in
      let block = blocks[dimension], before = min(first, block - 1)
      return [before, (block - (shape[1 + dimension] + before) % block) % block]
    }
    let sizes = blocks.indices.map { (shape[1 + $0] + amounts[$0].reduce(0, +)) / blocks[$0] }
    let output = [shape[0] * blocks.reduce(1, *)] + sizes + shape.suffix(1)
    return moved(SpaceToBatch(), [x, indices(blocks), indices(amounts.flatMap { $0 }, [blocks.count, 2])], [output], of: x)
  }

  private mutating func stridedSlice(_ x: Int, _ axis: Int) -> [Int]? {
    let shape = tensors[x].shape
    var (begins, ends, strides, output) = ([Int](), [Int](), [Int](), [Int]()), endMask = 0
    let shrunk = shape.count > 1 && random.chance(30) ? axis : nil
    for (dimension, size) in shape.enumerated() {
      let stride = dimension == shrunk ? 1 : random.pick([1, 1, 1, 2, 3, -1, -2])
      let isWhole = random.chance(50), begin = isWhole ? (stride > 0 ? 0 : size - 1) : random.int(0...size - 1)
      // One before the first is an end that only the mask can say.
      let last = if dimension == shrunk { begin + 1 } else if stride > 0 {
        isWhole ? size : random.int(begin + 1...size)
      } else { isWhole || begin == 0 ? -1 : random.int(-1...begin - 1) }
      if last == -1 { endMask |= 1 << dimension }
      begins.append(begin)
      ends.append(last)
      strides.append(stride)
      if dimension != shrunk { output.append((abs(last - begin) - 1) / abs(stride) + 1) }
    }
    return moved(
      Slice(name: "STRIDED_SLICE", endMask: endMask, shrinkMask: shrunk.map { 1 << $0 } ?? 0),
      [x, indices(begins), indices(ends), indices(strides)], [output], of: x)
  }
}
