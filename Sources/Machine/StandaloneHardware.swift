// Hardware without a network: how large what a configuration leaves open becomes.

extension Hardware {
  /// Hardware for no network in particular: what the configuration leaves open becomes a middling size, or the largest part of it
  /// that the configuration's device has room for.
  /// - Throws: `ConfigurationError`.
  public init(standalone configuration: Configuration) throws(ConfigurationError) {
    var divisor = 1
    while true {
      do throws(ConfigurationError) {
        self = try Hardware(configuration, for: .middling(configuration, over: divisor))
        return
      } catch {
        if configuration.limits.memoryBytes == nil || divisor == 64 { throw error }
        divisor *= 2
      }
    }
  }
}

extension Hardware.Demand {
  fileprivate static func middling(_ configuration: Configuration, over divisor: Int) -> Hardware.Demand {
    func size(_ fixed: Int?, _ middling: Int, least: Int) -> Int { fixed == nil ? max(least, middling / divisor) : 0 }
    // One row more than the bytes take is there in any case.
    let features = size(configuration.featureMemoryBytes.value, 65_536, least: 1_024)
    return Hardware.Demand(
      accumulatorBits: configuration.accumulatorBits.value ?? 32,
      featureBytes: max(0, features - configuration.memoryLanes),
      weightWords: size(configuration.weightMemoryBytes.value, 131_072 / configuration.weightWordBytes, least: 16),
      parameterEntries: size(configuration.parameterChannels.value, 2_048 / configuration.postLanes, least: 16),
      programWords: configuration.programWords.value == nil ? max(64, 2_048 / divisor) : 1,
      scalarTables: configuration.units.scalar ? 4 : 0, byteTables: configuration.units.tables ? 1 : 0,
      extensions: configuration.units.residual || configuration.units.scalar ? .products : [])
  }
}
