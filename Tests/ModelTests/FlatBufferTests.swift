import Model
import Testing

@Suite struct FlatBufferTests {
  static let sample = flatBuffer(
    .table([
      0: .int32(-5), 1: .string("abc"), 2: .int32s([1, -2, 3]), 4: .float(0.5), 5: .table([1: .uint8(7)]),
      6: .tables([.table([:]), .table([0: .int8(-3)])]), 7: .uint8(2), 8: .int64s([-1]),
    ]))

  @Test func everythingIsRead() throws {
    let root = try FlatBuffer(Self.sample).root()
    #expect(try root.number(0, "a", default: Int32(0)) == -5)
    #expect(try root.number(3, "absent", default: Int32(9)) == 9)
    #expect(try root.number(99, "beyond the vtable", default: UInt8(8)) == 8)
    #expect(try root.vector(1, "text", elementSize: 1)?.bytes.map { $0 } == Array("abc".utf8))
    #expect(try root.vector(2, "numbers", elementSize: 4)?.numbers(Int32.self) == [1, -2, 3])
    #expect(try root.float(4, "float", default: 0) == 0.5)
    #expect(try root.bool(7, "bool", default: false))
    #expect(try root.table(5, "child")?.number(1, "x", default: UInt8(0)) == 7)
    #expect(try root.table(3, "absent") == nil)
    let children = try #require(try root.vector(6, "children", elementSize: 4))
    #expect(try children.table(1).number(0, "x", default: Int8(0)) == -3)
    #expect(try root.vector(8, "wide", elementSize: 8)?.numbers(Int64.self) == [-1])
    #expect(throws: ModelError.self) { try children.table(2) }
    #expect(throws: ModelError.self) { try children.table(-1) }
    #expect(FlatBuffer(Self.sample).identifier == Array("TFL3".utf8))
    #expect(FlatBuffer([1, 2]).identifier == nil)
  }

  /// Reads all of the sample's tree, whatever it has become.
  static func readAll(_ bytes: [UInt8]) throws(ModelError) {
    let root = try FlatBuffer(bytes).root()
    let _: Int32 = try root.number(0, "a", default: 0)
    _ = try root.vector(1, "text", elementSize: 1)?.bytes.count
    _ = try root.vector(2, "numbers", elementSize: 4)?.numbers(Int32.self)
    _ = try root.float(4, "float", default: 0)
    let _: UInt8? = try root.table(5, "child")?.number(1, "x", default: 0)
    if let children = try root.vector(6, "children", elementSize: 4) {
      for index in 0..<children.count { let _: Int8 = try children.table(index).number(0, "x", default: 0) }
    }
    _ = try root.vector(8, "wide", elementSize: 8)?.numbers(Int64.self)
  }

  @Test func anyTruncationIsAnErrorOrHarmless() {
    var refused = 0
    for count in 0..<Self.sample.count {
      do throws(ModelError) {
        try Self.readAll(Array(Self.sample.prefix(count)))
      } catch {
        #expect(error.category == .malformed)
        refused += 1
      }
    }
    #expect(refused > Self.sample.count / 2)
  }

  /// Every byte replaced by every interesting value, every word by every interesting word.
  @Test func anyDamageIsAnErrorOrHarmless() {
    var refused = 0
    for position in Self.sample.indices {
      for value in [0, 1, 3, 4, 127, 128, 255] as [UInt8] {
        for width in [1, 2, 4] where position + width <= Self.sample.count {
          var bytes = Self.sample
          for index in 0..<width { bytes[position + index] = value }
          do throws(ModelError) {
            try Self.readAll(bytes)
          } catch {
            #expect(error.category == .malformed)
            refused += 1
          }
        }
      }
    }
    #expect(refused > 100)
  }

  @Test func messagesSayWhere() {
    var bytes = Self.sample
    bytes[3] = 0x7F
    do throws(ModelError) {
      _ = try FlatBuffer(bytes).root()
      Issue.record("a root far outside the file was accepted")
    } catch {
      #expect(error.message.contains("root table at byte 0 points outside the file of \(bytes.count) bytes"))
    }
  }
}
