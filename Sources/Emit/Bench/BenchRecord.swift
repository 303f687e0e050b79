// What a test bench saw: the records of its results, with their numbers and words.
//
// Only the benches of a bundle write them to a file, so there is a decoder here and no encoder. The benches get the numbers
// and the description from here.

/// A write of the post unit.
public struct TraceWrite: Sendable, Equatable {
  public var step: Int
  public var address: Int
  /// Clock edge of the run.
  public var cycle: Int
  public var data: ArraySlice<UInt8>
  /// The same bytes before the fused addition.
  public var before: ArraySlice<UInt8>

  public init(step: Int, address: Int, cycle: Int, data: ArraySlice<UInt8>, before: ArraySlice<UInt8>) {
    (self.step, self.address, self.cycle, self.data, self.before) = (step, address, cycle, data, before)
  }
}

/// An access to the bus that did not answer OKAY.
public struct BusError: Sendable, Equatable {
  public var address: Int
  /// AXI's two bits: 2 is SLVERR.
  public var response: Int
  public var isWrite: Bool

  public init(address: Int, response: Int, isWrite: Bool) {
    (self.address, self.response, self.isWrite) = (address, response, isWrite)
  }
}

/// One record of the results.
public enum BenchRecord: Sendable, Equatable {
  /// Nothing follows.
  case end
  /// Words read over the bus.
  case read(address: Int, words: [UInt32])
  /// A run ended, or did not in time; its cycles, counted outside the accelerator.
  case run(finished: Bool, cycles: Int)
  /// The mark of a job.
  case sample(Int)
  case stepStarted(Int, cycle: Int)
  case stepDone(Int, cycle: Int)
  case traceWrite(TraceWrite)
  case busError(BusError)
  case checkFailed(address: Int, got: UInt32, expected: UInt32, mask: UInt32)
  /// Unknown bits on the trace port.
  case unknownBits(step: Int, address: Int, cycle: Int)
  /// The bus did not answer; the job ends here.
  case noAnswer(address: Int)

  /// The number of a record.
  public enum Code: UInt32, Sendable, CaseIterable {
    case end, read, run, sample, stepStarted, stepDone, traceWrite, busError, checkFailed, unknownBits, noAnswer
  }

  /// Takes the record at the front of a file of results.
  /// - Returns: nil when it is cut short or none; what was taken of it then is gone.
  public init?(_ file: inout ArraySlice<UInt8>) {
    guard let first = file.popWord(), let code = Code(rawValue: first) else { return nil }
    // Operands that are missing read as 0; then `isCut` makes it no record.
    var isCut = false
    func word() -> UInt32 {
      guard let word = file.popWord() else { isCut = true; return 0 }
      return word
    }
    func number() -> Int { Int(word()) }
    func bytes(_ count: Int) -> ArraySlice<UInt8> {
      let size = (count + 3) / 4 * 4
      guard file.count >= size else { isCut = true; return [] }
      defer { file = file.dropFirst(size) }
      return file.prefix(count)
    }
    switch code {
    case .end: self = .end
    case .read:
      let address = number(), count = number()
      guard file.count / 4 >= count else { return nil }
      self = .read(address: address, words: (0..<count).map { _ in word() })
    case .run:
      let finished = word() != 0
      self = .run(finished: finished, cycles: number() | number() << 32)
    case .sample: self = .sample(number())
    case .stepStarted: self = .stepStarted(number(), cycle: number())
    case .stepDone: self = .stepDone(number(), cycle: number())
    case .traceWrite:
      let head = number(), address = number(), cycle = number(), count = head >> 16 & 0xFF
      self = .traceWrite(TraceWrite(step: head & 0xFFFF, address: address, cycle: cycle, data: bytes(count), before: bytes(count)))
    case .busError:
      let address = number(), answer = number()
      self = .busError(BusError(address: address, response: answer & 3, isWrite: answer >> 8 & 1 == 1))
    case .checkFailed: self = .checkFailed(address: number(), got: word(), expected: word(), mask: word())
    case .unknownBits: self = .unknownBits(step: number(), address: number(), cycle: number())
    case .noAnswer: self = .noAnswer(address: number())
    }
    if isCut { return nil }
  }
}

extension ArraySlice<UInt8> {
  /// Takes a little-endian word from the front; nil when there are not four bytes.
  fileprivate mutating func popWord() -> UInt32? {
    guard count >= 4 else { return nil }
    defer { self = dropFirst(4) }
    return (0..<4).reduce(0) { $0 | UInt32(self[startIndex + $1]) << UInt32(8 * $1) }
  }
}

extension BenchRecord.Code: BenchCode {
  static let kind = "record"
  var name: String { "\(self)" }

  var operands: String {
    switch self {
    case .end: ""
    case .read: "address, count, words..."
    case .run: "finished, cycles low, cycles high"
    case .sample: "number"
    case .stepStarted, .stepDone: "step, cycle"
    case .traceWrite: "step | count << 16, address, cycle, data words..., words before the fused addition..."
    case .busError: "address, response | write << 8"
    case .checkFailed: "address, got, expected, mask"
    case .unknownBits: "step, address, cycle"
    case .noAnswer: "address"
    }
  }

  var meaning: String {
    switch self {
    case .end, .read, .run, .sample, .stepStarted, .stepDone, .traceWrite, .busError, .checkFailed: ""
    case .unknownBits: "on the trace port; from the four-state bench only"
    case .noAnswer: "the bus did not answer; the job ends here"
    }
  }
}
