/// A value some cycles later, for what travels beside a pipeline. Between the pipeline's stages themselves stand registers with names.
///
///     let address = delayed(request.address, by: latency, "address")

/// The bit, a number of clock cycles later; false after reset. Several stages are numbered from 1: `valid1`, `valid2`.
///
/// - Parameter cycles: at least 0; 0 is the bit itself.
public func delayed(_ signal: Bit, by cycles: Int, _ name: String) -> Bit { delayed(signal, cycles, name, reset: 0) }

/// The number, a number of clock cycles later. Without reset, since it means something only beside a bit that says so.
public func delayed<N: Number>(_ signal: N, by cycles: Int, _ name: String) -> N { delayed(signal, cycles, name, reset: nil) }

private func delayed<T: Value>(_ signal: T, _ cycles: Int, _ name: String, reset: Int?) -> T {
  (0..<max(0, cycles)).reduce(signal) { value, stage in
    let register = Register<T>(cycles == 1 ? name : "\(name)\(stage + 1)", like: value, reset: reset)
    register.value = value
    return register.value
  }
}
