// The reference page of registers and windows: docs/registers.md, and registers.md of every bundle.

/// The page, in Markdown, made from `RegisterMap`.
public func registerReference() -> String {
  "# Registers and windows\nWhat a host sees on the AXI4-Lite port.\n\n" + RegisterMap.addressMap().markdown
}
