// Where tensors lie in feature memory.
//
// A tensor occupies its bytes from the first step that writes it to the last that reads it; tensors whose lives
// do not meet may share bytes. Placing them in some order, each at the lowest free address, is good if the
// order is; several are tried until one reaches the bound that no plan can beat.

/// One tensor to be placed.
struct MemoryDemand: Sendable, Hashable {
  var tensor: Int
  var bytes: Int
  /// Steps while it must not be overwritten.
  var live: ClosedRange<Int>
}

/// Addresses for tensors.
struct MemoryPlan: Sendable {
  var placements: [Placement]
  var peakBytes: Int

  init(_ demands: [MemoryDemand]) {
    let bound = Self.bound(demands)
    var orders: [[Int]] = []
    func order(_ before: (MemoryDemand, MemoryDemand) -> Bool) {
      orders.append(
        demands.indices.sorted {
          before(demands[$0], demands[$1]) || (!before(demands[$1], demands[$0]) && $0 < $1)
        })
    }
    order { $0.bytes > $1.bytes }
    order { $0.live.lowerBound < $1.live.lowerBound }
    order { ($0.bytes * $0.live.count) > ($1.bytes * $1.live.count) }
    order { $0.live.count > $1.live.count }
    order { $0.live.upperBound > $1.live.upperBound }
    var best: (addresses: [Int], peak: Int, order: [Int])?
    for order in orders {
      let (addresses, peak) = Self.place(demands, order)
      if best.map({ peak < $0.peak }) ?? true { best = (addresses, peak, order) }
      if peak == bound { break }
    }
    // Tensors that stick out go first next time.
    var tries = demands.count <= 400 ? 60 : 0
    var current = best
    while let attempt = current, let known = best, known.peak > bound, tries > 0 {
      tries -= 1
      guard let top = attempt.order.first(where: { attempt.addresses[$0] + demands[$0].bytes == attempt.peak }),
        attempt.order.first != top
      else { break }
      let order = [top] + attempt.order.filter { $0 != top }
      let (addresses, peak) = Self.place(demands, order)
      current = (addresses, peak, order)
      if peak < known.peak { best = current }
    }
    let addresses = best?.addresses ?? []
    placements = demands.indices.map {
      Placement(tensor: demands[$0].tensor, address: addresses[$0], bytes: demands[$0].bytes, live: demands[$0].live)
    }
    peakBytes = best?.peak ?? 0
  }

  /// The most bytes that live at the same time.
  static func bound(_ demands: [MemoryDemand]) -> Int {
    var changes: [Int: Int] = [:]
    for demand in demands {
      changes[demand.live.lowerBound, default: 0] += demand.bytes
      changes[demand.live.upperBound + 1, default: 0] -= demand.bytes
    }
    var sum = 0, most = 0
    for time in changes.keys.sorted() {
      sum += changes[time] ?? 0
      most = max(most, sum)
    }
    return most
  }

  /// Places tensors in order, each at the lowest address where it fits.
  private static func place(_ demands: [MemoryDemand], _ order: [Int]) -> (addresses: [Int], peak: Int) {
    var addresses = [Int](repeating: 0, count: demands.count)
    var placed: [(live: ClosedRange<Int>, address: Int, end: Int)] = []
    placed.reserveCapacity(demands.count)
    var peak = 0
    for index in order {
      let demand = demands[index]
      var conflicts: [(address: Int, end: Int)] = []
      for other in placed
      where other.live.lowerBound <= demand.live.upperBound && demand.live.lowerBound <= other.live.upperBound {
        conflicts.append((other.address, other.end))
      }
      conflicts.sort { $0.address < $1.address }
      var address = 0
      for conflict in conflicts {
        if conflict.address - address >= demand.bytes { break }
        address = max(address, conflict.end)
      }
      addresses[index] = address
      placed.append((demand.live, address, address + demand.bytes))
      peak = max(peak, address + demand.bytes)
    }
    return (addresses, peak)
  }
}
