// The N elements, the operand stage before them, and behind them the queue of finished tiles, where there is one, and the drain chain.

import HDL
import Machine

struct ElementArray: Module {
  let configuration: Configuration
  let accumulatorBits: Int
  let extensions: Extensions
  var operandWidth: Int { 8 * configuration.dotProduct }
  /// An operand for each element.
  var operandsWidth: Int { operandWidth * configuration.elements }
  /// An operand for each part of the elements.
  var streamWidth: Int { operandWidth * configuration.mergedElements }
  var elementSteps: ElementSteps { ElementSteps(configuration, extensions) }
  let steps = Target(\Self.elementSteps)
  /// C bytes for the elements of each part, in the cycle of the step.
  @Input(\Self.streamWidth) var streamWords: Unsigned
  /// C columns of N bytes, a cycle later.
  @Input(\Self.operandsWidth) var columnTaps: Unsigned
  /// N·C bytes, two cycles after the step.
  @Input(\Self.operandsWidth) var weights: Unsigned
  /// Everything was stopped: finished tiles count no more.
  @Input() var discardsTiles: Bit
  var tileDrain: TileDrain { TileDrain(accumulatorBits: accumulatorBits, lanes: configuration.postLanes) }
  let drain = Initiator(\Self.tileDrain)

  init(_ configuration: Configuration, accumulatorBits: Int, extensions: Extensions = []) {
    (self.configuration, self.accumulatorBits, self.extensions) = (configuration, accumulatorBits, extensions)
  }
  var moduleName: String { "element_array" }
  var documentation: String {
    let (elements, dotProduct) = (configuration.elements, configuration.dotProduct)
    return "\(elements) elements of \(dotProduct) products: one pixel's \(elements) output channels, or \(elements) channels of their own."
  }

  func body() {
    let (elements, dotProduct, postLanes) = (configuration.elements, configuration.dotProduct, configuration.postLanes)
    let hasQueue = configuration.hasTileQueue, capture = Wire<Bit>("captures")
    let words = delayed(streamWords, by: Timing.operand, "streamWordsHeld"), parts = configuration.mergedElements
    let instances = (0..<elements).map { element in
      let pe = instance(
        "element\(element)",
        ProcessingElement(
          dotProduct: dotProduct, accumulatorBits: accumulatorBits, hasMaximum: configuration.units.maximum, extensions: extensions,
          hasQueue: hasQueue))
      let slice = element * parts / elements * dotProduct
      pe.$operand = concatenate((0..<dotProduct).map { lane in
        let own = columnTaps.byte(lane * elements + element)
        return select(steps.operandLanes[slice + lane], select(steps.operandColumns, own, words.byte(slice + lane)), 0)
      })
      pe.$weight = weights[operandWidth * element..<operandWidth * (element + 1)]
      pe.$load = steps.operandValid
      pe.$multiply = steps.multiply
      pe.$maximum = steps.maximum
      pe.$accumulate = steps.accumulate
      pe.$first = steps.first
      for (own, all) in zip(pe.digits.ports, steps.digits.ports) { own.begins = all.begins }
      for (own, all) in zip(pe.int16.ports, steps.int16.ports) { (own.joins, own.isHigh) = (all.joins, all.isHigh) }
      pe.$capture = capture.value
      pe.$shift = drain.shift
      return pe
    }
    for (element, pe) in instances.enumerated() {
      let source = element + postLanes
      pe.$shadowIn = source < elements ? instances[source].$shadowOut : Signed(0, width: accumulatorBits)
    }
    var levels = steps.merged.levels.map(\.isAsked)
    if hasQueue {
      let queue = instance("queue", TileQueue(tiles: configuration.finishedTiles, width: elements * accumulatorBits + levels.count))
      queue.$capture = steps.capture
      queue.$tile = concatenate(instances.flatMap { $0.queue.ports.map(\.finished.asUnsigned) } + levels.map(\.asUnsigned))
      queue.$ready = drain.ready
      queue.$discards = discardsTiles
      capture.value = queue.$leaves
      for (element, pe) in instances.enumerated() {
        for port in pe.queue.ports { port.head = queue.$head[element * accumulatorBits..<(element + 1) * accumulatorBits].asSigned }
      }
      levels = levels.indices.map { queue.$head[elements * accumulatorBits + $0] }
    } else {
      capture.value = steps.capture
    }
    drain.capture = capture.value
    // Of the tile that drains.
    let merged = MergedChoice(configuration, zip(steps.merged.levels.indices, levels).map { index, level in
      let drains = Register<Bit>("merged\(2 << index)Drains")
      When(capture.value) { drains.value = level }
      return drains.value
    })
    // The parts drain beside each other: what belongs to one output comes out in the same cycle.
    drain.sums = concatenate((0..<postLanes).map { lane in
      let shares = (0..<parts).map { part -> Signed in
        let sum = instances[part * elements / parts + lane].$shadowOut
        return part == 0 ? sum : select(merged.pick { Bit(part * $0 % parts == 0) }, sum, Signed(0, width: accumulatorBits))
      }
      return added(shares, "sum\(lane)").asUnsigned
    })
  }

  /// The sum, in pairs.
  private func added(_ values: [Signed], _ name: String) -> Signed {
    if values.count == 1 { return values[0] }
    let middle = values.count / 2
    return (added(Array(values[..<middle]), "\(name)a") &+ added(Array(values[middle...]), "\(name)b")).named(name)
  }
}
