/// Functions of bits and numbers that every project needs.

extension Unsigned {
  /// How many bits are set.
  public var popCount: Unsigned {
    // Pairs of sums, so that the depth grows with the logarithm of the width.
    var sums = (0..<width).map { self[$0].asUnsigned }
    while sums.count > 1 {
      let pairs = stride(from: 0, to: sums.count, by: 2)
      sums = pairs.map { $0 + 1 < sums.count ? sums[$0] + sums[$0 + 1] : sums[$0] }
    }
    let bits = indexBits(width + 1)
    return sums[0].width > bits ? sums[0].truncated(to: bits) : sums[0].extended(to: bits)
  }
  /// The place of the lowest bit that is set: a priority encoder. 0 if none is; `anyBitSet` tells.
  public var lowestSetBit: Unsigned { firstSetBit(Array(0..<width)) }
  /// The place of the highest bit that is set; 0 if none is.
  public var highestSetBit: Unsigned { firstSetBit((0..<width).reversed()) }
  /// The lowest bit that is set alone, as an arbiter grants it; 0 if none is.
  public var lowestBitAlone: Unsigned { self & (0 &- self) }

  private func firstSetBit(_ places: [Int]) -> Unsigned {
    let bits = indexBits(width)
    return places.dropLast().reversed().reduce(Unsigned(places[places.count - 1], width: bits)) { rest, place in
      // Where no bit is set at all, the last place would stand for none.
      select(self[place], Unsigned(place, width: bits), rest)
    }.masked(by: anyBitSet)
  }
  private func masked(by condition: Bit) -> Unsigned { select(condition, self, Unsigned(0, width: width)) }

  /// A word of `count` bits in which bit number `self` is set, and no other; none where there is no such bit.
  public func oneHot(_ count: Int) -> Unsigned {
    concatenate((0..<max(1, count)).map { $0 >> min(width, 62) > 0 ? Bit(false) : self === Unsigned($0) })
  }
  /// The place of the one bit that is set: the inverse of `oneHot`. Anything, if several are.
  public var oneHotIndex: Unsigned {
    let bits = indexBits(width)
    return concatenate((0..<bits).map { bit in any((0..<width).filter { $0 >> bit & 1 == 1 }.map { self[$0] }) })
  }
  /// The bits in the opposite order.
  public var reversed: Unsigned { concatenate((0..<width).reversed().map { self[$0] }) }
  /// Moved towards the top by a constant; what falls off comes in at the bottom.
  public func rotatedLeft(by count: Int) -> Unsigned {
    let low = (width - count % width) % width
    return low == 0 ? self : concatenate([self[low...], self[0..<low]])
  }
  /// Moved towards the bottom by a constant; what falls off comes in at the top.
  public func rotatedRight(by count: Int) -> Unsigned { rotatedLeft(by: width - count % width) }
  /// Moved towards the top by a value, in as many steps as it has bits.
  ///
  /// - Parameter size: the bits of a place; 8 moves by bytes.
  public func rotatedLeft(by count: Unsigned, width size: Int = 1) -> Unsigned {
    distances(count, size).reduce(self) { rotated, step in select(count[step.bit], rotated.rotatedLeft(by: step.distance), rotated) }
  }
  /// Moved towards the bottom by a value, in as many steps as it has bits.
  ///
  /// - Parameter size: the bits of a place; 8 moves by bytes.
  public func rotatedRight(by count: Unsigned, width size: Int = 1) -> Unsigned {
    distances(count, size).reduce(self) { rotated, step in select(count[step.bit], rotated.rotatedRight(by: step.distance), rotated) }
  }
  /// How far each bit of a count moves.
  private func distances(_ count: Unsigned, _ size: Int) -> [(bit: Int, distance: Int)] {
    (0..<count.width).reduce(into: []) { steps, bit in steps.append((bit, steps.last.map { $0.distance * 2 % width } ?? size % width)) }
  }

  /// The same bits, read as two's complement and widened: `a.asSigned.extended(to: n).asUnsigned`.
  public func signExtended(to count: Int) -> Unsigned { asSigned.extended(to: count).asUnsigned }
  /// The same number in `count` bits, or the largest that they hold.
  public func saturated(to count: Int) -> Unsigned {
    if count >= width { return extended(to: count) }
    return select(self[count...].anyBitSet, Bit(true).replicated(count), truncated(to: count))
  }
}

extension Signed {
  /// The number without its sign, which fits the same width.
  public var magnitude: Unsigned { select(self < 0, 0 &- self, self).asUnsigned }
  /// The same number in `count` bits, or the nearest that they hold.
  public func saturated(to count: Int) -> Signed {
    if count >= width { return extended(to: count) }
    let sign = self[width - 1], top = self[(count - 1)...]
    let limit = (count == 1 ? sign.asUnsigned : concatenate([(!sign).replicated(count - 1), sign])).asSigned
    return select(top.allBitsSet || !top.anyBitSet, truncated(to: count), limit)
  }
}

/// The smaller of two numbers, as wide as the wider.
public func min<N: Number>(_ a: N, _ b: N) -> N { select(N.compare(.less, a, b), a, b) }
/// The larger of two numbers, as wide as the wider.
public func max<N: Number>(_ a: N, _ b: N) -> N { select(N.compare(.less, a, b), b, a) }
