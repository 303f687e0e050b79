/// A list of signals as a waveform viewer reads it, and the tables by which it shows the states of enums.
public struct ViewerList: Sendable {
  /// The contents of the list's file.
  public let text: String
  /// Files that belong to it, one for each enum that is shown: a name with its ending, and the contents.
  public let tables: [(name: String, text: String)]
}

/// The signals of a list, under the instances that they are in.
struct ViewerSignals {
  /// How a value is shown: as `SignalValue` describes it.
  enum Format {
    case bit
    case decimal
    case signed
    case hexadecimal
    /// A table's position.
    case table(Int)
  }
  struct Item {
    /// The scopes from the top, and the name, as in a dump.
    let path: [String]
    let width: Int
    let format: Format
  }
  struct Group {
    let title: String
    var items: [Item] = []
  }
  private(set) var groups: [Group] = []
  /// The tables that are used.
  private(set) var tables: [EnumTable] = []
  private let recording: Recording
  private let enums: EnumTables
  /// The instance of the last group, and where tables that are used are among `tables`.
  private var lastScope = -1
  private var used: [Int: Int] = [:]

  /// All that is recorded, or what is named, in that order; neighbours of one instance make a group.
  init(_ recording: Recording, _ names: [String]) throws(UnknownSignal) {
    self.recording = recording
    enums = EnumTables(recording)
    for name in names { add(try recording.source(named: name)) }
    if names.isEmpty {
      for (_, position) in recording.signals.clockNames { add(.clock(position)) }
      for reset in recording.signals.resetNames { add(.reset(reset.position)) }
      for index in recording.traces.indices { add(.trace(index)) }
    }
  }

  private mutating func add(_ source: Recording.Source) {
    switch source {
    case .clock(let position): add(recording.signals.clockNames.first { $0.position == position }?.name ?? "", in: 0, width: 1, .bit)
    case .reset(let position): add(recording.signals.resetNames.first { $0.position == position }?.name ?? "", in: 0, width: 1, .bit)
    case .trace(let index):
      let trace = recording.traces[index], shape = trace.handle.shape
      let format = enums.position(ofTrace: index).map { Format.table(use($0)) } ?? ViewerSignals.format(of: shape)
      add(trace.entry.name, in: trace.scope, width: shape.width, format)
    }
  }
  private mutating func add(_ name: String, in scope: Int, width: Int, _ format: Format) {
    let instance = path(of: scope)
    if scope != lastScope { groups.append(Group(title: instance.joined(separator: "."))) }
    lastScope = scope
    groups[groups.count - 1].items.append(Item(path: instance + [ChangeDump.identifier(name)], width: width, format: format))
  }
  private mutating func use(_ table: Int) -> Int {
    if let known = used[table] { return known }
    used[table] = tables.count
    tables.append(enums.all[table])
    return tables.count - 1
  }
  private func path(of scope: Int) -> [String] {
    if scope < 0 { return [] }
    let record = recording.signals.hierarchy.scopes[scope]
    return path(of: record.parent) + [ChangeDump.identifier(record.name)]
  }

  /// Numbers that an `Int` holds are shown as such.
  private static func format(of shape: Shape) -> Format {
    if shape == .bit { return .bit }
    if shape.width > (shape.isSigned ? Int.bitWidth : Int.bitWidth - 1) { return .hexadecimal }
    return shape.isSigned ? .signed : .decimal
  }
}
