// Model files on disk.

import Foundation

/// The largest model file that is read, in bytes.
package let largestModelFile = 256 << 20

/// The bytes of a model: an ordinary file of at most `largestModelFile` bytes, or the array in a C source.
package func readModelFile(_ path: String) throws(ModelError) -> [UInt8] {
  let bytes = try readFile(path, limit: largestModelFile)
  if bytes.starts(with: Array("version https://git-lfs".utf8)) {
    throw ModelError(.malformed, "is a Git LFS pointer and not the model; run git lfs pull", file: path)
  }
  return isSource(path) ? try modelInSource(bytes, path: path) : bytes
}

/// The bytes of an ordinary file of at most `limit` bytes. Directories, devices and pipes are refused.
package func readFile(_ path: String, limit: Int) throws(ModelError) -> [UInt8] {
  guard !path.isEmpty else { throw ModelError(.unreadable, "the path of a file to read is empty; name a file") }
  let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else {
    throw ModelError(.unreadable, "no such file; check the path", file: path)
  }
  guard attributes[.type] as? FileAttributeType == .typeRegular else {
    let isDirectory = attributes[.type] as? FileAttributeType == .typeDirectory
    throw ModelError(
      .unreadable, isDirectory ? "is a directory; name a file in it" : "is not an ordinary file", file: path)
  }
  let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
  guard size <= limit else {
    throw ModelError(.resourceLimit, "is \(size) bytes long, the limit is \(limit) bytes", file: path)
  }
  guard let data = FileManager.default.contents(atPath: resolved) else {
    throw ModelError(.unreadable, "cannot be read; check its permissions", file: path)
  }
  return [UInt8](data)
}

/// The path of a model: a directory that holds one under the name that its format gives it will do.
package func modelPath(_ path: String) -> String {
  modelFormats.map { path + (path.hasSuffix("/") ? "" : "/") + $0.fileName }.first { FileManager.default.fileExists(atPath: $0) } ?? path
}
