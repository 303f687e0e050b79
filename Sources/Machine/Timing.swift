// How long everything takes, in cycles: the one source of every latency.
//
// All latencies of the machine are static. The generators take their delays from here, or stop where a pipeline is built
// for one length only; the cycle model adds the same numbers up. A test of each engine measures its own.

/// The latencies of the machine, and of one machine what depends on the units it has.
public struct Timing: Hashable, Sendable {
  // MARK: memories

  /// From an address to the word, in every memory block.
  public static let memoryRead = 1
  /// From a request of feature memory to its bytes: memory, and a register behind the rotator.
  public static let featureRead = memoryRead + 1

  // MARK: feeder and buffers

  /// From a chunk's issue to its request.
  public static let feedRequest = 1
  /// From the bytes' arrival at a buffer to the cycle in which the array may take them.
  public static let bufferWrite = 1
  /// From a chunk's issue to the cycle in which the array can use it.
  public static let read = feedRequest + featureRead + bufferWrite

  // MARK: array

  /// From a step to its operand in the elements' registers: the stream's word and the column buffer's come after one cycle.
  public static let operand = 1
  /// From there to the sum of the products, weights having come meanwhile.
  public static let product = 1
  /// From there to the accumulator.
  public static let accumulate = 1
  /// From the last step of a tile to the cycle in which its sums are captured.
  public static let array = operand + product + accumulate
  /// From there, or from when they leave the queue of finished tiles, to the first cycle in which they drain.
  public static let capture = 1
  /// From the capture of a tile to the cycle in which it can leave the queue.
  public static let tileQueue = memoryRead + 1
  /// From the write of a layer's last byte to the first cycle in which a tile of the next can leave the queue.
  public static let nextTile = launch

  // MARK: post unit

  /// Cycles in which a chunk of Q channels drains: of int16 first the high bytes, then the low ones.
  public static func chunk(_ mode: LayerMode) -> Int { mode.contains(.int16Output) ? 2 : 1 }
  /// The same at most.
  public static let longestChunk = 2
  /// From the shadow registers' head to the lanes: as long as the parameters take.
  public static let sums = memoryRead
  /// Through a requantizing lane: bias, product, product, rounding, shift, clamp.
  public static let requantize = 6
  /// Through the multiplier of two bytes, before an addition's lane.
  public static let byteProduct = 1
  /// Through an addition's lane: products, sum, rounding, shift, clamp.
  public static let addition = 5
  /// Through a byte table: memory, and the byte of its word.
  public static let table = memoryRead + 1
  /// From the slot in which the feeder holds back for a second operand to the cycle in which the lanes have it.
  public static let secondOperand = feedRequest + featureRead + 1
  /// From the first cycle in which a tile's sums drain to that slot.
  public static let operandWait = sums + requantize - secondOperand

  // MARK: scalar unit

  /// From a scan's place to its bytes.
  public static let scalarByte = featureRead
  /// Through the multiplier: factors, product, product.
  public static let scalarProduct = 3
  /// From the word of a table to the output: the multiplier, rounding shift, clamp.
  public static let scalarEnd = scalarProduct + 2
  /// From a sum of terms to its square, which goes through the multiplier, too.
  public static let scalarSquare = scalarProduct
  /// From a scan's place to the output.
  public static let scalarOutput = scalarByte + memoryRead + scalarEnd
  /// Products of the reciprocal: two in each of three Newton steps.
  public static let reciprocalProducts = 6
  /// From a row's sum of exponentials to the cycle in which its reciprocal is a factor: normalization, and the products one
  /// after the other. No place is read meanwhile.
  public static let reciprocal = 1 + reciprocalProducts * scalarProduct
  /// Bytes of a row, at most, that a softmax compares in a cycle, and exponentials that it adds.
  public static let softmaxComparedBytes = 8, softmaxAddedBytes = 2
  /// A row of a softmax: bytes for the maximum, for the sum, and, once the reciprocal is there, one by one for the outputs.
  /// - Parameters:
  ///   - columns: bytes of the row.
  ///   - lanes: V, the bytes that the feature memory reads at once.
  public static func softmaxRow(columns: Int, lanes: Int) -> Int {
    dividedUp(columns, softmaxComparedBytes(lanes: lanes)) + dividedUp(columns, softmaxAddedBytes) + reciprocal + columns + scalarOutput
  }
  /// Bytes of a row that a softmax compares in a cycle.
  public static func softmaxComparedBytes(lanes: Int) -> Int { min(lanes, softmaxComparedBytes) }
  /// Of a whole addition, and of each element.
  public static let scalarAddition = scalarOutput
  public static let scalarAdditionElement = 2
  /// Places of an element of int16, which take a cycle each: a high and a low byte of either operand.
  public static let int16Element = 4
  /// From an element's first place to its operands: the other places, the last byte's read, and a register.
  public static let int16Operands = int16Element - 1 + scalarByte + 1
  /// From there to the factors of its second product: the first one, a register, and for a sigmoid the word of its table.
  public static let int16Factors = scalarProduct + 1 + memoryRead
  /// From there to its high byte: the product, the rounding shift, the limits.
  public static let int16End = scalarProduct + 2
  /// From an element's last place to its low byte, which comes behind the high one.
  public static let int16Output = int16Operands + int16Factors + int16End + 1 - (int16Element - 1)
  /// The operation on so many elements of int16. Where the output is int8, the cycle of a low byte passes, too.
  public static func int16(elements: Int) -> Int { int16Element * elements + int16Output }

  // MARK: program

  /// The cycle that the accelerator counts first, from the start command on.
  public static let countStart = 1
  /// From the start command to the first word's execution.
  public static let programStart = 3
  /// From the cycle in which `run` is accepted to the feeder's first chunk.
  public static let layerStart = 2
  /// From the cycle in which a layer's registers are taken over to that in which its engines may work.
  public static let launch = 1
  /// From the end of a step to the acceptance of the next `run`.
  public static let stepGap = 1

  // MARK: one machine

  /// All outputs pass the lanes that the hardware has, whether the layer needs them or not.
  public let hasAdditionLanes: Bool, hasProducts: Bool, hasByteTables: Bool

  public init(_ configuration: Configuration, hasByteTables: Bool, hasProducts: Bool = false) {
    let adds = configuration.units.residual
    (hasAdditionLanes, self.hasProducts, self.hasByteTables) = (adds, adds && hasProducts, hasByteTables)
  }
  public init(_ hardware: Hardware) {
    self.init(hardware.configuration, hasByteTables: hardware.byteTables > 0, hasProducts: hardware.extensions.contains(.products))
  }

  /// From a chunk's drain to its write.
  public var post: Int {
    Self.sums + Self.requantize + (hasAdditionLanes ? Self.addition : 0) + (hasProducts ? Self.byteProduct : 0)
      + (hasByteTables ? Self.table : 0)
  }
  /// The same with every unit.
  public static let longestPost = sums + requantize + addition + byteProduct + table
}
