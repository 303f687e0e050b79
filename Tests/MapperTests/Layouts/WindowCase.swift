// A window over an image with gaps, what its outputs are by plain loops, and what the reference machine makes of a layout of
// it: no network, no golden model, nothing of the layout in the expectation.

import Machine
import Reference
import TestTools
import Testing

@testable import Mapper

/// A random window with the bytes that it slides over, and its weights.
struct WindowCase {
  /// Of each channel with weights of its own, or of one.
  enum Kind { case sum, each, ones, maximum }

  let kind: Kind
  var shape: WindowShape
  /// Output channels.
  let channels: Int
  let configuration: Configuration
  /// The image's bytes and those between its pixels.
  private let image: [UInt8]
  private let weights: [Int8]
  let padByte: Int
  /// Added to the sum of a channel, before a shift that makes all sums bytes.
  private let bias: [Int32]
  private var shift = 0
  /// What is summed at every output.
  private var sums: [Int] = []

  /// - Parameters:
  ///   - multiplier: output channels per input channel; of a sum they are as many as chance wants.
  ///   - isDense: rows without gaps on both sides, taps beside each other.
  ///   - adjust: changes the window before anything is drawn for it.
  init(
    _ kind: Kind, multiplier: Int = 1, isDense: Bool = false, _ random: inout SplitMix, adjust: (inout Window, inout SplitMix) -> Void = { _, _ in }
  ) {
    self.kind = kind
    configuration = random.pick([.up5k, .edge16, .edge64, .odd])
    let most = configuration.elements + 3
    var window = Window(
      inputHeight: random.int(1...7), inputWidth: random.int(1...7), depth: random.int(1...random.pick([2, most])), outputHeight: random.int(1...3),
      outputWidth: random.int(1...5), kernelHeight: random.int(1...4), kernelWidth: random.int(1...5), strideY: random.int(1...3),
      strideX: random.int(1...3), dilationY: random.int(1...3), dilationX: isDense ? 1 : random.int(1...3), padTop: random.int(-2...3),
      padLeft: random.int(-2...4))
    adjust(&window, &random)
    let depth = window.depth
    channels = kind == .sum ? random.int(1...random.pick([3, most])) : depth * multiplier
    let input = Self.steps(window.inputHeight, window.inputWidth, depth, isDense, &random)
    let output = Self.steps(window.outputHeight, window.outputWidth, channels, isDense, &random)
    shape = WindowShape(
      window: window, inputRowStep: input.row, inputColumnStep: input.column, outputRowStep: output.row, outputColumnStep: output.column)
    // Small bytes give small sums, which are compared whole; large ones the upper bits.
    let reach = random.pick([1, 7, 127])
    image = (0..<(window.inputHeight - 1) * input.row + (window.inputWidth - 1) * input.column + depth).map { _ in
      UInt8(truncatingIfNeeded: random.int(-reach - 1...reach))
    }
    weights = (0..<channels * window.taps * (kind == .sum ? depth : 1)).map { _ in kind == .ones ? 1 : Int8(random.int(-reach - 1...reach)) }
    padByte = kind == .maximum ? -128 : random.int(-128...127)
    bias = (0..<channels).map { _ in Int32(kind == .maximum ? 0 : random.int(-reach...reach)) }
    sums = places.map(sum)
    let greatest = sums.map(abs).max() ?? 0
    while kind != .maximum, (greatest + 1) >> shift > 100 { shift += 1 }
  }

  /// Bytes from row to row and from pixel to pixel: dense, with gaps, or columns outside of rows.
  private static func steps(_ height: Int, _ width: Int, _ depth: Int, _ isDense: Bool, _ random: inout SplitMix) -> (row: Int, column: Int) {
    let pixel = depth + (!isDense && random.chance(50) ? random.int(1...9) : 0)
    if !isDense, random.chance(25) { return (pixel, pixel * height + random.int(0...5)) }
    return (pixel * width + (random.chance(50) ? random.int(0...9) : 0), pixel)
  }

  // MARK: What is right

  private typealias Place = (y: Int, x: Int, channel: Int)

  private var places: [Place] {
    (0..<shape.outputHeight).flatMap { y in (0..<shape.outputWidth).flatMap { x in (0..<channels).map { (y, x, $0) } } }
  }

  private func byte(_ row: Int, _ column: Int, _ channel: Int) -> Int {
    guard (0..<shape.inputHeight).contains(row), (0..<shape.inputWidth).contains(column) else { return padByte }
    return Int(Int8(bitPattern: image[row * shape.inputRowStep + column * shape.inputColumnStep + channel]))
  }

  func weight(tap: Int, input: Int, output: Int) -> Int8 {
    kind == .sum ? weights[(output * shape.taps + tap) * shape.depth + input] : weights[tap * channels + output]
  }

  private func sum(_ place: Place) -> Int {
    var result: Int?
    for row in 0..<shape.tapRows {
      for column in 0..<shape.kernelWidth {
        let y = place.y * shape.strideY - shape.padTop + row / shape.rowRepeats * shape.dilationY
        let x = place.x * shape.strideX - shape.padLeft + column * shape.dilationX
        let own = place.channel * shape.depth / channels, inputs = kind == .sum ? 0..<shape.depth : own..<own + 1
        for input in inputs {
          let value = byte(y, x, input)
          if kind == .maximum {
            result = max(result ?? value, value)
          } else {
            result = (result ?? Int(bias[place.channel])) + value * Int(weight(tap: row * shape.kernelWidth + column, input: input, output: place.channel))
          }
        }
      }
    }
    return result ?? 0
  }

  private func offset(_ place: Place) -> Int { place.y * shape.outputRowStep + place.x * shape.outputColumnStep + place.channel }

  // MARK: What the machine does

  /// Runs of a layout one after the other, and what is wrong with the outputs; nil when nothing is.
  func mistake(in runs: [ArrayRun]) throws -> String? {
    let machine = ArrayShape(configuration), lanes = configuration.postLanes, v = configuration.memoryLanes
    let before = 64, start = before + image.count + 64
    let end = start + (places.map(offset).max() ?? 0) + 64
    var weightBytes: [UInt8] = [], parameters: [ParameterWord] = [], program: [Instruction] = []
    for (step, run) in runs.enumerated() {
      var fields = run.layout.fields
      let groups = run.layout.groups, entries = dividedUp(groups.size, lanes)
      fields.weights = WeightFields(base: weightBytes.count / configuration.weightWordBytes, step: 1, groupStep: run.layout.steps)
      if kind == .ones {
        (fields.weights.step, fields.weights.groupStep) = (run.layout.wordsOfOnes == 1 ? 0 : 1, 0)
        weightBytes += run.layout.packedOnes(machine)
      } else {
        weightBytes += run.layout.packed(machine) { tap, input, output in weight(tap: tap, input: input, output: output) }
      }
      fields.feed.base = (before + run.layout.shape.baseOffset) & (1 << Configuration.addressBits - 1)
      fields.end.base = start + run.outputOffset
      (fields.end.parameterBase, fields.end.parameterStep, fields.end.parameterGroupStep) = (parameters.count / lanes, 1, entries)
      (fields.end.low, fields.end.high) = (-128, 127)
      var words = [ParameterWord](repeating: .identity, count: groups.count * entries * lanes)
      for channel in 0..<groups.channels {
        words[channel / groups.size * entries * lanes + channel % groups.size] = ParameterWord(
          bias: bias[run.layout.channel(channel) % channels], multiplier: 1 << 30, shift: 30 + shift, doubleRounding: false)
      }
      parameters += words
      program += LayerFields.read(by: .run, fields.mode).map { .set($0, fields[$0]) } + [.run(step: step)]
    }
    if let wide = program.first(where: { !$0.isEncodable }) { return "\(wide.assembly) does not fit" }
    program.append(.halt(checksum: ProgramChecksum(of: program.map(\.word)).value))
    let hardware = Hardware(
      configuration: configuration, accumulatorBits: 32, featureRows: dividedUp(end, v), weightWords: weightBytes.count / configuration.weightWordBytes,
      parameterEntries: parameters.count / lanes, programWords: program.count, scalarTables: 0)
    var reference = ReferenceMachine(hardware, weights: weightBytes, parameters: parameters)
    reference.load(image, at: before)
    var expected = reference.memory
    for (place, sum) in zip(places, sums) {
      let value = shift > 0 ? (sum + 1 << (shift - 1)) >> shift : sum
      expected[start + offset(place)] = UInt8(truncatingIfNeeded: min(max(value, -128), 127))
    }
    let writes = try reference.run(program)
    guard let wrong = expected.indices.first(where: { expected[$0] != reference.memory[$0] }) else {
      return writes.count == places.count ? nil : "\(writes.count) writes, \(places.count) outputs"
    }
    let count = zip(expected, reference.memory).filter { $0 != $1 }.count
    let place = places.first { start + offset($0) == wrong }.map { "output \($0)" } ?? "no output"
    return "\(count) bytes differ, first \(wrong - start) (\(place)): \(reference.memory[wrong]) for \(expected[wrong])"
  }

  /// Records what is wrong with a layout.
  func expectRight(_ runs: [ArrayRun], _ comment: String, sourceLocation: SourceLocation = #_sourceLocation) {
    do {
      if let mistake = try mistake(in: runs) {
        Issue.record("\(comment), \(configuration.name), \(channels) channels of \(shape): \(mistake)", sourceLocation: sourceLocation)
      }
    } catch {
      Issue.record("\(comment), \(configuration.name), \(channels) channels of \(shape): \(error)", sourceLocation: sourceLocation)
    }
  }

  func expectRight(_ layout: some Layout, _ comment: String, sourceLocation: SourceLocation = #_sourceLocation) {
    expectRight([ArrayRun(layout: layout)], comment, sourceLocation: sourceLocation)
  }
}

extension Window {
  /// Becomes, by chance, one of those that other ways exist for: images one pixel wide, windows as wide as the image, rows of several pixels.
  mutating func takeOtherWays(_ random: inout SplitMix) {
    switch random.int(0...3) {
    case 0: (inputWidth, kernelWidth, outputWidth, padLeft) = (1, 1, 1, 0)
    case 1:
      (kernelWidth, outputWidth, padLeft) = (inputWidth, 1, 0)
      (dilationX, dilationY) = (1, 1)
    default: (kernelWidth, outputWidth) = (random.int(2...4), random.int(4...8))
    }
  }
}

extension WindowShape {
  /// Square windows inside of a square image, without gaps on either side.
  static func inside(_ size: Int, _ kernel: Int, depth: Int, channels: Int) -> WindowShape {
    WindowShape(
      window: Window(
        inputHeight: size, inputWidth: size, depth: depth, outputHeight: size - kernel + 1, outputWidth: size - kernel + 1,
        kernelHeight: kernel, kernelWidth: kernel),
      inputRowStep: size * depth, inputColumnStep: depth, outputRowStep: (size - kernel + 1) * channels, outputColumnStep: channels)
  }
}
