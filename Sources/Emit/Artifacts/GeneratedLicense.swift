// Whose the generated files are: the user's, free of obligations.
//
// Every file that can hold a comment says so in its first lines, in SPDX's words; REUSE.toml says it of all. The
// licence is 0BSD: approved by the OSI, for hardware as well as for software, and without any condition, not even that of
// naming somebody. A model stays what it was before: nobody's to license but its owner's.

/// SPDX's name of the licence of what Weft generates.
public let generatedLicense = "0BSD"

/// The line that names it, without the signs of a comment.
public let licenseLine = "SPDX-License-Identifier: " + generatedLicense

/// `text` with the line above it: of Verilog and C++ (`//`), of the listing (`;`).
func licensed(_ text: String, comment: String) -> String { "\(comment) \(licenseLine)\n\(text)" }
/// Of C.
func licensedC(_ text: String) -> String { "/* \(licenseLine) */\n\(text)" }
/// Of Markdown.
func licensedMarkdown(_ text: String) -> String { "<!-- \(licenseLine) -->\n\(text)" }

extension Artifact {
  static let license = Artifact("REUSE.toml", "LICENSES/", stage: .names, summary: { _ in "whose the files are" }) { contents, made in
    licenseFiles(of: made.map(\.path) + manifest.paths, model: contents.network?.modelFile)
  }
}

/// `LICENSES/` and `REUSE.toml` of a bundle.
/// - Parameters:
///   - paths: all other files; those that users add stay out of it.
///   - model: the bundle's copy of a model; nil when it holds none.
func licenseFiles(of paths: [String], model: String?) -> [BundleFile] {
  func annotation(_ paths: [String], _ license: String) -> String {
    let list = paths.map { "  \"\($0)\",\n" }.joined()
    return "\n[[annotations]]\npath = [\n\(list)]\nprecedence = \"closest\"\nSPDX-FileCopyrightText = \"NONE\"\nSPDX-License-Identifier = \"\(license)\"\n"
  }
  let text = """
    # \(licenseLine)
    # Of all files that weft made; those that can hold a comment say it in their first lines, too.
    version = 1

    """
  var files = [
    BundleFile(path: "LICENSES/\(generatedLicense).txt", text: licenseText),
    BundleFile(
      path: "REUSE.toml",
      text: text + annotation((paths + ["REUSE.toml"]).filter { $0 != model }.sorted(), generatedLicense) + (model.map { annotation([$0], "LicenseRef-Model") } ?? "")),
  ]
  if let model {
    files.append(
      BundleFile(
        path: "LICENSES/LicenseRef-Model.txt",
        text: """
          \(model) is a copy of the file that this bundle was compiled from: it is under the terms of its owner. The
          weights in other files of this bundle come from it; Weft adds no terms to those.

          """))
  }
  return files
}

private let licenseText = """
  BSD Zero Clause License

  Permission to use, copy, modify, and/or distribute this software for any
  purpose with or without fee is hereby granted.

  THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH
  REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY
  AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
  INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM
  LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR
  OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR
  PERFORMANCE OF THIS SOFTWARE.

  """
