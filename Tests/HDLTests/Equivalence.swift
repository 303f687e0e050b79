import Foundation
import HDL

/// What Yosys says against the two designs doing the same, register by register; nothing, if they do.
func equivalence(_ before: Design, _ after: Design, in languages: (Language, Language) = (.verilog, .verilog)) throws -> String {
  try withTemporaryDirectory { directory in
    var script = ""
    let top = before.top?.name ?? ""
    for (name, design, language) in [("gold", before, languages.0), ("gate", after, languages.1)] {
      let file = "\(name).\(language.ending)"
      try language.text(design).write(to: directory.appendingPathComponent(file), atomically: true, encoding: .utf8)
      // Yosys would compare everything of one name; but a name that the printer made up may mean something else.
      script += "\(language.yosysCommand) \(file); prep -flatten -top \(top); rename -hide w:* t:$*dff* %co1:+[Q] %d; "
        + "rename \(top) \(name); design -stash \(name); "
    }
    script += "design -copy-from gold gold; design -copy-from gate gate; equiv_make gold gate equiv; hierarchy -top equiv; "
      + "equiv_simple; equiv_induct; equiv_status -assert"
    let (status, output) = try Tool.yosys.run(["-q", "-p", script], in: directory)
    return status == 0 ? "" : output
  }
}
