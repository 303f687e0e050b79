// Random layers without weights: sums, functions of a byte, pools, reductions, softmax.

import Foundation
import Model

extension NetworkBuilder {
  /// An operator of a tensor and a constant, on either side.
  mutating func addConstantOperand(_ source: Int) -> Int {
    let operation: any Model.Operation, constant: Int, output: Int
    if layer.seed % 3 == 0 {
      let quantization = tensors[source].quantization
      operation = Maximum()
      constant = self.constant(layer.seed & 8 == 0 ? [] : [1], quantization)
      output = tensor("output", tensors[source].shape, quantization.scales[0], quantization.zeroPoints[0])
    } else {
      let (second, sum) = additionScales(tensors[source].scale)
      operation = Addition(isSubtraction: layer.seed & 8 != 0, activation: layer.activationValue)
      constant = self.constant([layer.channels], Quantization(scale: second, zeroPoint: layer.outputZero))
      output = tensor("output", tensors[source].shape, sum, Int.random(in: -128...127, using: &random))
    }
    node(operation, layer.seed & 16 == 0 ? [source, constant] : [constant, source], output)
    return output
  }

  private mutating func constant(_ shape: [Int], _ quantization: Quantization) -> Int {
    let values = layer.bytes(shape.reduce(1, *), layer.weights, &random)
    tensors.append(
      Tensor(
        name: "constant", shape: shape, type: .int8, quantization: quantization, constant: values.map { UInt8(bitPattern: $0) }))
    return tensors.count - 1
  }

  mutating func addSoftmax(_ source: Int) -> Int {
    let output = tensor("output", tensors[source].shape, 1 / 256, -128)
    node(Softmax(beta: layer.seed & 2 == 0 ? 1 : 0.5), [source], output)
    return output
  }

  /// The sum or difference of a tensor and a further input.
  mutating func addSum(_ x: Int, swapped: Bool, subtracts: Bool, zero: Int) -> Int {
    let (second, sum) = additionScales(tensors[x].scale)
    let other = tensor("other", tensors[x].shape, second, zero)
    inputs.append(other)
    let output = tensor("sum", tensors[x].shape, sum, Int.random(in: -128...127, using: &random))
    node(Addition(isSubtraction: subtracts, activation: layer.activationValue), swapped ? [other, x] : [x, other], output)
    return output
  }

  /// The product of a tensor and a further input.
  mutating func addProduct(_ x: Int, swapped: Bool, zero: Int) -> Int { addProduct(x, tensors[x].shape, swapped: swapped, zero: zero) }

  private mutating func addProduct(_ x: Int, _ shape: [Int], swapped: Bool, zero: Int) -> Int {
    let second = scale(0.05)
    let other = tensor("other", shape, second, zero)
    inputs.append(other)
    let output = tensor("product", tensors[x].shape, outputScale(tensors[x].scale, second, terms: 1), Int.random(in: -128...127, using: &random))
    node(Multiplication(activation: layer.activationValue), swapped ? [other, x] : [x, other], output)
    return output
  }

  /// The sum, difference or product with an input of which some dimensions repeat.
  mutating func addRepeated(_ x: Int) -> Int {
    let shape = tensors[x].shape.map { Bool.random(using: &random) ? $0 : 1 }, swapped = layer.seed & 1 != 0
    if layer.seed & 2 != 0 { return addProduct(x, shape, swapped: swapped, zero: layer.outputZero) }
    let second = scale(Double(tensors[x].scale)), other = tensor("other", shape, second, layer.outputZero)
    inputs.append(other)
    let output = tensor("sum", tensors[x].shape, scale(Double(tensors[x].scale) * 1.5), Int.random(in: -128...127, using: &random))
    node(
      Addition(isSubtraction: layer.seed & 4 != 0, activation: layer.activationValue), swapped ? [other, x] : [x, other], output)
    return output
  }

  /// The squared difference of a tensor and a further input, of which some dimensions may repeat.
  mutating func addSquaredDifference(_ x: Int) -> Int {
    let repeats = layer.seed & 2 != 0, shape = tensors[x].shape.map { repeats && Bool.random(using: &random) ? 1 : $0 }
    let (second, _) = additionScales(tensors[x].scale), other = tensor("other", shape, second, layer.outputZero)
    inputs.append(other)
    let larger = Double(max(second, tensors[x].scale))
    let output = tensor("squares", tensors[x].shape, scale(larger * larger * 100), Int.random(in: -128...0, using: &random))
    node(SquaredDifference(), layer.seed & 1 != 0 ? [other, x] : [x, other], output)
    return output
  }

  /// A function of one byte: the row of the table that the seed says.
  mutating func addFunction(of x: Int) -> Int {
    let names = UnaryFunction.all.map(\.name) + ["QUANTIZE"], name = names[Int(layer.seed / 32 % UInt64(names.count))]
    let scale: Float, zero: Int
    var x = x
    // Roots and logarithms want nothing below zero, exponentials nothing far above it.
    if ["SQRT", "RSQRT", "LOG"].contains(name), tensors[x].zeroPoint != -128 {
      let positive = tensor("positive", tensors[x].shape, tensors[x].scale, -128)
      node(UnaryFunction("ABS"), [x], positive)
      x = positive
    }
    if name == "EXP", tensors[x].scale > 0.1 {
      let small = tensor("small", tensors[x].shape, 0.03125, layer.inputZero)
      node(Quantize(), [x], small)
      x = small
    }
    let greatest = Double(tensors[x].scale) * Double(127 - tensors[x].zeroPoint)
    switch name {
    case "LOGISTIC": (scale, zero) = (1 / 256, -128)
    case "TANH": (scale, zero) = (1 / 128, 0)
    case "EXP": (scale, zero) = (self.scale(exp(greatest) / 200), layer.outputZero)
    case "LOG": (scale, zero) = (self.scale(0.05), layer.outputZero)
    case "SQRT": (scale, zero) = (self.scale(greatest.squareRoot() / 200), layer.outputZero)
    case "RSQRT": (scale, zero) = (self.scale((255 / greatest).squareRoot() / 200), layer.outputZero)
    default: (scale, zero) = (self.scale(Double(tensors[x].scale)), layer.outputZero)
    }
    let y = tensor("output", tensors[x].shape, scale, zero)
    node(
      name == "QUANTIZE" ? Quantize() : UnaryFunction(name, alpha: name == "LEAKY_RELU" ? 0.3 : 0, isApproximate: layer.seed & 8 == 0), [x], y)
    return y
  }

  mutating func addPool(_ source: Int) -> Int {
    let l = layer, quantization = tensors[source].quantization
    if l.kind == .mean {
      let axes = integers("axes", [2], [1, 2])
      let output = tensor("output", [1, l.channels], scale(0.05), l.outputZero)
      node(Reduction(.mean), [source, axes], output)
      return output
    }
    let geometry = window(tensors[source].shape, l.padding)
    let output = tensor(
      "output", [1, geometry.rows.output, geometry.columns.output, l.channels], quantization.scales[0], quantization.zeroPoints[0])
    node(
      l.kind == .averagePool
        ? AveragePool2D(
          filterHeight: l.kernelHeight, filterWidth: l.kernelWidth, strideHeight: l.strideHeight, strideWidth: l.strideWidth,
          padding: l.padding, activation: l.activationValue)
        : MaxPool2D(
          filterHeight: l.kernelHeight, filterWidth: l.kernelWidth, strideHeight: l.strideHeight, strideWidth: l.strideWidth,
          padding: l.padding, activation: l.activationValue), [source], output)
    return output
  }

  mutating func addReduction(_ x: Int) -> Int {
    let kinds = Reduction.Kind.allCases, kind = kinds[Int(layer.seed / 4 % UInt64(kinds.count))], shape = tensors[x].shape
    let compares = kind == .maximum || kind == .minimum
    var axes: [Int] = [], count = 1
    // A maximum has to fit the column buffer.
    for axis in shape.indices.shuffled(using: &random) where Bool.random(using: &random) && (!compares || count * shape[axis] <= 64) {
      axes.append(axis)
      count *= shape[axis]
    }
    if axes.isEmpty { axes = [0] }
    let keeps = layer.seed & 2 == 0, result = shape.enumerated().compactMap { axes.contains($0) ? keeps ? 1 : nil : $1 }
    let size = Double(tensors[x].scale) * (kind == .sum ? Double(count).squareRoot() : 1)
    let y = compares
      ? tensor("output", result, tensors[x].scale, tensors[x].zeroPoint) : tensor("output", result, scale(size), layer.outputZero)
    let numbers = axes.map { Int32(Bool.random(using: &random) ? $0 : $0 - shape.count) }
    node(Reduction(kind, keepDimensions: keeps), [x, integers("axes", [axes.count], numbers)], y)
    return y
  }

  mutating func addExtreme(_ x: Int) -> Int {
    let shape = tensors[x].shape, quantization = tensors[x].quantization
    let other: Int
    if layer.seed & 4 == 0 {
      other = tensor("other", shape, quantization.scales[0], quantization.zeroPoints[0])
      inputs.append(other)
    } else {
      other = constant([[shape[3]], [shape[2], 1], [shape[1], shape[2], shape[3]]][Int(layer.seed / 8 % 3)], quantization)
    }
    let y = tensor("output", shape, quantization.scales[0], quantization.zeroPoints[0])
    node(Maximum(isMinimum: layer.seed & 2 == 0), layer.seed & 32 == 0 ? [x, other] : [other, x], y)
    return y
  }

  mutating func addParametricRectifier(_ x: Int) -> Int {
    let zero = [-128, 0, layer.outputZero][Int(layer.seed / 2 % 3)]
    let factors = constant(layer.perChannel ? [1, 1, layer.channels] : [1], Quantization(scale: scale(0.01), zeroPoint: zero))
    let y = tensor("output", tensors[x].shape, scale(Double(tensors[x].scale)), layer.outputZero)
    node(ParametricRectifier(), [x, factors], y)
    return y
  }

  mutating func addResizeBilinear(_ x: Int) -> Int {
    let shape = tensors[x].shape, way = layer.seed / 2 % 3, factor = layer.strideHeight == 3 ? 4 : layer.strideHeight
    func resized(_ size: Int) -> Int { way == 1 ? (size - 1) * factor + 1 : size * factor }
    let sizes = layer.same ? [resized(shape[1]), resized(shape[2])] : [resized(shape[1]), shape[2]]
    let y = tensor("output", [1, sizes[0], sizes[1], shape[3]], tensors[x].scale, tensors[x].zeroPoint)
    node(
      ResizeBilinear(alignsCorners: way == 1, halfPixelCenters: way == 2), [x, integers("sizes", [2], sizes.map { Int32($0) })], y)
    return y
  }
}
