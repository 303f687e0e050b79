#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What runs a simulation. The results are the same; only the time differs.
public enum SimulationEngine: String, Hashable, Sendable {
  /// The interpreter at first. When a simulation has run for long enough to gain by it, its design is compiled beside it,
  /// once for all simulations of the same `CompiledDesign`, and the simulation goes on as machine code.
  ///
  /// The environment variable `WEFT_SIMULATOR` can say `interpreter` or `native` in its place.
  case automatic
  /// Only the interpreter, which needs no compiler: for a program that may start none.
  case interpreter
  /// Machine code from the first cycle, which takes the time of a compilation before it. Where there is no C
  /// compiler the interpreter runs all the same; `Simulation.isNative` tells.
  case native

  /// What the environment says where the program leaves it open.
  var chosen: SimulationEngine {
    if self != .automatic { return self }
    return getenv("WEFT_SIMULATOR").flatMap { SimulationEngine(rawValue: String(cString: $0)) } ?? .automatic
  }
}

extension Simulation {
  /// Whether machine code runs now, and no longer the interpreter.
  public var isNative: Bool { running.engine.acceleration.library != nil }
}
