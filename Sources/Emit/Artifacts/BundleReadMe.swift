// `README.md` of a bundle: what is in it, the formats of its files, and how a host loads and runs the accelerator.

import Machine
import Mapper

extension Artifact {
  static let readMe = Artifact("README.md", "") { contents in
    contents.network.map { bundleReadMe($0, contents) } ?? bundleReadMe(contents)
  }
}

/// The rows of the table that says what is there.
private func contentsTable(_ contents: BundleContents) -> String {
  Artifact.all(of: contents).map { ($0.paths, $0.summary(contents)) }.filter { !$0.1.isEmpty }
    .map { paths, summary in "| \(paths.map { "`\($0)`" }.joined(separator: ", ")) | \(summary) |" }.joined(separator: "\n")
}

/// How inputs and outputs of int16 lie; empty where there are none.
private func int16Section(_ mapping: Mapping) -> String {
  let tensors = mapping.graph.inputs + mapping.graph.outputs
  let rows = tensors.compactMap { tensor in
    mapping.int16[tensor].map { "`\(safeCell(mapping.graph.tensors[tensor].name))` \($0.length)" }
  }
  guard !rows.isEmpty else { return "" }
  return """

    Numbers of int16 lie in rows: the high bytes of a row (x >> 8), then its low bytes ((x & 255) − 128).
    Numbers of a row: \(rows.joined(separator: ", ")).
    `weft_quantize` and `weft_dequantize` of the driver go from numbers to these bytes and back.

    """
}

/// The read-me of a compiled network.
private func bundleReadMe(_ network: BundleContents.Network, _ contents: BundleContents) -> String {
  let mapping = network.mapping, images = network.images, hardware = mapping.hardware, graph = mapping.graph, top = contents.top
  func tensor(_ kind: String, _ index: Int) -> String {
    let value = graph.tensors[index]
    let place = mapping.address(of: index).map { "0x" + hexadecimal(UInt32(RegisterMap.Region.features.base + $0)) } ?? "-"
    let shape = value.shape.map(String.init).joined(separator: "×")
    return "| \(kind) | `\(safeCell(value.name))` | \(place) | \(value.byteCount) | \(shape) | \(value.scale) | \(value.zeroPoint) |\n"
  }
  let tensors = graph.inputs.map { tensor("input", $0) } + graph.outputs.map { tensor("output", $0) }
  return licensedMarkdown(
    """
    # \(safeComment(graph.name)) on \(hardware.configuration.name)
    Made by weft \(toolVersion): a neural network, the accelerator that runs it, and what is needed to use both.

    | path | what it is |
    |---|---|
    \(contentsTable(contents))

    `weft verify` on this directory simulates the accelerator and compares every tensor of every layer.

    \(hardwareSection(hardware, top: top))
    ## Inputs and outputs
    Bytes in the order of the array (C order), int8 where nothing else is said: real value = scale · (byte − zero point).

    | | tensor | address | bytes | shape | scale | zero point |
    |---|---|---|---|---|---|---|
    \(tensors.joined())\(int16Section(mapping))\(hostSection(mapping))
    ## Formats of the images
    A `.hex` file is text: a line is a 32-bit word of eight hexadecimal digits, as `$readmemh` reads it, and line n (from 0)
    belongs at byte 4·n of its window. Bytes stand in a word from the low bits up, the first byte in bits 7…0. A file ends
    where the network ends: what lies behind it in the memory may be anything.

    | file | window, from | words | what lies where |
    |---|---|---|---|
    \(images.images.map { "| `\($0.fileName)` | 0x\(hexadecimal(UInt32($0.region.base))) | \($0.words.count) | \(imageFormat(of: $0.region, hardware)) |\n" }.joined())
    `testbench/job.bin` is a list of little-endian 32-bit words, commands of the bench; `testbench/harness.cpp` describes them.

    ## Running the network
    1. Read `identity`, `version` and `fingerprint`: 0x\(hexadecimal(RegisterMap.identity)), 0x\(hexadecimal(UInt32(RegisterMap.version))) and \
    0x\(hexadecimal(hardware.fingerprint)) here. A program is for one fingerprint.
    2. Write the images into their windows, once after power-up. No run changes them.
    3. Write the inputs into the feature window, before every run: later layers reuse their place.
    4. Write 1 to `control`. Wait until `status` has `done` (bit 1) or `error` (bit 2), or for the interrupt.
    5. Read the outputs from the feature window, before the next run.

    While a program runs, the windows belong to it: an access answers SLVERR and changes nothing. `driver/weft.c` does all
    of this: `weft_load`, `weft_write_input`, `weft_run`, `weft_read_output`.

    ### How long a run may take
    This network takes \(mapping.predictedCycles) clock cycles, always: no latency depends on the data. Write a number of
    cycles above that to `limit`, and a program that got damaged cannot run for ever. `cyclesLow` and `cyclesHigh` hold what
    the last run took.

    \(interruptSection)
    """)
}

/// What the host does, and the state; empty for a network that is all the accelerator's.
private func hostSection(_ mapping: Mapping) -> String {
  var text = ""
  if let host = HostInfo(mapping.network) {
    text += "\nThe network itself takes and gives other types: " + host.lines.joined(separator: "; ")
      + ". `manifest.json` has its own inputs and outputs under `host`; `weft_quantize` and `weft_dequantize` of the driver convert exactly.\n"
  }
  if !mapping.graph.states.isEmpty {
    text += "\nThe network keeps state between runs, in feature memory: "
      + mapping.graph.states.map { state in
        "`\(safeCell(state.name))` (\(state.initial.count) bytes at 0x\(hexadecimal(UInt32(RegisterMap.Region.features.base + (mapping.address(of: state.tensor) ?? 0)))))"
      }.joined(separator: ", ") + ". A host writes its first values before the first run (`weft_reset_state`, which `weft_load` calls) and leaves it alone then.\n"
  }
  return text
}

/// The read-me of hardware without a network.
private func bundleReadMe(_ contents: BundleContents) -> String {
  let hardware = contents.hardware, top = contents.top
  return licensedMarkdown(
    """
    # \(hardware.configuration.name)
    Made by weft \(toolVersion): an accelerator for neural networks. `weft compile` makes a program for one.

    | path | what it is |
    |---|---|
    \(contentsTable(contents))

    \(hardwareSection(hardware, top: top))
    \(interruptSection)
    """)
}

/// What a system around the accelerator has to know.
private func hardwareSection(_ hardware: Hardware, top: String) -> String {
  """
  ## License
  What Weft generates belongs to its user, free of obligations: every file here is under 0BSD, which asks for nothing, not
  even for a notice. A model, and weights that come from it, stay under the terms of the model's owner.

  ## The hardware
  `\(top)` has one clock, a synchronous reset (active high), an AXI4-Lite slave with \(RegisterMap.addressBits) bits of byte
  address and 32 of data, and `irq`, a level. The `trace_*` outputs are for simulation: leave them open. Every module's name
  begins with \(prefixSentence(top)); the default holds the fingerprint of the hardware, so that two accelerators fit into one
  design and equal names mean equal text.

  """
}

private func prefixSentence(_ top: String) -> String { top.hasSuffix("top") ? "`\(top.dropLast(3))`" : "the same prefix" }

/// Interrupts, resets and errors, which are the same for all.
private let interruptSection = """
  ### Interrupts
  `irq` is high while a bit of `interruptStatus` is set that `interruptEnable` has, too. A handler reads
  `interruptStatus`, writes back what it read, which clears just that, and then reads `status`. An event that comes in the
  cycle of its clearing stays. Polling needs no interrupt: leave `interruptEnable` at 0.

  ### What a reset leaves
  The `reset` input stops a run and sets all registers to their reset values; the memories keep their contents.
  Bit 1 of `control` does the same to the run, `status` and `error` alone: settings and events that were
  raised before stay. After either, images that were loaded are still there, and step 3 comes next.

  ### Errors
  A run that cannot go on ends with `error` in `status`; the `error` register then holds a code in bits 7…0 and a place in
  bits 31…8. The next start clears both. After an error the outputs mean nothing, and images are as they were loaded.

  | code | what happened | the place |
  |---|---|---|
  \(RegisterMap.ErrorCode.allCases.filter { $0 != .none }.map { "| \($0.rawValue) | \($0.summary) | \($0.place) |\n" }.joined())
  """

/// What lies where in the file of one window.
private func imageFormat(of region: RegisterMap.Region, _ hardware: Hardware) -> String {
  let c = hardware.configuration
  return switch region {
  case .program: "instructions in order, the last a `halt` with the checksum of all before; `program.lst` shows them"
  case .weights: "int8, byte j of weight word i at N·C·i + j, with N·C = \(c.weightWordBytes): one step of the whole array"
  case .parameters:
    "four words a channel: bias; multiplier; shift (bits 5…0), rounding (bit 6) and second operand (bits 15…8); 0, a word "
      + "of padding that does not exist in the hardware, and that need not be written. Channel q of entry e is number Q·e + q, with Q = \(c.postLanes)"
  case .scalarTables: "tables of 256 words each, in order; a shorter table is filled up with 0"
  case .byteTables: "tables of 256 bytes each, in order"
  case .features: "bytes; the inputs go here"
  case .registers: "control registers"
  }
}

/// `text` for a cell of a table.
private func safeCell(_ text: String) -> String { safeComment(text).replacing("|", with: "/").replacing("`", with: "'") }
