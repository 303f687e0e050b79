// A reader of FlatBuffers that cannot be made to fail by any bytes.
//
// A FlatBuffer is a tree of tables, vectors and strings in one block of bytes, tied
// together by 32-bit offsets. A table starts with a signed offset to its vtable, which
// holds, for every field of the schema, where in the table it lies (0: absent, the
// default holds). None of it can be trusted: each access is checked against the file,
// the vtable and the table's own size, and a failed check is a `ModelError` that says
// which field at which byte. Offsets only point forward and the schema's depth is
// fixed, so reading always ends. Nothing here knows TFLite.
//
// Format: https://flatbuffers.dev/internals/

/// A file in FlatBuffers format.
package struct FlatBuffer: Sendable {
  /// The whole file.
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The four bytes that name the schema, at byte 4; `nil` when the file is shorter.
  package var identifier: [UInt8]? {
    bytes.count >= 8 ? Array(bytes[4..<8]) : nil
  }

  /// The table at the root.
  package func root() throws(ModelError) -> FlatBufferTable {
    let offset = try unsigned(at: 0, size: 4, of: "root table")
    let position = try position(0, plus: offset, of: "root table")
    return try FlatBufferTable(file: self, position: position, name: "root table")
  }

  /// `base + delta`, which must lie in the file.
  fileprivate func position(_ base: Int, plus delta: Int, of name: StaticString) throws(ModelError) -> Int {
    let (sum, overflow) = base.addingReportingOverflow(delta)
    guard !overflow, sum >= 0, sum <= bytes.count else {
      throw damaged("the offset of \(name) at byte \(base) points outside the file of \(bytes.count) bytes")
    }
    return sum
  }

  /// Checks that `count` bytes at `position` lie in the file and returns their range.
  fileprivate func range(at position: Int, count: Int, of name: StaticString) throws(ModelError) -> Range<Int> {
    guard position >= 0, count >= 0, position <= bytes.count, count <= bytes.count - position else {
      throw damaged("\(name) at byte \(position) needs \(count) bytes, but the file ends at byte \(bytes.count)")
    }
    return position..<(position + count)
  }

  /// The unsigned little-endian number of `size` bytes (at most 7) at `position`.
  fileprivate func unsigned(at position: Int, size: Int, of name: StaticString) throws(ModelError) -> Int {
    let range = try range(at: position, count: size, of: name)
    var value = 0
    for index in range.reversed() { value = value << 8 | Int(bytes[index]) }
    return value
  }

  /// The number of type `Value` at `position`, little-endian.
  fileprivate func number<Value: FixedWidthInteger>(
    at position: Int, of name: StaticString
  ) throws(ModelError) -> Value {
    let range = try range(at: position, count: Value.bitWidth / 8, of: name)
    var value: Value = 0
    for index in range.reversed() { value = (value &<< 8) | Value(truncatingIfNeeded: bytes[index]) }
    return value
  }

  fileprivate func damaged(_ what: String) -> ModelError {
    ModelError(.malformed, "damaged or truncated file: \(what); get the file again")
  }
}

/// A table: named fields, each of which may be absent.
package struct FlatBufferTable: Sendable {
  private let file: FlatBuffer
  /// Where the table starts in the file, in bytes; equal positions are the same table.
  package let position: Int
  private let size: Int
  private let vtable: Int
  private let fieldCount: Int

  fileprivate init(file: FlatBuffer, position: Int, name: StaticString) throws(ModelError) {
    self.file = file
    self.position = position
    let distance: Int32 = try file.number(at: position, of: name)
    let (vtable, overflow) = position.subtractingReportingOverflow(Int(distance))
    guard !overflow, vtable >= 0, vtable <= file.bytes.count else {
      throw file.damaged("the vtable of \(name) at byte \(position) lies outside the file of \(file.bytes.count) bytes")
    }
    self.vtable = vtable
    let vtableSize = try file.unsigned(at: vtable, size: 2, of: "a vtable")
    size = try file.unsigned(at: try file.position(vtable, plus: 2, of: "a vtable"), size: 2, of: "a vtable")
    guard vtableSize >= 4, vtableSize % 2 == 0, size >= 4 else {
      throw file.damaged("the vtable of \(name) at byte \(vtable) has impossible sizes (\(vtableSize) and \(size))")
    }
    _ = try file.range(at: vtable, count: vtableSize, of: "a vtable")
    _ = try file.range(at: position, count: size, of: name)
    fieldCount = vtableSize / 2 - 2
  }

  /// Where field number `field`, `size` bytes long, lies in the file; `nil` when it is absent.
  private func locate(_ field: Int, size fieldSize: Int, _ name: StaticString) throws(ModelError) -> Int? {
    guard field >= 0, field < fieldCount else { return nil }
    let entry = try file.position(vtable, plus: 4 + 2 * field, of: name)
    let offset = try file.unsigned(at: entry, size: 2, of: name)
    guard offset != 0 else { return nil }
    guard offset >= 4, offset <= size, fieldSize <= size - offset else {
      throw file.damaged("field \(name) of the table at byte \(position) lies outside its table")
    }
    return try file.position(position, plus: offset, of: name)
  }

  /// The target of the offset in field `field`; `nil` when the field is absent.
  private func follow(_ field: Int, _ name: StaticString) throws(ModelError) -> Int? {
    guard let place = try locate(field, size: 4, name) else { return nil }
    return try file.position(place, plus: try file.unsigned(at: place, size: 4, of: name), of: name)
  }

  /// The number in field `field`, or `fallback` when it is absent.
  package func number<Value: FixedWidthInteger>(
    _ field: Int, _ name: StaticString, default fallback: Value
  ) throws(ModelError) -> Value {
    guard let place = try locate(field, size: Value.bitWidth / 8, name) else { return fallback }
    return try file.number(at: place, of: name)
  }

  /// The float in field `field`, or `fallback` when it is absent.
  package func float(_ field: Int, _ name: StaticString, default fallback: Float) throws(ModelError) -> Float {
    Float(bitPattern: try number(field, name, default: fallback.bitPattern))
  }

  /// The truth value in field `field`, or `fallback` when it is absent.
  package func bool(_ field: Int, _ name: StaticString, default fallback: Bool) throws(ModelError) -> Bool {
    try number(field, name, default: UInt8(fallback ? 1 : 0)) != 0
  }

  /// The table in field `field`; `nil` when it is absent.
  package func table(_ field: Int, _ name: StaticString) throws(ModelError) -> FlatBufferTable? {
    guard let position = try follow(field, name) else { return nil }
    return try FlatBufferTable(file: file, position: position, name: name)
  }

  /// The vector in field `field` whose elements are `elementSize` bytes; `nil` when it is absent.
  package func vector(
    _ field: Int, _ name: StaticString, elementSize: Int
  ) throws(ModelError) -> FlatBufferVector? {
    guard let position = try follow(field, name) else { return nil }
    let count = try file.unsigned(at: position, size: 4, of: name)
    let start = try file.position(position, plus: 4, of: name)
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: elementSize)
    guard !overflow, byteCount <= file.bytes.count - start else {
      throw file.damaged(
        "vector \(name) at byte \(position) claims \(count) elements of \(elementSize) bytes, "
          + "but the file ends at byte \(file.bytes.count)")
    }
    return FlatBufferVector(file: file, name: name, start: start, count: count, elementSize: elementSize)
  }
}

/// A vector of numbers, bytes or tables, all within the file.
package struct FlatBufferVector: Sendable {
  private let file: FlatBuffer
  private let name: StaticString
  /// Where the elements start in the file, in bytes.
  package let start: Int
  /// Number of elements.
  package let count: Int
  private let elementSize: Int

  fileprivate init(file: FlatBuffer, name: StaticString, start: Int, count: Int, elementSize: Int) {
    self.file = file
    self.name = name
    self.start = start
    self.count = count
    self.elementSize = elementSize
  }

  /// Bytes the elements occupy.
  package var byteCount: Int { count * elementSize }

  /// The elements' bytes.
  package var bytes: ArraySlice<UInt8> { file.bytes[start..<(start + byteCount)] }

  private func place(_ index: Int) throws(ModelError) -> Int {
    guard index >= 0, index < count else {
      throw file.damaged("element \(index) of vector \(name) with \(count) elements")
    }
    return start + index * elementSize
  }

  /// Element `index` as a number; its size must be the vector's element size.
  package func number<Value: FixedWidthInteger>(_ index: Int) throws(ModelError) -> Value {
    try file.number(at: try place(index), of: name)
  }

  /// All elements as numbers.
  package func numbers<Value: FixedWidthInteger>(_ type: Value.Type) throws(ModelError) -> [Value] {
    var result: [Value] = []
    result.reserveCapacity(count)
    for index in 0..<count { result.append(try number(index)) }
    return result
  }

  /// Element `index`, an offset, as a table.
  package func table(_ index: Int) throws(ModelError) -> FlatBufferTable {
    let place = try place(index)
    let offset = try file.unsigned(at: place, size: 4, of: name)
    return try FlatBufferTable(file: file, position: try file.position(place, plus: offset, of: name), name: name)
  }
}
