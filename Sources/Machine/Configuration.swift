// The hardware configuration: how much of everything an accelerator has.
//
// Compute is fixed by six numbers; memories and the accumulator may be `auto`, and then take what the network
// needs. A configuration is a small JSON file that a user copies and changes (`weft config edge64`). Compiling
// a network resolves every `auto`: only a resolved configuration becomes hardware.

/// A memory size or width that may be left to the compiler.
public enum AutoSize: Hashable, Sendable, Codable {
  case auto
  case fixed(Int)

  public init(from decoder: Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Int.self) {
      self = .fixed(value)
    } else if try container.decode(String.self) == "auto" {
      self = .auto
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a number or \"auto\"")
    }
  }

  public func encode(to encoder: Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .auto: try container.encode("auto")
    case .fixed(let value): try container.encode(value)
    }
  }

  /// The number, or nil for `auto`.
  public var value: Int? { if case .fixed(let value) = self { value } else { nil } }
}

/// Parts of the accelerator that a network may not need; `ConfigurationField` says what for.
public struct OptionalUnits: Hashable, Sendable, Codable {
  public var residual = true
  public var maximum = true
  public var scalar = true
  public var tables = true
  public init(residual: Bool = true, maximum: Bool = true, scalar: Bool = true, tables: Bool = true) {
    (self.residual, self.maximum, self.scalar, self.tables) = (residual, maximum, scalar, tables)
  }
}

/// What the device that the accelerator is for has; a network that needs more is refused.
public struct DeviceLimits: Hashable, Sendable, Codable {
  /// Bytes of on-chip memory for everything: features, weights, parameters, program and tables.
  public var memoryBytes: Int?
  public init(memoryBytes: Int? = nil) { self.memoryBytes = memoryBytes }
}

/// An accelerator, before or after its `auto` sizes are resolved. `ConfigurationField` has a row for every property.
public struct Configuration: Hashable, Sendable, Codable {
  public var name: String
  /// Pixel factor P of the array; in the vector layout P·K elements are the output channels of one pixel.
  public var pixels: Int
  /// Channel factor K of the array.
  public var channels: Int
  /// Lanes C of each element's dot product.
  public var dotProduct: Int
  /// Byte lanes V of the feature memory: bytes of one unaligned read.
  public var memoryLanes: Int
  /// Lanes Q of the post unit: outputs requantized and written per cycle.
  public var postLanes: Int
  /// Entries of each of the C column-buffer banks.
  public var patchDepth = 32
  /// Elements R that can share an output, at most; 1: none do.
  public var mergedElements = 1
  /// Finished tiles F that can wait for the post unit; 1: only the one that drains, in the array's shadow registers.
  public var finishedTiles = 1
  public var accumulatorBits = AutoSize.auto
  public var featureMemoryBytes = AutoSize.auto
  public var weightMemoryBytes = AutoSize.auto
  /// Parameter memory, in output channels.
  public var parameterChannels = AutoSize.auto
  /// Program memory, in 32-bit words.
  public var programWords = AutoSize.auto
  public var units = OptionalUnits()
  public var limits = DeviceLimits()

  /// What has no usual value; the rest is set afterwards.
  public init(
    name: String, pixels: Int, channels: Int, dotProduct: Int, memoryLanes: Int, postLanes: Int, patchDepth: Int = 32, mergedElements: Int = 1,
    finishedTiles: Int = 1, units: OptionalUnits = OptionalUnits(), limits: DeviceLimits = DeviceLimits()
  ) {
    (self.name, self.pixels, self.channels, self.dotProduct) = (name, pixels, channels, dotProduct)
    (self.memoryLanes, self.postLanes, self.patchDepth, self.mergedElements) = (memoryLanes, postLanes, patchDepth, mergedElements)
    (self.finishedTiles, self.units, self.limits) = (finishedTiles, units, limits)
  }

  /// To be filled in.
  static let blank = Configuration(name: "", pixels: 0, channels: 0, dotProduct: 0, memoryLanes: 0, postLanes: 0)

  /// Elements of the array, N = P·K: output channels computed together.
  public var elements: Int { pixels * channels }
  /// Multiply-accumulates per cycle at full use, P·K·C.
  public var macs: Int { elements * dotProduct }
  /// Bytes of one weight word, one step of the whole array.
  public var weightWordBytes: Int { macs }
  /// Bytes of the aligning buffer: two full reads, and enough to cover the read latency at the C·R bytes of a step, or at 2·C.
  public var streamBufferBytes: Int {
    max(2 * memoryLanes, roundUpToPowerOfTwo(memoryLanes + Timing.read * dotProduct * max(mergedElements, 2)))
  }
  /// Whether finished tiles wait in a queue before they drain.
  public var hasTileQueue: Bool { finishedTiles > 1 }
  /// Cycles a full tile takes to drain, N / Q.
  public var drainCycles: Int { (elements + postLanes - 1) / postLanes }

  /// Bytes of feature memory address that the hardware decodes.
  public static let addressBits = 24
  /// Bits of a digit of weights that 8 bits do not hold.
  public static let digitBits = 7
  /// The widest accumulators: for activations of int8 as the reference's, for activations of int16 as many as a 16-bit multiplier leaves of 64.
  public static let int8AccumulatorBits = 32, int16AccumulatorBits = 48
  /// Outputs from this address on are bytes of the weight memory; feature memory ends before it.
  public static let firstWeightAddress = 1 << (addressBits - 1)
}

extension Configuration {
  /// For an iCE40 UP5K: four single-port RAMs of 32 KiB and thirty block RAMs of 512 bytes.
  public static let up5k = Configuration(
    name: "up5k", pixels: 1, channels: 1, dotProduct: 4, memoryLanes: 4, postLanes: 1,
    limits: DeviceLimits(memoryBytes: 4 * 32_768 + 30 * 512))
  public static let edge16 = Configuration(
    name: "edge16", pixels: 2, channels: 2, dotProduct: 4, memoryLanes: 8, postLanes: 1, mergedElements: 2)
  public static let edge64 = Configuration(
    name: "edge64", pixels: 4, channels: 4, dotProduct: 4, memoryLanes: 16, postLanes: 4, mergedElements: 4, finishedTiles: 32)
  public static let edge128 = Configuration(
    name: "edge128", pixels: 4, channels: 8, dotProduct: 4, memoryLanes: 32, postLanes: 8, mergedElements: 4, finishedTiles: 32)
  public static let edge256 = Configuration(
    name: "edge256", pixels: 4, channels: 16, dotProduct: 4, memoryLanes: 64, postLanes: 16, mergedElements: 4, finishedTiles: 32)

  /// The configurations that have a name, smallest first.
  public static let named: [Configuration] = [.up5k, .edge16, .edge64, .edge128, .edge256]

  /// Their names, for people: `up5k, edge16`.
  public static let names = named.map(\.name).joined(separator: ", ")

  /// The named configuration, or nil.
  public static func named(_ name: String) -> Configuration? { named.first { $0.name == name } }
}
