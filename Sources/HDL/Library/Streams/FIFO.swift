/// A first-in first-out queue of `depth` payloads.
///
/// The oldest payload stands at the output without being asked for (first word fall through). It takes
/// one cycle from input to output of an empty queue that is kept in registers, and two cycles when it is kept in a
/// memory. Neither `ready` nor `valid` depends on anything but registers, so a full queue takes the next
/// payload only in the cycle after one has left.
public struct FIFO<T: Payload>: Module {
  /// Where the payloads are kept.
  public enum Storage: Hashable, Sendable {
    /// Flip-flops and a multiplexer: for a few payloads.
    case registers
    /// A synchronous memory, which synthesis maps to block RAM.
    case memory
  }
  public let depth: Int
  public let storage: Storage
  public let input: Target<Stream<T>>
  public let output: Initiator<Stream<T>>
  var levelBits: Int { indexBits(max(1, depth) + 1) }
  /// The number of payloads inside, 0...depth.
  @Output(\Self.levelBits) public var level: Unsigned

  /// - Parameters:
  ///   - depth: the payloads that fit, at least 1; at least 2 for one payload a cycle.
  ///   - storage: by default registers up to a depth of 8, a memory above. A single payload is always in a register.
  public init(_ stream: Stream<T>, depth: Int, storage: Storage? = nil) {
    self.depth = depth
    self.storage = depth < 2 ? .registers : storage ?? (depth <= 8 ? .registers : .memory)
    input = Target(stream)
    output = Initiator(stream)
  }
  public var moduleName: String { "fifo_\(depth)x\(input.members.payloadWidth)" }
  public var documentation: String {
    "First-in first-out queue, \(depth) deep, in \(storage == .memory ? "a memory: two cycles" : "registers: one cycle") from input to output."
  }

  public func body() {
    if depth < 1 {
      reportWithoutGraph("a FIFO of depth \(depth) holds nothing; the least is 1")
      level = 0
      input.end.driveZeros(forward: false)
      return output.end.driveZeros(forward: true)
    }
    let count = Register<Unsigned>("count", level.width)
    let pushes = (input.valid & input.ready).named("pushes"), pops = (output.valid & output.ready).named("pops")
    input.ready = count.value !== Unsigned(depth)
    level = count.value
    When(pushes & !pops) { count.value = count.value &+ 1 }
      .ElseWhen(pops & !pushes) { count.value = count.value &- 1 }
    switch storage {
    case .registers: keepInRegisters(count.value, pushes, pops)
    case .memory: keepInMemory(count.value, pushes)
    }
  }

  private func keepInRegisters(_ count: Unsigned, _ pushes: Bit, _ pops: Bit) {
    let writePosition = position("writePosition", advances: pushes), readPosition = position("readPosition", advances: pops)
    let slots = (0..<depth).map { index in
      let slot = Register<Unsigned>("slot\(index)", input.members.payloadWidth, reset: nil)
      When(pushes & (writePosition === Unsigned(index))) { slot.value = input.payloadBits }
      return slot.value
    }
    output.valid = count !== 0
    output.payloadBits = choose(readPosition, slots)
  }

  /// The word register of the memory is the last stage of the queue. A word is fetched into it as soon as
  /// there is one that is not being written in the same cycle.
  private func keepInMemory(_ count: Unsigned, _ pushes: Bit) {
    let isFetched = Register<Bit>("isFetched")
    let isWaiting = (count !== isFetched.value.asUnsigned).named("isWaiting")
    let fetches = ((!isFetched.value | output.ready) & isWaiting).named("fetches")
    When(fetches) { isFetched.value = true }.ElseWhen(output.ready) { isFetched.value = false }

    let memory = Memory("memory", depth: depth, width: input.members.payloadWidth)
    memory.write(at: position("writePosition", advances: pushes), input.payloadBits, when: pushes)
    output.payloadBits = memory.read(at: position("readPosition", advances: fetches), when: fetches)
    output.valid = isFetched.value
  }

  /// A place in a ring of `depth` that moves on by one.
  private func position(_ name: String, advances: Bit) -> Unsigned {
    let width = indexBits(depth)
    if depth == 1 { return Unsigned(0, width: width) }
    let place = Register<Unsigned>(name, width)
    let next = place.value &+ 1
    When(advances) {
      place.value = depth == 1 << width ? next : select(place.value === Unsigned(depth - 1), 0, next)
    }
    return place.value
  }
}
