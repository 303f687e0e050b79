// The C driver of a bundle: register map and functions, the same for every network and every hardware. C99, no dependencies.

import Machine

extension Artifact {
  /// Its files are the same in every bundle but for the network's own, so that one program may hold the drivers of two.
  static let driver = Artifact(
    "driver/", summary: { "a driver in C99" + ($0.network == nil ? "" : "; `model.h` is the network with all images, `weft.h` the functions") }
  ) { contents, _ in
    [
      BundleFile(path: "driver/weft_registers.h", text: registerHeader()), BundleFile(path: "driver/weft.h", text: driverHeader()),
      BundleFile(path: "driver/weft.c", text: driverSource()),
    ] + (contents.network.map { [BundleFile(path: "driver/model.h", text: driverModel($0.mapping, $0.images))] } ?? [])
  }
}

/// `weft_registers.h`: the registers, windows and their fields.
public func registerHeader() -> String { licensedC(RegisterMap.addressMap().cHeader) }

/// `weft.h`: types and functions.
public func driverHeader() -> String { licensedC(Template(PackageResources.weft_h).filled(["VERSION": toolVersion])) }

/// `weft.c`.
public func driverSource() -> String {
  let errors = RegisterMap.ErrorCode.allCases.filter { $0 != .none }
    .map { "    case (int)WEFT_ERROR_CODE_\(upperSnake("\($0)")): return \"\($0.summary)\";" }
  return licensedC(
    Template(PackageResources.weft_c).filled(["VERSION": toolVersion, "ERROR_CASES": errors.joined(separator: "\n")]))
}
