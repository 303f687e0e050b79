// A layout: one way to run a window on the array, as a type.
//
// It says what the feeder brings (fields), which output channels the elements make (groups), and which weight meets lane t of
// element n in step s. Packing and prediction follow from that, and so does the choice among layouts. See docs/core.md.

import Machine

/// The sizes of the machine that decide how windows run on it.
struct ArrayShape: Sendable, Hashable {
  var elements: Int, dotProduct: Int, memoryLanes: Int, postLanes: Int, patchDepth: Int
  /// Elements that can share an output, at most.
  var mergedElements: Int

  init(_ configuration: Configuration) {
    (elements, dotProduct, patchDepth) = (configuration.elements, configuration.dotProduct, configuration.patchDepth)
    (memoryLanes, postLanes) = (configuration.memoryLanes, configuration.postLanes)
    mergedElements = configuration.mergedElements
  }
}

/// A place where a weight can be.
struct WeightPlace: Sendable, Hashable {
  var group: Int, step: Int, element: Int, lane: Int
}

/// One way to run a window on the array.
protocol Layout: Sendable {
  var shape: WindowShape { get }
  /// The output channels, as many at a time as elements make; where r elements share an output, as an r-th of them.
  var groups: ChannelGroups { get }
  var mode: LayerMode { get }
  /// What the feeder brings. `base` is still relative: the image lies `WindowShape.baseOffset` behind it.
  var feed: FeedFields { get }
  var array: ArrayFields { get }
  /// Zeros in stream mode.
  var window: WindowFields { get }
  /// The weight at a place, as tap, input channel and output channel; nil where there is none.
  func weight(at place: WeightPlace) -> (tap: Int, input: Int, output: Int)?
  /// The output channel of the layer that is number `number` among those of the groups.
  func channel(_ number: Int) -> Int
  /// Whether weights of one are the same word in every step.
  var onesRepeat: Bool { get }
}

extension Layout {
  /// Steps of a tile: as many weight words if every step has its own.
  var steps: Int { array.passes * array.passSteps }
  var mode: LayerMode { [] }
  func channel(_ number: Int) -> Int { number }
  var onesRepeat: Bool { mode.contains(.columns) }
  /// Elements from the first on to the last whose weights matter.
  func elementsInUse(_ machine: ArrayShape) -> Int { machine.elements / mode.mergedElements * (mode.mergedElements - 1) + groups.size }
  /// Words of weights if all are one.
  var wordsOfOnes: Int { onesRepeat ? 1 : steps }
  var window: WindowFields { .zero }

  /// A layer up to its sums, and where its outputs go; what the post unit does with them is still to come.
  var fields: LayerFields {
    var fields = LayerFields.zero
    (fields.mode, fields.feed, fields.array, fields.window) = (mode, feed, array, window)
    fields.end = EndFields(
      base: 0, rowStep: shape.outputRowStep, columnStep: shape.outputColumnStep, groupStep: groups.step, channels: groups.size,
      lastChannels: groups.last, parameterBase: 0, parameterStep: 0, parameterGroupStep: 0, zero: 0, low: 0, high: 0)
    return fields
  }

  /// Whether the registers hold the fields: a walk another way round may count further than the image is high.
  var fitsRegisters: Bool {
    let fields = fields
    return LayerFields.read(by: .run, mode).allSatisfy { $0.range.contains(fields[$0]) }
  }

  /// The words of the weight memory: lane t of element n in step s of a group is byte ((group·steps + s)·N + n)·C + t.
  func packed(_ machine: ArrayShape, _ value: (_ tap: Int, _ input: Int, _ output: Int) -> Int8) -> [UInt8] {
    packed(machine, groups: groups.count, steps: steps, value)
  }

  /// Weights of one for every group: of all steps, or the word that serves them all.
  func packedOnes(_ machine: ArrayShape) -> [UInt8] { packed(machine, groups: 1, steps: wordsOfOnes) { _, _, _ in 1 } }

  private func packed(
    _ machine: ArrayShape, groups count: Int, steps: Int, _ value: (_ tap: Int, _ input: Int, _ output: Int) -> Int8
  ) -> [UInt8] {
    let (n, c, groups) = (machine.elements, machine.dotProduct, groups), part = n / mode.mergedElements
    var words = [UInt8](repeating: 0, count: count * steps * n * c)
    for group in 0..<count {
      for step in 0..<steps {
        for element in 0..<n where element % part < (group == groups.count - 1 ? groups.last : groups.size) {
          for lane in 0..<c {
            guard let (tap, input, output) = weight(at: WeightPlace(group: group, step: step, element: element, lane: lane)) else { continue }
            words[((group * steps + step) * n + element) * c + lane] = UInt8(bitPattern: value(tap, input, output))
          }
        }
      }
    }
    return words
  }
}

extension WindowShape {
  /// What the feeder reads of the image, with what the layouts differ in.
  /// - Parameter lastPixel: bytes of the last pixel of a row; nil: its channels.
  func feed(
    groups: Int, padByte: Int, columns: Int, tapColumns: Int, runBytes: Int, xStep: Int, xTapStep: Int, xGroupStep: Int, lastPixel: Int? = nil
  ) -> FeedFields {
    FeedFields(
      base: 0, rowStep: window.strideY * inputRowStep, tapRowStep: window.dilationY * inputRowStep, firstY: -window.padTop,
      yStep: window.strideY, yTapStep: window.dilationY, height: window.inputHeight, firstX: -window.padLeft * inputColumnStep,
      xStep: xStep, xTapStep: xTapStep, xGroupStep: xGroupStep,
      rowBytes: (window.inputWidth - 1) * inputColumnStep + (lastPixel ?? window.depth), groups: groups, rows: window.outputHeight,
      columns: columns, tapRows: window.kernelHeight, tapColumns: tapColumns, runBytes: runBytes, padByte: padByte & 0xFF)
  }

  /// The array's passes over a window of so many lanes, `advance` of them a pass.
  func array(lanes: Int, advance: Int, passSteps: Int) -> ArrayFields {
    let passes = dividedUp(lanes, advance)
    return ArrayFields(columns: window.outputWidth, passes: passes, passSteps: passSteps, lastPassLanes: lanes - advance * (passes - 1))
  }
}
