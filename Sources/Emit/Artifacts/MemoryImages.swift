// What a host loads before the first inference: program, weights, parameters, tables.
//
// Every image is a list of 32-bit words in the order of its window of the host's address space: line n of a
// .hex file is the word at byte address 4·n of the window.

import Foundation
import Machine
import Mapper

extension Artifact {
  static let images = Artifact(
    "*.hex", needsNetwork: true, summary: { _ in "what a host writes into the windows before the first inference" }
  ) { contents, _ in
    contents.network?.images.images.map { BundleFile(path: $0.fileName, bytes: $0.hexBytes) } ?? []
  }
}

/// The contents of one window.
public struct MemoryImage: Sendable, Equatable {
  public var region: RegisterMap.Region
  public var words: [UInt32]
  /// Words of the window that exist: of `groupWords` consecutive ones the first `usedWords`.
  public var usedWords: Int
  public var groupWords: Int

  /// The words of a region: of parameters, every fourth does not exist.
  public init(region: RegisterMap.Region, words: [UInt32]) {
    (self.region, self.words) = (region, words)
    (usedWords, groupWords) = region == .parameters ? (ParameterWord.bits / 32, 4) : (1, 1)
  }

  /// The words a host writes, without those that do not exist.
  public var written: [UInt32] {
    usedWords == groupWords ? words : words.indices.filter { $0 % groupWords < usedWords }.map { words[$0] }
  }

  /// The file in the bundle.
  public var fileName: String { region.imageFile }

  /// A word of eight hexadecimal digits a line, as `$readmemh` reads it.
  public var hexBytes: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(words.count * 9)
    for word in words {
      for shift in stride(from: 28, through: 0, by: -4) { out.append(hexDigit(word >> UInt32(shift))) }
      out.append(10)
    }
    return out
  }

  /// Reads what `hexBytes` wrote; nil when a line is not eight hexadecimal digits.
  public static func words(hexText: [UInt8]) -> [UInt32]? {
    var words: [UInt32] = []
    for line in hexText.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
      guard line.count == 8, line.allSatisfy(isHexDigit), let text = String(bytes: line, encoding: .ascii), let word = UInt32(text, radix: 16)
      else { return nil }
      words.append(word)
    }
    return words
  }
}

extension RegisterMap.Region {
  /// The name in files and in C: `scalar_tables`.
  var snakeName: String { upperSnake("\(self)").lowercased() }
  /// The file of its contents.
  var imageFile: String { snakeName + ".hex" }
}

private func isHexDigit(_ byte: UInt8) -> Bool {
  (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
}

/// All images of a mapped network.
public struct MemoryImages: Sendable, Equatable {
  public var images: [MemoryImage]

  public init(images: [MemoryImage]) { self.images = images }

  public init(_ mapping: Mapping) {
    var images = [MemoryImage(region: .program, words: mapping.program.map(\.instruction.word))]
    images.append(MemoryImage(region: .weights, words: Self.words(littleEndian: mapping.weights)))
    images.append(MemoryImage(region: .parameters, words: mapping.parameters.flatMap { $0.words + [0] }))
    if !mapping.scalarTables.isEmpty {
      images.append(
        MemoryImage(
          region: .scalarTables,
          words: mapping.scalarTables.flatMap { $0 + [UInt32](repeating: 0, count: max(0, 256 - $0.count)) }))
    }
    if !mapping.byteTables.isEmpty {
      images.append(MemoryImage(region: .byteTables, words: Self.words(littleEndian: mapping.byteTables.flatMap { $0 })))
    }
    self.images = images
  }

  public subscript(region: RegisterMap.Region) -> MemoryImage? { images.first { $0.region == region } }

  // MARK: Read back

  /// The bytes of a region; none where there is no image.
  func bytes(of region: RegisterMap.Region) -> [UInt8] {
    (self[region]?.words ?? []).flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  /// The parameters; a channel whose words are none of the compiler's becomes one of zeros, which gives other words.
  var parameters: [ParameterWord] {
    let words = self[.parameters]?.words ?? []
    return stride(from: 0, to: words.count, by: 4).map { at in
      let found = at + 4 <= words.count ? ParameterWord(words: Array(words[at..<at + 3])) : nil
      return found ?? ParameterWord(bias: 0, multiplier: 0, shift: 1, doubleRounding: false)
    }
  }

  /// Entries in tables of 256.
  func tables<Entry>(of entries: [Entry]) -> [[Entry]] {
    stride(from: 0, to: entries.count, by: 256).map { Array(entries[$0..<min($0 + 256, entries.count)]) }
  }

  /// Bytes as words, the first byte in the low bits, filled up with zeros.
  public static func words(littleEndian bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count, by: 4).map { at in
      (0..<4).reduce(UInt32(0)) { $0 | (at + $1 < bytes.count ? UInt32(bytes[at + $1]) << (8 * UInt32($1)) : 0) }
    }
  }
}

extension ParameterWord {
  /// Reads `words`; nil when they are no parameters that a compiler makes.
  init?(words: [UInt32]) {
    let shift = Int(words[2] & 63), multiplier = Int32(bitPattern: words[1])
    guard multiplier >= 0, (1...62).contains(shift) else { return nil }
    self.init(
      bias: Int32(bitPattern: words[0]), multiplier: multiplier, shift: shift, doubleRounding: words[2] & 64 != 0,
      operand: Int8(truncatingIfNeeded: words[2] >> 8))
    if self.words != words { return nil }
  }
}
