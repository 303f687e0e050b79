import HDL

/// Everything that elaboration finds wrong, without places.
func messages(_ module: some Module) -> [String] {
  do {
    _ = try elaborate(module)
    return []
  } catch {
    return error.diagnostics.map(\.message)
  }
}
