// What of a machine multiplies, counted in its elaborated hardware: the figure that a multiplication array alone hides.

import HDL
import Machine

/// The multipliers of a machine, in bits: the product of the widths of both operands, so that one of two bytes counts 64.
public struct Multipliers: Hashable, Sendable {
  /// Of the array's elements: N·C products of two bytes.
  public var array: Int
  /// Of the post unit's Q lanes: requantization, and additions and products where the lanes have them.
  public var post: Int
  /// Of the scalar unit; 0 without one.
  public var scalar: Int

  /// Elaborates a machine and counts.
  /// - Throws: `ElaborationFailure` if a generator is wrong: never for a valid configuration.
  public init(_ hardware: Hardware) throws {
    let prefix = "weft_", resources = try elaborateAccelerator(hardware, prefix: prefix).resources
    func bits(_ module: String) -> Int { resources[prefix + module]?.total.multiplierBits ?? 0 }
    (array, post, scalar) = (bits("array_unit"), bits("post_unit"), bits("scalar_unit"))
  }

  public var total: Int { array + post + scalar }
}
