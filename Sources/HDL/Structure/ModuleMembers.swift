/// The declarations that a module value stores, with their names, in the order in which elaboration
/// declares their signals.
func parts(of module: some Module) -> [(part: any ModulePart, name: String)] {
  Mirror(reflecting: module).children.compactMap { child in
    guard let part = child.value as? any ModulePart, let label = child.label else { return nil }
    return (part, label.hasPrefix("_") ? String(label.dropFirst()) : label)
  }
}

/// Finds the declaration that a key path leads to, such as `\Counter.enable`: while a probe is set,
/// reading a declared property outside any elaboration tells the probe instead of being a mistake.
final class CellProbe: @unchecked Sendable {
  // Confined to the one call of `cell(at:in:)` that makes it.
  @TaskLocal static var current: CellProbe?
  private var cell: Cell?

  func found<T: Value>(_ cell: Cell, as type: T.Type) -> T {
    self.cell = cell
    return T(reference: Reference(.zero(cell.shape.width), isSigned: cell.shape.isSigned, isFlexible: false).laid(out: cell.layout))
  }

  static func cell<M: Module>(at path: PartialKeyPath<M>, in module: M) -> Cell? {
    let probe = CellProbe()
    $current.withValue(probe) { _ = module[keyPath: path] }
    return probe.cell
  }
}
