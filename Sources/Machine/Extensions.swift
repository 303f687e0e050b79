// What hardware has only where a network needs it: abilities that cost area and that few networks use.

/// Extensions of the machine, of which hardware has those that the network it was made for needs.
public struct Extensions: OptionSet, Hashable, Sendable {
  public var rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// One extension, by its bit.
  public enum Kind: Int, CaseIterable, Codable, Sendable {
    case products, digits, computedWeights, int16, int16Arithmetic

    /// What a network does that needs it.
    var use: String {
      switch self {
      case .products: "multiplies computed tensors"
      case .digits: "has weights of more than 8 bits"
      case .computedWeights: "multiplies matrices that are both computed"
      case .int16: "has activations of int16"
      case .int16Arithmetic: "adds or multiplies activations of int16, or takes sigmoids of them"
      }
    }
    /// The flags of the mode that only hardware with the extension follows; none where no flag asks for it.
    var flags: [LayerMode.Flag] {
      switch self {
      case .products: [.product]
      case .digits: [.digits]
      case .computedWeights, .int16Arithmetic: []
      case .int16: [.int16Input, .int16Output]
      }
    }
    /// What messages call it.
    var name: String { "\(self)".reduce(into: "") { $0 += $1.isUppercase ? " " + $1.lowercased() : String($1) } }
    /// The extension alone.
    public var alone: Extensions { Extensions(rawValue: 1 << rawValue) }
  }

  /// What adds can multiply, too: the lanes that add a second operand, and the scalar unit its sum by itself. Where there is neither it
  /// means nothing.
  public static let products = Kind.products.alone
  /// Elements shift their sums between the digits of weights that 8 bits do not hold.
  public static let digits = Kind.digits.alone
  /// Outputs can go to the weight memory: to an address from `Configuration.firstWeightAddress` on.
  public static let computedWeights = Kind.computedWeights.alone

  /// Layers read and write int16, whose high and low bytes lie in rows of their own.
  public static let int16 = Kind.int16.alone
  /// The scalar unit adds and multiplies rows of int16 and takes sigmoids of them.
  public static let int16Arithmetic = Kind.int16Arithmetic.alone

  /// Every extension.
  public static let all = Extensions(Kind.allCases)

  /// The extensions in the order of their bits.
  public var kinds: [Kind] { Kind.allCases.filter { contains($0.alone) } }

  public init(_ kinds: some Sequence<Kind>) { self = kinds.reduce(into: []) { $0.formUnion($1.alone) } }
}
