/// What a memory is to be made of, where synthesis should not choose by itself.
extension Memory {
  public enum Style: Hashable, Sendable {
    /// Whatever fits.
    case automatic
    /// Block RAM, which is read with a clock.
    case block
    /// Lookup tables as RAM, which may be read at once.
    case distributed
    /// The large blocks of some FPGAs (UltraRAM, SPRAM), which are read with a clock.
    case ultra
    /// Flip-flops.
    case registers

    /// Whether it can only be read with a clock.
    var isSynchronous: Bool { self == .block || self == .ultra }
    /// The value of the attribute `ram_style`, as Vivado and Yosys know it; nil for none.
    var attribute: String? {
      switch self {
      case .automatic: nil
      case .block: "block"
      case .distributed: "distributed"
      case .ultra: "ultra"
      case .registers: "registers"
      }
    }
  }
}
