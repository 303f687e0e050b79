/// A recording as Value Change Dump (IEEE 1364-2005, section 18), which every waveform viewer reads.
///
/// The names of an enum's cases are a string variable, an extension that GTKWave, Surfer and pyvcd share.
extension Waveform {
  /// The recording for a viewer: see `ChangeDump`. The same recording gives the same text.
  public func vcd() -> String { VCDWriter(dump: ChangeDump(current())).text() }
}

private struct VCDWriter {
  let dump: ChangeDump

  func text() -> String {
    var changes = [String](repeating: "", count: dump.moments.count)
    for (number, variable) in dump.variables.enumerated() {
      let code = VCDWriter.code(number)
      dump.forEachChange(of: variable) { moment, value in
        switch value {
        case .text(let text): changes[moment] += "s\(text) \(code)\n"
        case .bits(let bits):
          // Without leading zeros.
          let digits = bits.binary(digits: bits.minimalWidth(isSigned: false))
          changes[moment] += variable.width == 1 ? "\(digits)\(code)\n" : "b\(digits) \(code)\n"
        }
      }
    }
    changes[0] = "$dumpvars\n" + changes[0] + "$end\n"
    return header + zip(dump.moments, changes).map { "#\($0)\n\($1)" }.joined()
  }

  private var header: String {
    let lines = dump.declarations.map { declaration in
      switch declaration {
      case .scope(let name): return "$scope module \(name) $end\n"
      case .end: return "$upscope $end\n"
      case .variable(let number):
        let variable = dump.variables[number], code = VCDWriter.code(number)
        if variable.isLabel { return "$var string 1 \(code) \(variable.name) $end\n" }
        let range = variable.width == 1 ? "" : " [\(variable.width - 1):0]"
        return "$var wire \(variable.width) \(code) \(variable.name)\(range) $end\n"
      }
    }
    return "$timescale 1ns $end\n" + lines.joined() + "$enddefinitions $end\n"
  }

  /// Short names from the printable characters.
  private static func code(_ number: Int) -> String {
    var rest = number, text = ""
    repeat {
      text.unicodeScalars.append(Unicode.Scalar(UInt8(33 + rest % 94)))
      rest = rest / 94 - 1
    } while rest >= 0
    return text
  }
}

extension BitVector {
  /// Binary digits, the most significant first.
  func binary(digits: Int) -> String { String((0..<digits).reversed().map { self[$0] ? "1" : "0" as Character }) }
}
