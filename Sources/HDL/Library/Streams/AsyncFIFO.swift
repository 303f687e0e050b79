/// A queue between two clocks that know nothing of each other.
///
/// Each side counts its transfers and tells the other its count as a Gray code, of which one bit changes at a
/// time: whatever the other clock samples is a count that was true a moment ago. So a side may see
/// the queue fuller or emptier than it is for a few cycles, but never the other way round.
///
///     let pixels = instance("pixels", AsyncFIFO(Stream<Unsigned>(24), depth: 16))
///     pixels.write = camera
///     pixels.read = .default
///
/// A payload takes one cycle of `write` and `stages` + 2 cycles of `read` to the output of an empty queue. Both
/// sides must be reset together: a side that is reset alone forgets how far the other is.
public struct AsyncFIFO<T: Payload>: Module {
  public let write = ClockDomain("write")
  public let read = ClockDomain("read")
  public let depth: Int
  /// Registers in each synchronizer.
  public let stages: Int
  public let input: Target<Stream<T>>
  public let output: Initiator<Stream<T>>

  /// - Parameter depth: a power of two, at least 2; one more payload stands at the output.
  public init(_ stream: Stream<T>, depth: Int, stages: Int = 2) {
    self.depth = depth
    self.stages = stages
    input = Target(stream, in: write)
    output = Initiator(stream, in: read)
  }
  public var moduleName: String { "async_fifo_\(depth)x\(input.members.payloadWidth)" }
  public var documentation: String { "Queue between two clocks, \(depth) deep; the counts cross as Gray codes." }

  public func body() {
    if depth < 2 || depth & (depth - 1) != 0 {
      reportWithoutGraph("an AsyncFIFO of depth \(depth) cannot count in Gray code; the depth must be a power of two, at least 2")
      input.end.driveZeros(forward: false)
      return output.end.driveZeros(forward: true)
    }
    let addressWidth = indexBits(depth), memory = Memory("memory", depth: depth, width: input.members.payloadWidth)
    let isFetched = Register<Bit>("isFetched", in: read)
    let pushes = (input.valid & input.ready).named("pushes")
    // One bit more than an address tells a full queue from an empty one.
    let written = GrayCounter("write", addressWidth + 1, advances: pushes, in: write)
    let fetches = Wire<Bit>("fetches")
    let fetched = GrayCounter("read", addressWidth + 1, advances: fetches.value, in: read)

    let fetchedThere = synchronized(gray: fetched.gray, into: write, stages: stages)
    let writtenHere = synchronized(gray: written.gray, into: read, stages: stages)
    // A queue's length apart: in Gray code the two upper bits differ and no other.
    let fullCode = fetchedThere ^ Unsigned(3 << (addressWidth - 1), width: addressWidth + 1)
    input.ready = written.gray !== fullCode.named("fullCode")
    memory.write(at: written.binary[0..<addressWidth], input.payloadBits, when: pushes, in: write)

    fetches.value = (!isFetched.value | output.ready) & (fetched.gray !== writtenHere)
    When(fetches.value) { isFetched.value = true }.ElseWhen(output.ready) { isFetched.value = false }
    output.payloadBits = memory.read(at: fetched.binary[0..<addressWidth], when: fetches.value, in: read)
    output.valid = isFetched.value
  }
}

/// A counter with its Gray code beside it, both straight from registers.
struct GrayCounter {
  let binary: Unsigned
  let gray: Unsigned

  init(_ name: String, _ width: Int, advances: Bit, in domain: ClockDomain) {
    let count = Register<Unsigned>("\(name)Count", width, in: domain), code = Register<Unsigned>("\(name)Gray", width, in: domain)
    let next = (count.value &+ 1).named("\(name)Next")
    When(advances) {
      count.value = next
      code.value = next ^ (next >> 1).extended(to: width)
    }
    binary = count.value
    gray = code.value
  }
}
