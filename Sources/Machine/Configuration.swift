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

/// Parts of the accelerator that a network may not need.
public struct OptionalUnits: Hashable, Sendable, Codable {
  /// Fused residual addition (and ADD as a layer of its own).
  public var residual: Bool
  /// Maximum in the array's elements (MAX_POOL_2D).
  public var maximum: Bool
  /// The scalar unit (SOFTMAX, and ADD whose scales have no exact affine form).
  public var scalar: Bool
  /// Byte tables behind the post unit's lanes (LOGISTIC, TANH, HARD_SWISH), as many as the network needs.
  public var tables: Bool
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

/// An accelerator, before or after its `auto` sizes are resolved.
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
  public var patchDepth: Int
  public var accumulatorBits: AutoSize
  public var featureMemoryBytes: AutoSize
  public var weightMemoryBytes: AutoSize
  /// Parameter memory, in output channels.
  public var parameterChannels: AutoSize
  /// Program memory, in 32-bit words.
  public var programWords: AutoSize
  public var units: OptionalUnits
  public var limits: DeviceLimits

  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, pixels, channels, dotProduct, memoryLanes, postLanes, patchDepth, accumulatorBits
    case featureMemoryBytes, weightMemoryBytes, parameterChannels, programWords, units, limits
  }

  public init(
    name: String, pixels: Int, channels: Int, dotProduct: Int, memoryLanes: Int, postLanes: Int,
    patchDepth: Int = 32, accumulatorBits: AutoSize = .auto, featureMemoryBytes: AutoSize = .auto,
    weightMemoryBytes: AutoSize = .auto, parameterChannels: AutoSize = .auto, programWords: AutoSize = .auto,
    units: OptionalUnits = OptionalUnits(), limits: DeviceLimits = DeviceLimits()
  ) {
    self.name = name
    (self.pixels, self.channels, self.dotProduct) = (pixels, channels, dotProduct)
    (self.memoryLanes, self.postLanes, self.patchDepth) = (memoryLanes, postLanes, patchDepth)
    (self.accumulatorBits, self.featureMemoryBytes) = (accumulatorBits, featureMemoryBytes)
    (self.weightMemoryBytes, self.parameterChannels) = (weightMemoryBytes, parameterChannels)
    (self.programWords, self.units, self.limits) = (programWords, units, limits)
  }

  /// Elements of the array, N = P·K: output channels computed together.
  public var elements: Int { pixels * channels }
  /// Multiply-accumulates per cycle at full use, P·K·C.
  public var macs: Int { elements * dotProduct }
  /// Bytes of one weight word, one step of the whole array.
  public var weightWordBytes: Int { macs }
  /// Bytes of the aligning buffer: two full reads, and enough to cover the read latency at C bytes a step.
  public var streamBufferBytes: Int { max(2 * memoryLanes, roundUpToPowerOfTwo(memoryLanes + 8 * dotProduct)) }
  /// Cycles a full tile takes to drain, N / Q.
  public var drainCycles: Int { (elements + postLanes - 1) / postLanes }

  /// Bytes of feature memory address that the hardware decodes.
  public static let addressBits = 24
}

extension Configuration {
  /// The configurations that have a name, smallest first.
  public static let named: [Configuration] = [
    // An iCE40 UP5K: four single-port RAMs of 32 KiB and thirty block RAMs of 512 bytes.
    Configuration(
      name: "up5k", pixels: 1, channels: 1, dotProduct: 4, memoryLanes: 4, postLanes: 1, patchDepth: 32,
      limits: DeviceLimits(memoryBytes: 4 * 32_768 + 30 * 512)),
    Configuration(name: "edge16", pixels: 2, channels: 2, dotProduct: 4, memoryLanes: 8, postLanes: 1),
    Configuration(name: "edge64", pixels: 4, channels: 4, dotProduct: 4, memoryLanes: 16, postLanes: 4),
    Configuration(name: "edge128", pixels: 4, channels: 8, dotProduct: 4, memoryLanes: 32, postLanes: 8),
    Configuration(name: "edge256", pixels: 4, channels: 16, dotProduct: 4, memoryLanes: 64, postLanes: 16),
  ]

  /// The named configuration, or nil.
  public static func named(_ name: String) -> Configuration? { named.first { $0.name == name } }
}
