// A writer of FlatBuffers, so that tests can make any model, sensible or not.

import Model

/// A FlatBuffers value to be written.
indirect enum FlatValue {
  case int8(Int8)
  case uint8(UInt8)
  case int32(Int32)
  case uint64(UInt64)
  case float(Float)
  case string(String)
  case bytes([UInt8])
  case int32s([Int32])
  case int64s([Int64])
  case floats([Float])
  case table([Int: FlatValue])
  case tables([FlatValue])
}

/// Writes `root` with an identifier, every object after those that refer to it.
func flatBuffer(_ root: FlatValue, identifier: String = "TFL3") -> [UInt8] {
  var bytes: [UInt8] = [0, 0, 0, 0] + Array(identifier.utf8)

  func append<Value: FixedWidthInteger>(_ value: Value) {
    for index in 0..<(Value.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: value >> Value(8 * index))) }
  }
  func patch(_ place: Int, to target: Int) {
    for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: (target - place) >> (8 * index)) }
  }
  func align() { while bytes.count % 8 != 0 { bytes.append(0) } }

  func write(_ value: FlatValue) -> Int {
    align()
    switch value {
    case .table(let fields):
      let count = (fields.keys.max() ?? -1) + 1
      let vtable = bytes.count
      append(UInt16(4 + 2 * count))
      append(UInt16(8 + 8 * count))
      for field in 0..<count { append(UInt16(fields[field] == nil ? 0 : 8 + 8 * field)) }
      align()
      let table = bytes.count
      append(Int32(table - vtable))
      append(Int32(0))
      var children: [(Int, FlatValue)] = []
      for field in 0..<count {
        let start = bytes.count
        switch fields[field] {
        case nil: break
        case .int8(let number): append(number)
        case .uint8(let number): append(number)
        case .int32(let number): append(number)
        case .uint64(let number): append(number)
        case .float(let number): append(number.bitPattern)
        case .some(let child): children.append((start, child))
        }
        while bytes.count < start + 8 { bytes.append(0) }
      }
      for (place, child) in children { patch(place, to: write(child)) }
      return table
    case .tables(let elements):
      let vector = bytes.count
      append(UInt32(elements.count))
      let first = bytes.count
      for _ in elements { append(UInt32(0)) }
      for (index, element) in elements.enumerated() { patch(first + 4 * index, to: write(element)) }
      return vector
    case .string(let text): return write(.bytes(Array(text.utf8)))
    case .bytes(let contents):
      let vector = bytes.count
      append(UInt32(contents.count))
      bytes += contents + [0]
      return vector
    case .int32s(let numbers):
      let vector = bytes.count
      append(UInt32(numbers.count))
      for number in numbers { append(number) }
      return vector
    case .int64s(let numbers):
      let vector = bytes.count
      append(UInt32(numbers.count))
      for number in numbers { append(number) }
      return vector
    case .floats(let numbers):
      let vector = bytes.count
      append(UInt32(numbers.count))
      for number in numbers { append(number.bitPattern) }
      return vector
    case .int8, .uint8, .int32, .uint64, .float:
      return bytes.count
    }
  }
  patch(0, to: write(root))
  return bytes
}

/// A model of one RELU from tensor 0 to tensor 1, with parts exchanged: fields of the schema's tables by number.
func tinyModel(
  model: [Int: FlatValue] = [:], subgraph: [Int: FlatValue] = [:], tensor: [Int: FlatValue] = [:],
  operation: [Int: FlatValue] = [:], code: [Int: FlatValue] = [:], quantization: [Int: FlatValue] = [:],
  buffer: [Int: FlatValue] = [:]
) -> [UInt8] {
  func merged(_ base: [Int: FlatValue], _ changes: [Int: FlatValue]) -> FlatValue {
    .table(base.merging(changes) { _, change in change })
  }
  let scales = merged([2: .floats([0.5]), 3: .int64s([0])], quantization)
  func tensorTable(_ name: String) -> FlatValue {
    merged([0: .int32s([1, 4]), 1: .uint8(9), 2: .int32(0), 3: .string(name), 4: scales], tensor)
  }
  let node = merged([0: .int32(0), 1: .int32s([0]), 2: .int32s([1])], operation)
  let graph = merged(
    [
      0: .tables([tensorTable("in"), tensorTable("out")]), 1: .int32s([0]), 2: .int32s([1]), 3: .tables([node]),
    ], subgraph)
  return flatBuffer(
    merged(
      [
        0: .int32(3), 1: .tables([merged([0: .int8(19), 3: .int32(19)], code)]), 2: .tables([graph]),
        4: .tables([.table([:]), merged([:], buffer)]),
      ], model))
}

/// The error of loading `bytes`; an unexpected category when they load.
func loadError(_ bytes: [UInt8]) -> ModelError {
  do throws(ModelError) {
    _ = try loadTFLite(bytes: bytes, name: "test.tflite")
    return ModelError(.unreadable, "the model loaded")
  } catch {
    return error
  }
}
