import Emit
import Foundation
import Machine
import Testing

@Suite struct OutputBundleTests {
  @Test func holdsWhatTheProductPromises() throws {
    let paths = try Digits.bundle().files.map { $0.path }
    for path in [
      "rtl/weft_top.v", "program.hex", "program.lst", "weights.hex", "parameters.hex", "scalar_tables.hex", "driver/weft_registers.h", "driver/weft.h", "driver/weft.c",
      "driver/model.h", "testbench/harness.cpp", "testbench/bench.v", "testbench/job.bin", "testbench/README.md", "manifest.json",
      "report.json", "layers.csv", "weft.core", "README.md", "registers.md", "REUSE.toml", "LICENSES/0BSD.txt", "configuration.json", "model.tflite",
      "compilation.json",
    ] { #expect(paths.contains(path), "\(path) is missing") }
    #expect(Set(paths).count == paths.count)
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    #expect(try Digits.bundle().files == Digits.bundle().files)
  }

  @Test func theManifestHashesEveryOtherFile() throws {
    let bundle = try Digits.bundle()
    let manifest = String(decoding: try #require(bundle.files.last { $0.path == "manifest.json" }).bytes, as: UTF8.self)
    for file in bundle.files where file.path != "manifest.json" {
      #expect(manifest.contains(file.path) && manifest.contains(SHA256.hex(file.bytes)))
    }
    #expect(try JSONSerialization.jsonObject(with: Data(manifest.utf8)) is [String: Any])
  }

  @Test func replacesAnOlderBundleAsAWhole() throws {
    let scratch = try Scratch()
    let directory = scratch.path("a/b")
    var older = try Digits.bundle()
    older.files.append(BundleFile(path: "rtl/stale.v", text: "stale"))
    // A module of an earlier version that its manifest lists.
    for index in older.files.indices where older.files[index].path == "manifest.json" {
      let entry = "{\"path\": \"rtl/stale.v\", \"bytes\": 5, \"sha256\": \"\(SHA256.hex(Array("stale".utf8)))\"}, "
      let text = String(decoding: older.files[index].bytes, as: UTF8.self)
      older.files[index] = BundleFile(
        path: "manifest.json", text: text.replacing("\"files\": [", with: "\"files\": [" + entry).replacing("seal", with: "old seal"))
    }
    try older.write(to: directory)
    try Digits.bundle().write(to: directory)
    #expect(!FileManager.default.fileExists(atPath: directory + "/rtl/stale.v"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("a")) == ["b"], "something was left behind")
    #expect(OutputBundle.isBundle(directory))
  }

  @Test func leavesOtherPeoplesFilesAlone() throws {
    let scratch = try Scratch()
    try "mine".write(toFile: scratch.path("thesis.txt"), atomically: false, encoding: .utf8)
    let error = #expect(throws: FileError.self) { try Digits.bundle().write(to: scratch.url.path) }
    #expect(error?.message == "holds files that weft did not make; name another directory with -o, or empty it")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["thesis.txt"])
  }

  @Test func aFileInTheWayIsSaid() throws {
    let scratch = try Scratch()
    try "x".write(toFile: scratch.path("out"), atomically: false, encoding: .utf8)
    #expect(throws: FileError.self) { try Digits.bundle().write(to: scratch.path("out")) }
    #expect(throws: FileError.self) { try Digits.bundle().write(to: scratch.path("out/below")) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == ["out"])
  }
}
