// What the benches of single generators share: random choices, packed vectors, and a layer's registers over the bus.

import HDL
import Machine
import Testing

@testable import Generators

extension SplitMix {
  /// Patterns of so many bits each.
  mutating func patterns(_ count: Int, width: Int) -> [Int] { (0..<count).map { _ in int(0...(1 << width) - 1) } }
  /// Numbers from -128 to 127, one in four at an end.
  mutating func signedBytes(_ count: Int) -> [Int] { (0..<count).map { _ in chance(25) ? pick([-128, 127]) : int(-128...127) } }
}

/// Values side by side, the first in the least significant bits, as `poke` takes them; of each its low `width` bits.
func packed(_ values: [Int], width: Int) -> [UInt64] {
  var words = [UInt64](repeating: 0, count: (values.count * width + 63) / 64)
  for (index, value) in values.enumerated() {
    let pattern = UInt64(truncatingIfNeeded: value) & (1 << UInt64(width) - 1), place = index * width
    words[place / 64] |= pattern << UInt64(place % 64)
    if place % 64 + width > 64 { words[place / 64 + 1] |= pattern >> UInt64(64 - place % 64) }
  }
  return words
}

extension SignalValue {
  /// The values that `packed` put side by side, without sign.
  func unpacked(width: Int) -> [Int] {
    (0..<shape.width / width).map { index in
      let place = index * width
      let low = words[place / 64] >> UInt64(place % 64)
      let high = place % 64 + width > 64 ? words[place / 64 + 1] << UInt64(64 - place % 64) : 0
      return Int((low | high) & (1 << UInt64(width) - 1))
    }
  }
}

/// Bytes as 32-bit words, the first in the least significant bits.
func littleEndianWords(_ bytes: [Int]) -> [Int] {
  stride(from: 0, to: bytes.count, by: 4).map { at in
    var word = 0
    for index in 0..<4 { word |= bytes[at + index] << (8 * index) }
    return word
  }
}

extension SimulatedInitiator where Members == LoadPort {
  /// Writes words from the beginning of a region, a cycle each.
  func fill(_ region: RegisterMap.Region, _ words: [Int], step: () -> Void) {
    for (index, word) in words.enumerated() {
      (self.write, self.region, self.address) = (true, region.rawValue, 4 * index)
      (self.data, self.strobe) = (word, 15)
      step()
    }
    self.write = false
  }
}

/// A number as two's complement of so many bits holds it.
func wrapped(_ value: Int, bits: Int) -> Int { (value << (64 - bits)) >> (64 - bits) }

/// Ends the test at the first difference: what follows it tells nothing new.
func require<T: Equatable>(
  _ got: T, _ expected: T, _ what: @autoclosure () -> String, at location: Testing.SourceLocation = #_sourceLocation
) throws {
  if got != expected { try #require(Bool(false), "\(what()): \(got), expected \(expected)", sourceLocation: location) }
}

extension Simulation where Top: Engine {
  /// The sequencer's side of the configuration bus.
  var bus: SimulatedInitiator<ConfigurationBus> { self[dynamicMember: \Top.settings] }

  /// Shows a field's value on the bus.
  func put(_ field: LayerField, of fields: LayerFields) {
    let bus = self.bus
    (bus.enable, bus.number, bus.value) = (true, field.number, fields[field] & (1 << field.width - 1))
  }

  /// Writes staged registers, a cycle each.
  func stage(_ fields: LayerFields, _ which: [LayerField] = LayerField.all) {
    for field in which {
      put(field, of: fields)
      step()
    }
    bus.enable = false
  }

  /// Takes over the staged registers; the layer begins in the cycle after.
  func launch() {
    bus.launch = true
    step()
    bus.launch = false
  }
}

extension Simulation {
  /// Whether there is a fault in this cycle, and which.
  func reported(_ path: KeyPath<Top, Initiator<Fault>>) -> (code: RegisterMap.ErrorCode, place: Int)? {
    let fault = self[dynamicMember: path]
    return fault.happens ? RegisterMap.ErrorCode(rawValue: fault.code).map { ($0, fault.place) } : nil
  }
}

/// A layer is invalid if, and only if, one of some fields is 0.
func expectInvalid<Top: Engine>(
  _ simulation: Simulation<Top>, without fields: [LayerField], _ isInvalid: (Simulation<Top>) -> Bool
) throws {
  var layer = LayerFields.zero
  for field in fields { layer[field] = 0x100 }
  simulation.stage(layer, fields)
  simulation.launch()
  #expect(!isInvalid(simulation))
  for field in fields {
    layer[field] = 0
    simulation.stage(layer, [field])
    simulation.launch()
    #expect(isInvalid(simulation), "\(field.assemblyName) is 0")
    layer[field] = 1
    simulation.stage(layer, [field])
  }
}

/// Fields by their places, the others zero.
extension LayerFields: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (WritableKeyPath<LayerFields, Int>, Int)...) {
    self = .zero
    for (path, value) in elements { self[keyPath: path] = value }
  }
}
