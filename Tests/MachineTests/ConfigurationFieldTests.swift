import Foundation
import Testing

@testable import Machine

/// The table of keys against the properties, the files and the fingerprint.
@Suite struct ConfigurationFieldTests {
  /// A configuration in which every key has another value than in edge64.
  private func other() throws -> Configuration {
    var configuration = try #require(Configuration.named("edge64"))
    for field in ConfigurationField.all {
      switch field.place {
      case .name(let path): configuration[keyPath: path] = "other"
      case .number(let path): configuration[keyPath: path] *= 2
      case .count(let path): configuration[keyPath: path] /= 2
      case .size(let path): configuration[keyPath: path] = .fixed(32)
      case .limit(let path): configuration[keyPath: path] = 4096
      case .flag(let path): configuration[keyPath: path].toggle()
      }
    }
    return configuration
  }

  /// A property without a row would keep the value of the configuration that is changed.
  @Test func everyPropertyHasARow() throws {
    func leaves(_ value: Any, _ name: String) -> [String: String] {
      let mirror = Mirror(reflecting: value)
      guard mirror.displayStyle == .struct else { return [name: "\(value)"] }
      return mirror.children.reduce(into: [:]) { $0.merge(leaves($1.value, name + "." + ($1.label ?? ""))) { $1 } }
    }
    let before = leaves(try #require(Configuration.named("edge64")), ""), after = leaves(try other(), "")
    #expect(before.count == ConfigurationField.all.count)
    for (name, value) in before { #expect(after[name] != value, "\(name) has no row") }
  }

  /// Files that are older than a key are read as they were.
  @Test func aKeyOfItsOwnTimeMayBeAbsent() throws {
    let edge64 = try #require(Configuration.named("edge64"))
    let older = edge64.json.split(separator: "\n").filter { !$0.contains("mergedElements") && !$0.contains("finishedTiles") }.joined(separator: "\n")
    var expected = edge64
    (expected.mergedElements, expected.finishedTiles) = (1, 1)
    #expect(try Configuration.parse(Data(older.utf8), source: "x") == expected)
  }

  @Test func everyKeyIsWrittenAndReadBack() throws {
    var changed = try other()
    for field in ConfigurationField.all { #expect(changed.json.contains("\"\(field.key.split(separator: ".").last ?? "")\": "), "\(field.key)") }
    // Sizes that can be built.
    changed.memoryLanes = 128
    (changed.featureMemoryBytes, changed.weightMemoryBytes) = (.fixed(4096), .fixed(4096))
    #expect(try Configuration.parse(Data(changed.json.utf8), source: "x") == changed)
  }

  /// What decides programs changes the fingerprint, and nothing else does.
  @Test func theFingerprintRestsOnWhatDecidesPrograms() throws {
    let edge64 = try #require(Configuration.named("edge64")), other = try other()
    func fingerprint(_ configuration: Configuration) -> UInt32 {
      Hardware(
        configuration: configuration, accumulatorBits: 24, featureRows: 64, weightWords: 64, parameterEntries: 64, programWords: 64,
        scalarTables: 1
      ).fingerprint
    }
    let deciding: Set = ["pixels", "channels", "dotProduct", "memoryLanes", "postLanes", "patchDepth", "mergedElements", "finishedTiles", "units.residual", "units.maximum"]
    for field in ConfigurationField.all {
      var configuration = edge64
      switch field.place {
      case .name(let path): configuration[keyPath: path] = other[keyPath: path]
      case .number(let path), .count(let path): configuration[keyPath: path] = other[keyPath: path]
      case .size(let path): configuration[keyPath: path] = other[keyPath: path]
      case .limit(let path): configuration[keyPath: path] = other[keyPath: path]
      case .flag(let path): configuration[keyPath: path] = other[keyPath: path]
      }
      #expect((fingerprint(configuration) != fingerprint(edge64)) == deciding.contains(field.key), "\(field.key)")
    }
  }

  /// Every choice of a search is one that its key allows, and the named configurations are among them.
  @Test func theSearchSpaceHoldsTheNamedConfigurations() throws {
    #expect(Configuration.searchSpace.map(\.field.key).prefix(2) == ["pixels", "channels"])
    for (field, values) in Configuration.searchSpace {
      for named in Configuration.named { #expect(values.contains(try #require(field.number(in: named))), "\(field.key) of \(named.name)") }
      for value in values {
        var configuration = try #require(Configuration.named("edge64"))
        field.set(value, in: &configuration)
        #expect(field.number(in: configuration) == value && field.problem(in: configuration) == nil, "\(field.key) \(value)")
      }
    }
  }

  @Test func everyRangeHasTwoEnds() throws {
    let edge64 = try #require(Configuration.named("edge64"))
    func message(_ edit: (inout Configuration) -> Void) -> String? {
      var configuration = edge64
      edit(&configuration)
      do throws(ConfigurationError) { try configuration.validate(source: "x") } catch { return error.message }
      return nil
    }
    for field in ConfigurationField.all {
      for value in [-1, 3, 1 << 40] {
        switch field.place {
        case .number(let path), .count(let path): #expect(message { $0[keyPath: path] = value }?.hasPrefix("\"\(field.key)\" is \(value), must be a power of two from ") == true)
        case .size(let path): #expect(message { $0[keyPath: path] = .fixed(value) }?.hasPrefix("\"\(field.key)\" is \(value), must be from ") == true)
        case .limit(let path): #expect(message { $0[keyPath: path] = value }?.hasPrefix("\"\(field.key)\" is \(value), must be from ") == true)
        case .name, .flag: break
        }
      }
    }
    #expect(message { $0.name = "a b" } == "\"name\" must be 1 to 64 letters, digits, _ or -")
    #expect(message { $0.memoryLanes = 32; $0.postLanes = 8 } == "\"mergedElements\" is 4, must be at most N / postLanes and memoryLanes / dotProduct: 2")
    #expect(message { $0.featureMemoryBytes = .fixed(31) } == "\"featureMemoryBytes\" is 31, must be from 32 to 8388608")
  }
}
