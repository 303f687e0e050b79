// The C driver of a bundle: register map and functions, the same for every network and every hardware. C99, no dependencies.

import Machine

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
