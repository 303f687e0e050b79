// A resolved configuration: every size a number. This is what the generators build and what a program is for.

/// The sizes of one concrete accelerator.
public struct Hardware: Hashable, Sendable {
  public var configuration: Configuration
  /// Width of the accumulators, 16...32, up to 48 for activations of int16.
  public var accumulatorBits: Int
  /// Rows of V bytes in the feature memory, a power of two.
  public var featureRows: Int
  /// Words of C bytes that every element has in the weight memory, never more than the element before it.
  public var weightDepths: [Int]
  /// Entries of Q parameter words in the parameter memory.
  public var parameterEntries: Int
  /// 32-bit words in the program memory.
  public var programWords: Int
  /// Tables of 256 words for the scalar unit (0: no such unit).
  public var scalarTables: Int
  /// Tables of 256 bytes behind the post lanes (0: outputs do not pass any).
  public var byteTables: Int
  /// What it has beside its configuration's units.
  public var extensions: Extensions

  public init(
    configuration: Configuration, accumulatorBits: Int, featureRows: Int, weightWords: Int,
    parameterEntries: Int, programWords: Int, scalarTables: Int, byteTables: Int = 0, extensions: Extensions = []
  ) {
    self.init(
      configuration: configuration, accumulatorBits: accumulatorBits, featureRows: featureRows,
      weightDepths: [Int](repeating: weightWords, count: configuration.elements), parameterEntries: parameterEntries,
      programWords: programWords, scalarTables: scalarTables, byteTables: byteTables, extensions: extensions)
  }

  public init(
    configuration: Configuration, accumulatorBits: Int, featureRows: Int, weightDepths: [Int],
    parameterEntries: Int, programWords: Int, scalarTables: Int, byteTables: Int = 0, extensions: Extensions = []
  ) {
    self.configuration = configuration
    (self.accumulatorBits, self.featureRows, self.weightDepths) = (accumulatorBits, featureRows, weightDepths)
    (self.parameterEntries, self.programWords) = (parameterEntries, programWords)
    (self.scalarTables, self.byteTables) = (scalarTables, byteTables)
    self.extensions = extensions
  }

  /// Bytes of feature memory.
  public var featureBytes: Int { featureRows * configuration.memoryLanes }
  /// Words of N·C bytes that the program can address in the weight memory: those of the first element.
  public var weightWords: Int { weightDepths.first ?? 0 }
  /// Bytes of the window on the weight memory; where an element has no memory any more, writes are lost.
  public var weightWindowBytes: Int { weightWords * configuration.weightWordBytes }
  /// Bytes of weight memory.
  public var weightBytes: Int { weightDepths.reduce(0, +) * configuration.dotProduct }

  /// Bytes of the window on a memory behind which there is something; a multiple of 4, 0 where there is no such memory.
  public func windowBytes(of region: RegisterMap.Region) -> Int {
    switch region {
    case .registers: RegisterMap.Register.allCases.count * 4
    case .program: 4 * programWords
    case .weights: weightWindowBytes
    case .parameters: 16 * configuration.postLanes * parameterEntries
    case .features: featureBytes
    case .scalarTables: 1024 * scalarTables
    case .byteTables: 256 * byteTables
    }
  }

  /// Bytes of on-chip memory in all, by their purpose, largest first.
  public var memories: [(name: String, bytes: Int)] {
    let tables = 1024 * scalarTables + 256 * byteTables
    let finished = configuration.hasTileQueue ? configuration.finishedTiles * configuration.elements * accumulatorBits / 8 : 0
    return [
      ("features", featureBytes), ("weights", weightBytes),
      ("parameters", parameterEntries * configuration.postLanes * ParameterWord.bits / 8), ("program", 4 * programWords), ("tables", tables),
      ("finished tiles", finished),
    ].sorted { $0.1 > $1.1 }
  }

  /// Bytes of on-chip memory in all.
  public var memoryBytes: Int { memories.reduce(0) { $0 + $1.bytes } }

  /// What a program needs of the hardware.
  public struct Demand: Hashable, Sendable {
    public var accumulatorBits: Int, featureBytes: Int, weightWords: Int, parameterEntries: Int
    public var programWords: Int, scalarTables: Int, byteTables: Int
    /// Of the weight words, those that each element needs; nil: all.
    public var weightDepths: [Int]?
    public var extensions: Extensions
    public init(
      accumulatorBits: Int = 16, featureBytes: Int = 0, weightWords: Int = 0, weightDepths: [Int]? = nil, parameterEntries: Int = 0,
      programWords: Int = 1, scalarTables: Int = 0, byteTables: Int = 0, extensions: Extensions = []
    ) {
      self.extensions = extensions
      (self.accumulatorBits, self.featureBytes, self.weightWords) = (accumulatorBits, featureBytes, weightWords)
      self.weightDepths = weightDepths
      (self.parameterEntries, self.programWords) = (parameterEntries, programWords)
      (self.scalarTables, self.byteTables) = (scalarTables, byteTables)
    }
  }

  /// Builds the hardware for a demand: `auto` sizes become what is needed, rounded up to powers of two, weight memories of more than
  /// one small RAM block to whole blocks; fixed sizes are checked.
  /// - Throws: `ConfigurationError` when fixed sizes are too small, all of them with what is needed, or when what is needed is more than
  ///   addresses reach or the device has, with both figures; with advice where another configuration may hold it.
  public init(_ configuration: Configuration, for demand: Demand) throws(ConfigurationError) {
    var short: [String] = []
    func resolve(_ size: AutoSize, _ key: String, needed: Int, unit: Int, least: Int) -> Int {
      guard let fixed = size.value else { return roundUpToPowerOfTwo(max(needed, least)) }
      if fixed / unit < needed { short.append("\"\(key)\" is \(fixed), the network needs \(needed * unit)") }
      return fixed / unit
    }
    let lanes = configuration.memoryLanes
    let rows = resolve(configuration.featureMemoryBytes, "featureMemoryBytes", needed: dividedUp(demand.featureBytes, lanes) + 1, unit: lanes, least: 16)
    let words = resolve(
      configuration.weightMemoryBytes, "weightMemoryBytes", needed: demand.weightWords, unit: configuration.weightWordBytes, least: 16)
    let entries = resolve(
      configuration.parameterChannels, "parameterChannels", needed: demand.parameterEntries, unit: configuration.postLanes, least: 16)
    let programWords = resolve(configuration.programWords, "programWords", needed: demand.programWords, unit: 1, least: 64)
    guard short.isEmpty else {
      throw ConfigurationError(
        source: configuration.name, message: short.joined(separator: ", ") + "; enlarge \(short.count > 1 ? "them" : "it") or say \"auto\"")
    }
    guard rows * lanes <= 1 << 23 else {
      throw ConfigurationError(
        source: configuration.name, problem: "the network needs \(demand.featureBytes) bytes of feature memory, addresses reach \(1 << 23)",
        advice: "use a smaller network")
    }
    let fixedRows = configuration.featureMemoryBytes.value.map { roundUpToPowerOfTwo(($0 + lanes - 1) / lanes) }
    let accumulator = configuration.accumulatorBits.value ?? max(24, demand.accumulatorBits)
    let most = demand.extensions.contains(.int16) ? Configuration.int16AccumulatorBits : Configuration.int8AccumulatorBits
    guard accumulator >= demand.accumulatorBits, accumulator <= most else {
      throw ConfigurationError(
        source: configuration.name,
        message: "\"accumulatorBits\" is \(accumulator), the network needs \(demand.accumulatorBits) (at most \(most))")
    }
    for (needed, available, unit) in [
      (demand.scalarTables, configuration.units.scalar, "scalar"), (demand.byteTables, configuration.units.tables, "tables"),
      (demand.extensions.contains(.products) ? 1 : 0, configuration.units.residual || configuration.units.scalar, "residual"),
    ] where needed > 0 && !available {
      throw ConfigurationError(
        source: configuration.name, message: "\"units.\(unit)\" is false, the network needs it; set it to true")
    }
    // Powers of two up to the depth of a small RAM block, then whole blocks.
    let block = 256
    let roundedDepths = (0..<configuration.elements).map { element in
      let needed = demand.weightDepths?[element] ?? demand.weightWords
      if needed == 0 { return element == 0 ? 16 : 0 }
      return needed <= block ? roundUpToPowerOfTwo(max(needed, 16)) : dividedUp(needed, block) * block
    }
    self.init(
      configuration: configuration,
      accumulatorBits: accumulator,
      featureRows: fixedRows ?? rows,
      weightDepths: configuration.weightMemoryBytes.value == nil
        ? roundedDepths : [Int](repeating: words, count: configuration.elements),
      parameterEntries: entries,
      programWords: programWords,
      scalarTables: configuration.units.scalar ? roundUpToPowerOfTwo(demand.scalarTables) : 0,
      byteTables: demand.byteTables == 0 ? 0 : roundUpToPowerOfTwo(demand.byteTables), extensions: demand.extensions)
    let addresses: [(words: Int, field: LayerField, name: String)] = [
      (weightWords, .at(\.weights.base), "weight memory words"), (parameterEntries, .at(\.end.parameterBase), "parameter memory entries"),
    ]
    for (words, field, name) in addresses where words > field.range.upperBound + 1 {
      throw ConfigurationError(
        source: configuration.name,
        problem: "the network needs \(words) \(name), addresses reach \(field.range.upperBound + 1)",
        advice: "use a smaller network or more MACs")
    }
    for region in RegisterMap.Region.allCases where windowBytes(of: region) > RegisterMap.Region.windowBytes {
      throw ConfigurationError(
        source: configuration.name,
        problem: "the network needs \(windowBytes(of: region)) bytes for its \(region), the host's window has \(RegisterMap.Region.windowBytes)",
        advice: "use a smaller network")
    }
    if let limit = configuration.limits.memoryBytes, memoryBytes > limit {
      let parts = memories.filter { $0.bytes > 0 }.map { "\($0.name) \($0.bytes)" }.joined(separator: ", ")
      throw ConfigurationError(
        source: configuration.name,
        problem: "the network needs \(memoryBytes) bytes of on-chip memory (\(parts)), the device has \(limit) (\"limits.memoryBytes\")",
        advice: "use a smaller network or a larger device")
    }
  }

  /// - Throws: `ConfigurationError` naming the first thing of which a program needs more than there is.
  public func require(_ demand: Demand) throws(ConfigurationError) {
    let depths = demand.weightDepths ?? [Int](repeating: demand.weightWords, count: configuration.elements)
    let short = zip(depths, weightDepths).first { $0 > $1 } ?? (demand.weightWords, weightWords)
    let needs: [(name: String, needed: Int, present: Int)] = [
      ("accumulator bits", demand.accumulatorBits, accumulatorBits), ("bytes of feature memory", demand.featureBytes, featureBytes),
      ("words of weights in an element", short.0, short.1), ("parameter entries", demand.parameterEntries, parameterEntries),
      ("program words", demand.programWords, programWords), ("scalar tables", demand.scalarTables, scalarTables),
      ("byte tables", demand.byteTables, byteTables),
    ]
    for absent in demand.extensions.subtracting(extensions).kinds {
      throw ConfigurationError(
        source: configuration.name, message: "the network \(absent.use), the hardware has no \(absent.name); make hardware for this network")
    }
    for (name, needed, present) in needs where needed > present {
      throw ConfigurationError(source: configuration.name, message: "the network needs \(needed) \(name), the hardware has \(present)")
    }
  }

  /// A 32-bit fingerprint (FNV-1a) of everything that a program depends on; the hardware shows it in a
  /// register, so that a driver can refuse a program made for other hardware.
  public var fingerprint: UInt32 {
    let deciding = ConfigurationField.all.filter(\.decidesPrograms)
    func values(flags: Bool) -> [Int] { deciding.filter { $0.isFlag == flags }.compactMap { $0.number(in: configuration) } }
    let sizes = [accumulatorBits, featureRows] + weightDepths + [parameterEntries, programWords, scalarTables, byteTables, extensions.rawValue]
    var hash = FNV1a()
    for value in [RegisterMap.version] + values(flags: false) + sizes + values(flags: true) { hash.add(value) }
    return hash.value
  }
}
