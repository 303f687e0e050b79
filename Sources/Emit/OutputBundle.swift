// A bundle: everything that one compilation makes, as a directory.
//
// The files are made in memory first and then take the place of an older bundle as a whole.

import Foundation
import Machine
import Mapper
import Model

/// One file of a bundle.
public struct BundleFile: Sendable, Equatable {
  /// Relative, with `/`.
  public var path: String
  public var bytes: [UInt8]
  public init(path: String, bytes: [UInt8]) { (self.path, self.bytes) = (path, bytes) }
  public init(path: String, text: String) { self.init(path: path, bytes: Array(text.utf8)) }
}

/// The contents of an output directory.
public struct OutputBundle: Sendable {
  public var files: [BundleFile]

  /// A compiled network.
  /// - Parameters:
  ///   - model: the bytes of the model file; its copy lets `weft verify` check the bundle alone.
  ///   - verilog: the hardware, the top last.
  ///   - prefix: what the names of its modules begin with; by default what `ModulePrefix` makes of the hardware.
  /// - Throws: `ModelError` when the network cannot be run by the golden kernels.
  public init(_ mapping: Mapping, model: [UInt8], verilog: [VerilogFile], prefix: ModulePrefix? = nil) throws {
    let images = MemoryImages(mapping)
    let report = NetworkReport(mapping)
    let hardware = mapping.hardware, top = topModule(of: verilog)
    var files = verilog.map { BundleFile(path: "rtl/\($0.name).v", text: $0.text) }
    files += images.images.map { BundleFile(path: $0.fileName, bytes: $0.hexBytes) }
    files.append(BundleFile(path: "program.lst", text: licensed(listing(mapping.program), comment: ";")))
    files += Self.driver
    files.append(BundleFile(path: "driver/model.h", text: driverModel(mapping, images)))
    files.append(BundleFile(path: "testbench/README.md", text: testbenchReadMe(top: top)))
    files.append(BundleFile(path: "testbench/bench.v", text: benchText(top: top, postLanes: hardware.configuration.postLanes)))
    files.append(BundleFile(path: "testbench/harness.cpp", text: harnessText))
    files.append(BundleFile(path: "testbench/job.bin", bytes: try Self.selfCheck(mapping, images).bytes))
    files.append(BundleFile(path: "model.tflite", bytes: model))
    files.append(BundleFile(path: "configuration.json", text: hardware.configuration.json + "\n"))
    files.append(BundleFile(path: "report.json", text: report.json.text))
    files.append(BundleFile(path: "layers.csv", text: report.csv))
    files.append(BundleFile(path: "README.md", text: bundleReadMe(mapping, images, top: top)))
    let core = FuseSoCContents(
      hardware: hardware, prefix: prefix ?? ModulePrefix(hardware), verilog: verilog,
      network: .init(
        bench: benchModule(for: top), driver: files.map(\.path).filter { $0.hasPrefix("driver/") },
        images: images.images.map(\.fileName)))
    files.append(BundleFile(path: "weft.core", text: fuseSoCCore(core)))
    files = Self.completed(files, hasModel: true)
    files.append(
      BundleFile(
        path: "manifest.json", text: BundleManifest.sealed(manifest(mapping, modelHash: SHA256.hex(model), top: top, files: files).text)))
    self.files = files
  }

  /// Hardware without a network.
  public init(_ hardware: Hardware, verilog: [VerilogFile], prefix: ModulePrefix? = nil) {
    let top = topModule(of: verilog)
    var files = verilog.map { BundleFile(path: "rtl/\($0.name).v", text: $0.text) }
    files += Self.driver
    files.append(BundleFile(path: "configuration.json", text: hardware.configuration.json + "\n"))
    files.append(BundleFile(path: "README.md", text: bundleReadMe(hardware, top: top)))
    let core = FuseSoCContents(hardware: hardware, prefix: prefix ?? ModulePrefix(hardware), verilog: verilog, network: nil)
    files.append(BundleFile(path: "weft.core", text: fuseSoCCore(core)))
    files = Self.completed(files, hasModel: false)
    files.append(BundleFile(path: "manifest.json", text: BundleManifest.sealed(manifest(hardware, top: top, files: files).text)))
    self.files = files
  }

  /// The driver's files that are the same in every bundle, so that one program may hold the drivers of two.
  private static var driver: [BundleFile] {
    [
      BundleFile(path: "driver/weft_registers.h", text: registerHeader()), BundleFile(path: "driver/weft.h", text: driverHeader()),
      BundleFile(path: "driver/weft.c", text: driverSource()),
    ]
  }

  /// `files` in order, with what every bundle has: the reference of the registers and the licences.
  private static func completed(_ files: [BundleFile], hasModel: Bool) -> [BundleFile] {
    let files = files + [BundleFile(path: "registers.md", text: licensedMarkdown(registerReference()))]
    return (files + licenseFiles(of: files.map(\.path) + ["manifest.json"], hasModel: hasModel)).sorted { $0.path < $1.path }
  }

  /// One inference on seeded random input that checks its own outputs.
  static func selfCheck(_ mapping: Mapping, _ images: MemoryImages) throws -> Job {
    let inputs = randomInputs(mapping.graph, seed: 1)
    let golden = try GoldenModel(mapping.graph).run(inputs: inputs)
    var job = Job()
    job.check(RegisterMap.Register.identity.address, RegisterMap.identity)
    job.check(RegisterMap.Register.fingerprint.address, mapping.hardware.fingerprint)
    for image in images.images { job.load(image) }
    for (tensor, bytes) in zip(mapping.graph.inputs, inputs) {
      if let address = mapping.address(of: tensor) { job.writeFeatures(address, bytes) }
    }
    job.start()
    job.wait(.polling, limit: mapping.predictedCycles * 4 + 100_000)
    job.check(RegisterMap.Register.status.address, UInt32(RegisterMap.statusDone | RegisterMap.statusProgramCheck))
    for tensor in mapping.graph.outputs {
      if let address = mapping.address(of: tensor), let bytes = golden[tensor] { job.checkFeatures(address, bytes) }
    }
    return job
  }

  /// Writes the files to `directory`, in the place of an older bundle.
  ///
  /// What the user added there stays; see `BundleReplacement` for how.
  /// - Parameters:
  ///   - force: whether files that were edited since weft made them are replaced.
  ///   - isDefault: whether the name is made from the network's: then a bundle of another network is not replaced.
  /// - Returns: what the user should know, a line each.
  /// - Throws: `FileError` when the directory holds something else, something would be lost, or it cannot be written.
  @discardableResult
  public func write(to directory: String, force: Bool = false, isDefault: Bool = false) throws(FileError) -> [String] {
    let target = try Self.target(directory)
    let manifest = files.first { $0.path == BundleManifest.fileName }.flatMap { BundleManifest($0.bytes) }
    return try BundleReplacement(target: target, files: files, force: force, subject: isDefault ? manifest?.subject : nil).run()
  }

  /// Checks a directory before any work is done for it; nothing is changed.
  /// - Throws: `FileError` when `directory` exists and is neither empty nor a bundle, or is one that is never replaced.
  public static func checkReplaceable(_ directory: String) throws(FileError) { _ = try target(directory) }

  private static func target(_ directory: String) throws(FileError) -> ResolvedPath {
    let target = try ResolvedPath(directory)
    guard let status = target.status else { return target }
    guard status.kind == .directory else { throw FileError(path: directory, message: "is a file; name a directory with -o") }
    try refuse(target, status)
    let names: [String]
    do throws(FileError) { names = try FileSystem.names(in: target.path) } catch { throw FileError(path: directory, message: error.message) }
    guard names.isEmpty || names.contains(BundleManifest.fileName) else {
      throw FileError(path: directory, message: "holds files that weft did not make; name another directory with -o, or empty it")
    }
    return target
  }

  /// Directories that are never replaced, whatever they hold.
  private static func refuse(_ target: ResolvedPath, _ status: FileStatus) throws(FileError) {
    let environment = ProcessInfo.processInfo.environment
    for home in [environment["HOME"], getpwuid(getuid()).map { String(cString: $0.pointee.pw_dir) }] {
      if let home, FileStatus(home, followingLinks: true)?.isSame(as: status) == true {
        throw FileError(path: target.given, message: "is your home directory; name a directory in it with -o")
      }
    }
    guard var above = FileSystem.resolved(".") else { return }
    while true {
      if FileStatus(above)?.isSame(as: status) == true {
        throw FileError(path: target.given, message: "is the working directory or one above it; name another directory with -o")
      }
      if above == "/" { return }
      above = FileSystem.directory(of: above)
    }
  }

  /// Whether `directory` holds a bundle, whole or damaged.
  public static func isBundle(_ directory: String) -> Bool {
    [BundleManifest.fileName, "configuration.json"].allSatisfy { FileStatus(directory + "/" + $0)?.kind == .file }
  }
}
