// Feature memory: V byte-wide lanes that together read V bytes, or write up to V, at any byte address.
//
// Byte address a lives in lane a mod V, row a / V. A read of V bytes from a takes row a/V from the lanes at or
// above a mod V and the next row from the lanes below it, then a rotator brings the bytes into order. One read
// port, one write port, no banks and no conflicts. Padding is put in here too, on the way out.

import HDL
import Machine

/// One lane: a byte-wide memory with one read and one write port.
struct FeatureLane: Module {
  let rows: Int
  var rowBits: Int { indexBits(rows) }
  @Input() var readEnable: Bit
  @Input(\Self.rowBits) var readRow: Unsigned
  @Output(8) var readByte: Unsigned
  @Input() var writeEnable: Bit
  @Input(\Self.rowBits) var writeRow: Unsigned
  @Input(8) var writeByte: Unsigned

  var moduleName: String { "feature_lane" }
  var documentation: String { "One byte lane of the feature memory." }

  func body() {
    let cells = Memory("cells", depth: rows, width: 8)
    cells.write(at: writeRow, writeByte, when: writeEnable)
    readByte = cells.read(at: readRow, when: readEnable)
  }
}

/// The memory with its two ports.
struct FeatureMemory: Module {
  let rows: Int
  let lanes: Int
  let writeBytes: Int
  var laneBits: Int { lanes.log2 }
  var readWidth: Int { 8 * lanes }
  var placedRead: PlacedRead { PlacedRead(lanes: lanes) }
  var featureWrite: FeatureWrite { FeatureWrite(bytes: writeBytes) }
  let read = Target(\Self.placedRead)
  /// What bytes outside of a read's bounds are, in the cycle after the read.
  @Input(8) var padByte: Unsigned
  let write = Target(\Self.featureWrite)
  /// In the cycle after a read: bytes that are needed lie beyond the memory. The place is the address of the first byte read.
  let fault = Initiator(Fault())

  init(rows: Int, lanes: Int, writeBytes: Int) { (self.rows, self.lanes, self.writeBytes) = (rows, lanes, writeBytes) }
  init(_ hardware: Hardware) {
    self.init(rows: hardware.featureRows, lanes: hardware.configuration.memoryLanes, writeBytes: WriteFence.writeBytes(hardware))
  }
  var moduleName: String { "feature_memory" }
  var documentation: String { "Feature memory: \(lanes) byte lanes of \(rows) rows; unaligned reads of \(lanes) bytes, unaligned masked writes." }

  func body() {
    precondition(Timing.featureRead == Timing.memoryRead + 1, "a register holds the rotated bytes")
    let rowBits = indexBits(rows)

    // Which row each lane takes: the lanes below the first byte's lane continue in the next row.
    func laneRows(_ address: Unsigned, _ name: String) -> [Unsigned] {
      let first = address[laneBits..<laneBits + rowBits].named("\(name)Row")
      let next = (first &+ 1).named("\(name)NextRow")
      let offset = address[0..<laneBits].named("\(name)Offset")
      return (0..<lanes).map { $0 == lanes - 1 ? first : select(offset > Unsigned($0), next, first) }
    }
    let readRows = laneRows(read.address, "read")
    let writeRows = laneRows(write.address, "write")

    // Write: lane l takes data byte (l - address) mod V.
    let toLanes = instance("write_rotator", Rotator(lanes: lanes))
    let writeOffset = write.address[0..<laneBits]
    toLanes.$amount = (0 &- writeOffset).named("writeTurn")
    toLanes.$bytes = write.data.extended(to: readWidth)
    let laneMask = write.mask.extended(to: lanes).rotatedLeft(by: writeOffset).named("laneMask")
    var laneBytes: [Unsigned] = []
    for lane in 0..<lanes {
      let cells = instance("lane\(lane)", FeatureLane(rows: rows))
      cells.$readEnable = read.enable
      cells.$readRow = readRows[lane]
      cells.$writeEnable = laneMask[lane] & write.enable
      cells.$writeRow = writeRows[lane]
      cells.$writeByte = toLanes.$rotated.byte(lane)
      laneBytes.append(cells.$readByte)
    }

    // Read: lane o shows memory lane (o + address - destination) mod V.
    let fromLanes = instance("read_rotator", Rotator(lanes: lanes))
    fromLanes.$bytes = concatenate(laneBytes)
    fromLanes.$amount = delayed(read.address[0..<laneBits] &- read.destination, by: Timing.memoryRead, "readTurn")
    let destination = delayed(read.destination, by: Timing.memoryRead, "readDestinationHeld")
    let low = delayed(read.low, by: Timing.memoryRead, "readLowHeld")
    let high = delayed(read.high, by: Timing.memoryRead, "readHighHeld")
    let held = Register<Unsigned>("readDataHeld", readWidth, reset: nil)
    held.value = concatenate(
      (0..<lanes).map { lane -> Unsigned in
        let index = (Unsigned(lane, width: laneBits) &- destination).named("readIndex\(lane)")
        let inside = (index >= low) & (index < high)
        return select(inside, fromLanes.$rotated.byte(lane), padByte)
      })
    read.data = held.value

    // The fence. Addresses wrap at 2^24, and the memory is at most half of that: where first and last byte lie inside, so does
    // what is between them.
    let size = rows * lanes
    let first = (read.address &+ read.low.extended(to: Configuration.addressBits)).named("firstRead")
    let last = (read.address &+ read.high.extended(to: Configuration.addressBits) &- 1).named("lastRead")
    let isOutside = (read.low < read.high) & (!first.isBelow(size) | !last.isBelow(size))
    fault.report(
      .featureReadOutOfRange, when: delayed(read.enable & isOutside, by: 1, "readFaultHeld"), at: delayed(first, by: 1, "readFaultPlaceHeld"))
  }
}
