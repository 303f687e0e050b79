// A compiled network: fresh from the mapper, or read back from a bundle.

import Emit
import Machine
import Mapper
import Model

/// Everything a simulation needs.
struct Design {
  var mapping: Mapping
  /// What is loaded.
  var images: MemoryImages
  /// The hardware; nil: what the generators make of it.
  var verilog: [VerilogFile]?

  /// Fresh from the mapper.
  init(_ mapping: Mapping) { (self.mapping, images) = (mapping, MemoryImages(mapping)) }

  /// A bundle as it lies there.
  /// - Parameters:
  ///   - config: what the user said of the configuration: nothing, because a bundle has its own.
  ///   - reference: the interpreter that the user wants, if any: that of the bundle.
  ///   - rounding: the rule of rounding, likewise.
  ///   - constants: whether constant channels are to be there: not where the bundle has them left out.
  init(bundle: String, config: String?, reference: ReferenceOption, rounding: RoundingOption, constants: ConstantChannelsOption) throws {
    if config != nil { throw UsageError("\(bundle): a bundle has its own configuration; leave out --config, or name the model") }
    let read = try CompiledBundle(bundle)
    (mapping, images, verilog) = (read.mapping, read.images, read.verilog)
    let compiled = mapping.graph.reference.rawValue
    if let wanted = reference.reference, wanted != compiled {
      throw UsageError("\(bundle): the bundle was compiled for --reference \(compiled); compile it again, or name the model")
    }
    let rule = mapping.graph.rounding.rawValue
    if let wanted = rounding.rounding, wanted != rule {
      throw UsageError("\(bundle): the bundle was compiled for --rounding \(rule); compile it again, or name the model")
    }
    if constants.keepConstantChannels, !mapping.channels.isEmpty {
      throw UsageError("\(bundle): the bundle was compiled without --keep-constant-channels; compile it again, or name the model")
    }
  }
}
