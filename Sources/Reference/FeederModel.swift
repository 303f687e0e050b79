// The feeder: what it brings, in the order of its walk, and the column buffer behind it.

import Machine

/// The feeder of one layer.
struct FeederModel {
  private var places: Walk.Places
  private let fields: LayerFields
  private let lanes: Int
  /// Column mode: the columns fed and not yet behind the window, each of `passSteps` entries of V bytes.
  private(set) var columns: [[[Int8]]] = []
  private var entries: [[Int8]] = []
  private var isDone = false
  private static let tapRow = Walk.feeder.index(of: "tapRow")

  init(_ fields: LayerFields, lanes: Int) {
    (self.fields, self.lanes) = (fields, lanes)
    places = Walk.feeder.places(fields, piece: lanes)
  }

  /// Whether all that is fed has been consumed.
  var isEmpty: Bool { isDone && columns.isEmpty && entries.isEmpty }

  /// The next chunk: V bytes of which `count` belong to the run.
  private mutating func next(_ machine: ReferenceMachine, for what: @autoclosure () -> String) throws(MachineFault) -> (bytes: [Int8], count: Int) {
    guard let place = places.next() else { throw machine.fault("the feeder stops before \(what())") }
    isDone = place.ends[0]
    if fields.mode.contains(.int16Input) {
      let isLow = fields.mode.contains(.columns) ? entries.count & 1 : place.turns[Self.tapRow] & 1
      let found = isLow == 1 ? "high bytes where low" : "low bytes where high"
      try machine.require(fields.imageRow(at: place) & 1 == isLow, "a row of \(found) ones are due")
    }
    var bytes = [Int8](repeating: fields.padding(at: place), count: lanes)
    // Lanes beyond the run are read by the hardware as well, but nothing depends on them.
    let first = fields.firstByte(at: place)
    for address in fields.bytesRead(at: place) { bytes[address - first] = Int8(bitPattern: try machine.read(address)) }
    return (bytes, place.count)
  }

  /// Stream mode: the bytes of the next window.
  mutating func window(_ machine: ReferenceMachine) throws(MachineFault) -> [Int8] {
    let size = fields.feed.tapRows * fields.feed.tapColumns * fields.feed.runBytes
    var window: [Int8] = []
    while window.count < size {
      let chunk = try next(machine, for: "the last window")
      window += chunk.bytes[..<chunk.count]
    }
    return window
  }

  /// Column mode: feeds until so many columns are there.
  mutating func fill(to count: Int, _ machine: ReferenceMachine, for what: String) throws(MachineFault) {
    while columns.count < count {
      entries.append(try next(machine, for: what).bytes)
      if entries.count == fields.array.passSteps {
        columns.append(entries)
        entries = []
      }
    }
  }

  /// Column mode: the window moves on. It may go beyond what was fed: those columns are passed over as they come.
  mutating func release(_ count: Int, _ machine: ReferenceMachine) throws(MachineFault) {
    try fill(to: count, machine, for: "a column that the next window begins behind")
    columns.removeFirst(count)
  }
}
