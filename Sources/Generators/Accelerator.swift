// The accelerator: all engines, their memories and the host port, connected.

import HDL
import Machine

/// Elaborates the hardware; the top module is `weft_top`, or `top` with another prefix.
/// - Throws: `ElaborationFailure` if a generator is wrong: never for a valid configuration.
public func elaborateAccelerator(_ hardware: Hardware, prefix: String = "weft_") throws -> Design {
  try elaborate(Accelerator(hardware), prefix: prefix)
}

/// The top module.
public struct Accelerator: Module {
  let hardware: Hardware
  var tracePorts: Trace { Trace(bytes: hardware.configuration.postLanes) }
  public let sAxi = Target(AXI4Lite(addressWidth: RegisterMap.addressBits))
  @Output() public var irq: Bit
  public let trace = Initiator(\Self.tracePorts)

  public init(_ hardware: Hardware) { self.hardware = hardware }
  public var moduleName: String { "top" }
  public var documentation: String {
    let c = hardware.configuration
    return """
      Weft accelerator: P x K x C = \(c.pixels) x \(c.channels) x \(c.dotProduct) = \(c.macs) MACs, \
      V = \(c.memoryLanes) memory lanes, Q = \(c.postLanes) post lanes.
      AXI4-Lite slave. The trace_* outputs are for simulation; leave them open in synthesis.
      """
  }

  public func body() {
    let host = instance("host", HostPort(hardware)), sequencer = instance("sequencer", Sequencer(hardware))
    let feeder = instance("feeder", Feeder(hardware.configuration, hasInt16: hardware.extensions.contains(.int16)))
    let array = instance("array", ArrayUnit(hardware)), post = instance("post", PostUnit(hardware))
    let scalar = hardware.scalarTables > 0 ? instance("scalar", ScalarUnit(hardware)) : nil
    let features = instance("features", FeatureMemory(hardware)), fence = instance("fence", WriteFence(hardware))

    // The host, programs, and what happens to the engines from layer to layer.
    connect(sAxi, to: host.sAxi)
    irq = host.$irq
    connect(host.program, to: sequencer.host)
    for engine in [feeder.settings, array.settings] { connect(sequencer.settings, to: engine) }
    connect(sequencer.postSettings, to: post.settings)
    share(sequencer.engines.array, among: [feeder.control, array.control])
    connect(sequencer.engines.post, to: post.control)
    host.$stalled = array.$stalled
    report([post.fault, array.fault, features.fault, fence.fault] + [scalar?.fault].compactMap(\.self), to: sequencer.fault)

    // What the host fills.
    LoadableMemory.program(hardware).placed("program", from: host.load, for: sequencer.program)
    if let computed = fence.weights.ports.first {
      let loader = instance("weight_loader", WeightLoader(hardware))
      connect(host.load, to: loader.host)
      connect(computed, to: loader.write)
      LoadableMemory.weights(hardware).placed("weights", from: loader.memory, for: array.weights)
    } else {
      LoadableMemory.weights(hardware).placed("weights", from: host.load, for: array.weights)
    }
    LoadableMemory.parameters(hardware).placed("parameters", from: host.load, for: post.parameters)
    connect(host.load, to: post.load)
    connect(host.load, to: fence.load)
    if let scalar {
      connect(sequencer.settings, to: scalar.settings)
      connect(sequencer.engines.scalar[0], to: scalar.control)
      ScalarTableMemory(tables: hardware.scalarTables).placed("scalar_tables", from: host.load, for: scalar.table, and: scalar.pairTable)
    }

    // From feature memory through the engines and back. The post unit holds the feeder off for its second operand; scalar unit
    // and host read only while both are idle.
    readPriority([scalar?.operand, host.read, post.operand].compactMap(\.self), else: feeder.read, to: features.read)
    features.$padByte = feeder.$padByte
    feeder.$hold = post.$hold
    connect(feeder.feed, to: array.feed)
    connect(array.drain, to: post.drain)
    writePriority([scalar?.results, post.results].compactMap(\.self), to: fence.results)
    (fence.$abort, sequencer.$isStopping) = (sequencer.engines.post.abort, fence.$isStopping)
    (array.$discardsTiles, post.$discardsTiles) = (fence.$discardsTiles, fence.$discardsTiles)
    connect(fence.memory, to: features.write)

    connect(sequencer.trace, to: fence.steps)
    connect(fence.trace, to: trace)
  }
}
