// What the names of all modules of an accelerator begin with, so that two of them can be parts of one design.
//
// The text of the Verilog follows from the sizes of the hardware alone, and its fingerprint is over all of them: so with the
// fingerprint in every name, modules of equal names have equal text, whichever two bundles they come from.

import HDL
import Machine

/// A prefix of module names.
public struct ModulePrefix: Hashable, Sendable {
  public let text: String

  /// The one that is taken when the user names none: `weft_edge64_1a2b3c4d_`.
  public init(_ hardware: Hardware) {
    let name = cIdentifier(hardware.configuration.name).prefix(Self.greatestLength - 15)
    text = "weft_\(name)_\(hexadecimal(hardware.fingerprint))_"
  }

  /// The user's own: two accelerators with one prefix in one design are then the user's affair.
  /// - Throws: `ModulePrefixError` when it cannot begin a Verilog name.
  public init(_ text: String) throws(ModulePrefixError) {
    func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (65...90).contains(byte) || byte == 95 }
    let isPlain = text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) }
    guard let first = text.utf8.first, isLetter(first), isPlain, text.utf8.count <= Self.greatestLength else {
      throw ModulePrefixError(text: text)
    }
    self.text = text
  }

  /// Characters of the longest.
  public static let greatestLength = 40

  /// The same as a name of its own: `weft_edge64_1a2b3c4d`.
  var name: String {
    let end = text.lastIndex { $0 != "_" }
    return end.map { String(text[...$0]) } ?? "weft"
  }
}

/// A prefix that no Verilog name can begin with.
public struct ModulePrefixError: Error, Equatable, Sendable, CustomStringConvertible {
  public var text: String
  public var description: String {
    "'\(safeComment(text))' cannot begin the name of a module; take a letter or _, then letters, digits and _, "
      + "at most \(ModulePrefix.greatestLength) in all, such as npu_"
  }
}
