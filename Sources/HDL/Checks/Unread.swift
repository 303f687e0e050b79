/// Every wire and register is read by something that matters.
///
/// Inputs and outputs of instances may stay unread, since they belong to an interface that others made; the Verilog
/// gathers them in a wire named `unused`.
func checkUnread(_ graph: Graph) {
  let search = ReadSearch(graph, includingProperties: true)
  for signal in graph.signals where !search.isRead[Int(signal.node)] {
    let what: String
    switch signal.kind {
    case .wire: what = "wire"
    case .register: what = "register"
    case .input, .output, .instanceOutput, .memoryRead: continue
    }
    let value = signal.labels.isEmpty ? signal.name : "$\(signal.name).asUnsigned"
    graph.report("\(what) '\(signal.name)' (\(signal.shape)) is never read; remove it, or say that this is meant with ignore(\(value))", at: signal.location)
  }
}
