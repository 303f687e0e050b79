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

/// Rotates a vector of bytes: output lane o is input lane (o + amount) mod lanes.
struct Rotator: Module {
  let lanes: Int
  var width: Int { 8 * lanes }
  var amountBits: Int { log2(lanes) }
  @Input(\Self.width) var bytes: Unsigned
  @Input(\Self.amountBits) var amount: Unsigned
  @Output(\Self.width) var rotated: Unsigned

  var moduleName: String { "rotator\(lanes)" }
  var documentation: String { "Rotates \(lanes) bytes: output lane o is input lane (o + amount) mod \(lanes)." }

  func body() {
    rotated = bytes.rotatedRight(by: amount, width: 8)
  }
}

/// The memory with its two ports.
struct FeatureMemory: Module {
  let rows: Int
  let lanes: Int
  let writeBytes: Int
  var laneBits: Int { log2(lanes) }
  var countBits: Int { laneBits + 1 }
  var readWidth: Int { 8 * lanes }
  var writeWidth: Int { 8 * writeBytes }
  // Read: the address of lane 0's byte if `readDestination` is 0. Data come two cycles later.
  @Input() var readEnable: Bit
  @Input(Configuration.addressBits) var readAddress: Unsigned
  /// The lane in which the byte at `readAddress` comes out; the rest follow, wrapping.
  @Input(\Self.laneBits) var readDestination: Unsigned
  /// Bytes before `readLow` and from `readHigh` on (counted from the first byte read) read as `padByte`.
  @Input(\Self.countBits) var readLow: Unsigned
  @Input(\Self.countBits) var readHigh: Unsigned
  @Input(8) var padByte: Unsigned
  @Output(\Self.readWidth) var readData: Unsigned
  /// In the cycle after a read: bytes between `readLow` and `readHigh` lie beyond the memory.
  @Output() var readFault: Bit
  /// The address of the first byte read.
  @Output(Configuration.addressBits) var readFaultPlace: Unsigned
  // Write: byte i of `writeData` to `writeAddress` + i where `writeMask` bit i is set.
  @Input() var writeEnable: Bit
  @Input(Configuration.addressBits) var writeAddress: Unsigned
  @Input(\Self.writeBytes) var writeMask: Unsigned
  @Input(\Self.writeWidth) var writeData: Unsigned

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
      return (0..<lanes).map { $0 == lanes - 1 ? first : select(offset > constant($0, laneBits), next, first) }
    }
    let readRows = laneRows(readAddress, "read")
    let writeRows = laneRows(writeAddress, "write")

    // Write: lane l takes data byte (l - address) mod V.
    let toLanes = instance("write_rotator", Rotator(lanes: lanes))
    let writeOffset = writeAddress[0..<laneBits]
    toLanes.$amount = (0 &- writeOffset).named("writeTurn")
    toLanes.$bytes = writeData.extended(to: readWidth)
    let laneMask = writeMask.extended(to: lanes).rotatedLeft(by: writeOffset).named("laneMask")
    var laneBytes: [Unsigned] = []
    for lane in 0..<lanes {
      let cells = instance("lane\(lane)", FeatureLane(rows: rows))
      cells.$readEnable = readEnable
      cells.$readRow = readRows[lane]
      cells.$writeEnable = laneMask[lane] & writeEnable
      cells.$writeRow = writeRows[lane]
      cells.$writeByte = toLanes.$rotated.byte(lane)
      laneBytes.append(cells.$readByte)
    }

    // Read: lane o shows memory lane (o + address - destination) mod V.
    let fromLanes = instance("read_rotator", Rotator(lanes: lanes))
    fromLanes.$bytes = concatenate(laneBytes)
    fromLanes.$amount = delayed(readAddress[0..<laneBits] &- readDestination, by: Timing.memoryRead, "readTurn")
    let destination = delayed(readDestination, by: Timing.memoryRead, "readDestinationHeld")
    let low = delayed(readLow, by: Timing.memoryRead, "readLowHeld")
    let high = delayed(readHigh, by: Timing.memoryRead, "readHighHeld")
    let held = Register<Unsigned>("readDataHeld", readWidth, reset: nil)
    held.value = concatenate(
      (0..<lanes).map { lane -> Unsigned in
        let index = (constant(lane, laneBits) &- destination).named("readIndex\(lane)")
        let inside = (index >= low) & (index < high)
        return select(inside, fromLanes.$rotated.byte(lane), padByte)
      })
    readData = held.value

    // The fence. Addresses wrap at 2^24, and the memory is at most half of that: where first and last byte lie inside, so does
    // what is between them.
    let size = rows * lanes
    let first = (readAddress &+ readLow.extended(to: 24)).named("firstRead")
    let last = (readAddress &+ readHigh.extended(to: 24) &- 1).named("lastRead")
    let isOutside = (readLow < readHigh) & (!first.isBelow(size) | !last.isBelow(size))
    readFault = delayed(readEnable & isOutside, by: 1, "readFaultHeld")
    readFaultPlace = delayed(first, by: 1, "readFaultPlaceHeld")
  }
}
