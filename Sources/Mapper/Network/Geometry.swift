// Where the bytes of a part lie, if the hardware can reach them: what every kernel asks of the views it reads and writes.

/// The bytes of an elementwise kernel: for every index of the dimensions one of its input and one of its output.
struct Elements: Sendable {
  /// As few dimensions as describe all operands, outermost first, with the bytes from index to index.
  var dimensions: [(size: Int, input: Int, output: Int)]
  var input: Int, output: Int, residual: Int?

  var count: Int { dimensions.reduce(1) { $0 * $1.size } }
  /// Elements whose bytes lie one behind the other on both sides.
  var run: Int { dimensions.last.map { $0.input == 1 && $0.output == 1 ? $0.size : 1 } ?? 1 }
  /// Whether input and output are runs of bytes.
  var isFlat: Bool { dimensions.isEmpty || dimensions.count == 1 && dimensions[0].input == 1 && dimensions[0].output == 1 }
}

/// Where a part reads and writes.
enum Geometry: Sendable {
  /// Images in N×H×W×C; the second operand of an addition lies as the output does.
  case images(input: View, output: View, residual: Int?)
  case elements(Elements)
  /// Whole tensors, a byte behind the other: the bytes they begin at.
  case flat(input: Int, output: Int, other: Int?)
  case int16(Int16Operands)
}

extension Network {
  /// Where a part of a layer reads and writes; nil when the hardware cannot.
  func geometry(of part: Part, in plan: LayerPlan) -> Geometry? {
    let other = plan.ending.addition?.otherTensor
    func views(_ shape: [Int]? = nil) -> (input: View, output: View, residual: View?)? {
      var to = part.to, from = part.from
      if let shape { (from, to) = (from.reshaped(shape), to.reshaped(shape)) }
      guard let input = view(of: from.tensor)?.taking(from), let output = view(of: plan.output)?.taking(to) else { return nil }
      guard plan.ending.int16Step == nil || int16Step(of: part, in: plan) != nil else { return nil }
      guard let other else { return (input, output, nil) }
      guard let residual = view(of: other)?.taking(to), residual.lies(as: output) else { return nil }
      return (input, output, residual)
    }
    switch part.kernel {
    case .sum, .wide, .product, .each, .maximum:
      if case .product(let product) = part.kernel {
        guard let second = view(of: product.second), second.strides.allSatisfy({ $0 >= 0 }) else { return nil }
      }
      guard let found = views(), found.input.isImage, found.output.isImage else { return nil }
      // A row of taps can be read again where it is one run of bytes.
      if let window = part.kernel.weightedWindow, window.rowRepeats > 1, window.kernelWidth > 1 {
        guard window.dilationX == 1, window.inputWidth == 1 || found.input.strides[2] == window.depth else { return nil }
      }
      return .images(input: found.input, output: found.output, residual: found.residual?.offset)
    case .bytes:
      // Elements one behind the other can be read in any shape; one of them may suit all operands.
      var shapes: [[Int]?] = [nil]
      if part.from.isContiguous, part.to.isContiguous {
        shapes += [[part.from.count]]
        shapes += [part.from.tensor, plan.output].map { view(of: $0)?.merged.shape }.filter { $0?.reduce(1, *) == part.from.count }
      }
      guard let found = shapes.lazy.compactMap({ views($0) }).first, found.output.strides.allSatisfy({ $0 >= 0 }) else { return nil }
      let elements = Elements(found.input, found.output, found.residual)
      return elements.isFlat || elements.run % part.period == 0 ? .elements(elements) : nil
    case .surround, .softmax, .scalarAddition:
      guard let found = views(), found.input.isContiguous, found.output.isContiguous else { return nil }
      var second = found.residual
      if case .scalarAddition(let added) = part.kernel, let tensor = added.otherTensor {
        second = view(of: tensor)
        guard second?.isContiguous == true else { return nil }
      }
      return .flat(input: found.input.offset, output: found.output.offset, other: second?.offset)
    case .int16(let arithmetic): return int16Operands(of: part, arithmetic, in: plan).map { .int16($0) }
    }
  }
}

extension Network {
  /// Of results of int16, the bytes from high ones to low ones where they lie; nil where these are not all the same, and for results of int8.
  func int16Step(of part: Part, in plan: LayerPlan) -> Int? {
    plan.ending.int16Step.flatMap { view(of: plan.output)?.taking(part.to.paired(with: $0))?.strides[0] }
  }

  /// Where the elements of a box lie; nil where that is no affine map.
  func view(of box: Box) -> View? { view(of: box.tensor)?.taking(box) }

  /// The byte that stands outside of the image of a window: what adds nothing to the sum.
  func padByte(_ part: Part) -> Int { part.kernel.weightedWindow == nil ? 0 : graph.tensors[part.from.tensor].zeroPoint }
}

extension View {
  /// Whether channels are runs of bytes and pixels lie in the order of their addresses.
  fileprivate var isImage: Bool {
    zip(shape, strides).allSatisfy { $0 == 1 || $1 > 0 } && (shape[shape.count - 1] == 1 || strides[strides.count - 1] == 1)
  }

  /// Whether every element is as far from the first as in `other`.
  fileprivate func lies(as other: View) -> Bool { zip(shape, zip(strides, other.strides)).allSatisfy { $0 == 1 || $1.0 == $1.1 } }
}

extension Elements {
  /// Views of one shape; the residual lies as the output does.
  fileprivate init(_ input: View, _ output: View, _ residual: View?) {
    (self.input, self.output, self.residual) = (input.offset, output.offset, residual?.offset)
    dimensions = []
    for (size, steps) in zip(input.shape, zip(input.strides, output.strides)) where size > 1 {
      if let last = dimensions.last, last.input == size * steps.0, last.output == size * steps.1 {
        dimensions[dimensions.count - 1] = (last.size * size, steps.0, steps.1)
      } else {
        dimensions.append((size, steps.0, steps.1))
      }
    }
  }
}
