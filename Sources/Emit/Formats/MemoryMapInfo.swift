// The host's address space in public JSON.

import Machine

/// Windows and registers, as a manifest lists them.
struct MemoryMapInfo: Codable {
  struct Window: Codable {
    var name: String
    var base: String
  }
  struct Register: Codable {
    var name: String
    var address: Int
    var summary: String
    var fields: [Field]
  }
  struct Field: Codable {
    var name: String
    var lowBit: Int
    var bits: Int
    var access: String
    var summary: String
  }

  var windows = RegisterMap.Region.allCases.map { Window(name: "\($0)", base: "0x" + hexadecimal(UInt32($0.base))) }
  var registers = RegisterMap.addressMap().registers.map { register in
    Register(
      name: register.name, address: register.address, summary: register.summary,
      fields: register.fields.map {
        Field(name: $0.name, lowBit: $0.bits.lowerBound, bits: $0.bits.count, access: $0.access.rawValue, summary: $0.summary)
      })
  }
}
