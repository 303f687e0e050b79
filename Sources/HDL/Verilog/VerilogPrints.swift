/// Lines that are printed in simulation: a process per clock, which synthesis does not see.
extension VerilogModule {
  mutating func printSection() -> String {
    var processes: [String] = []
    for domain in graph.domains.indices {
      let mine = graph.prints.filter { $0.domain == domain }
      if mine.isEmpty { continue }
      target = "printed"
      var body: [String] = []
      for print in mine { body += lines(print) }
      if hasReset(domain) {
        readReset(domain)
        body = ["if (\(isNotReset(domain))) begin"] + body.map { "  " + $0 } + ["end"]
      }
      // A reset that acts at once stands in the list here, too, or linters say that it is used in two ways.
      processes.append(process(atEdge(of: domain, withReset: hasReset(domain), isOnlyDriver: false), whereEnabled(body, domain)))
    }
    return processes.isEmpty ? "" : "`ifndef SYNTHESIS\n" + processes.joined(separator: "\n") + "`endif\n"
  }

  private mutating func lines(_ print: PrintRecord) -> [String] {
    var format = "", values: [String] = []
    for part in print.parts {
      switch part {
      case .text(let text): format += text.replacing("%", with: "%%")
      case .value(let id, let kind):
        format += kind == .decimal ? "%0d" : kind == .hexadecimal ? "%h" : "%b"
        values.append(expression(id).converted(toSigned: graph.nodes[Int(id)].isSigned).string)
      }
    }
    let statement = "$display(\(([literal(format)] + values).joined(separator: ", ")));"
    guard let enable = print.enable else { return [statement] }
    return ["if (\(expression(enable).inner)) begin", "  " + statement, "end"]
  }
}
