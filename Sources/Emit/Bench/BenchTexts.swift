// The test benches of a bundle: those of testbenches/, made to fit one accelerator, and how to use them.
//
// What a bundle holds is its user's, so the copies say so where the project's own files are the project's.

extension Artifact {
  static let testbench = Artifact(
    "testbench/", needsNetwork: true,
    summary: { _ in "benches that run one inference and check it, for Icarus Verilog and Verilator" }
  ) { contents, _ in
    guard let network = contents.network else { return [] }
    return [
      BundleFile(path: "testbench/README.md", text: testbenchReadMe(top: contents.top)),
      BundleFile(path: "testbench/bench.v", text: benchText(top: contents.top, postLanes: contents.hardware.configuration.postLanes)),
      BundleFile(path: "testbench/harness.cpp", text: harnessText),
      BundleFile(path: "testbench/job.bin", bytes: try Job(checking: network.mapping, network.images).bytes),
    ]
  }
}

/// The plain-Verilog bench for one accelerator.
/// - Parameters:
///   - top: the module it instantiates.
///   - postLanes: lanes of that one's post unit.
public func benchText(top: String, postLanes: Int) -> String {
  let text = Template(PackageResources.bench_v).filled([
    "TOP": top, "BENCH": benchModule(for: top), "POST_LANES": "\(postLanes)", "COMMANDS": BenchCommand.Code.localParameters,
    "RECORDS": BenchRecord.Code.localParameters, "WAITS": BenchCommand.Waiting.localParameters,
  ])
  return licensed(text, comment: "//")
}

/// The bench's module: it has the prefix of the module that it instantiates.
public func benchModule(for top: String) -> String { (top.hasSuffix("top") ? String(top.dropLast(3)) : top + "_") + "bench" }

/// The C++ bench, which is the same for all: Verilator is told what to call the class of the top module.
public let harnessText = licensed(
  Template(PackageResources.harness_cpp).filled([
    "COMMAND_TABLE": BenchCommand.Code.commentTable, "RECORD_TABLE": BenchRecord.Code.commentTable, "COMMANDS": BenchCommand.Code.enumerators,
    "RECORDS": BenchRecord.Code.enumerators, "WAITS": BenchCommand.Waiting.enumerators,
  ]), comment: "//")

/// `testbench/README.md`.
func testbenchReadMe(top: String) -> String {
  licensedMarkdown(
    """
    # Self-checking test benches
    `job.bin` loads the network through the AXI4-Lite port, writes one input (random, always the same), runs it and
    compares every output byte with what the integer reference says. Both benches print PASS or FAIL as their last line and
    end with the status 0 for PASS, 1 for FAIL, 2 when the job is missing or damaged.

    Icarus Verilog, from the directory above:
    ```
    iverilog -g2005 -s \(benchModule(for: top)) -o bench testbench/bench.v rtl/*.v
    vvp -n bench +job=testbench/job.bin
    ```
    Add `+vcd=wave.vcd`, with `+from=` and `+to=` clock cycles, for waveforms.

    Verilator (5.006 or later):
    ```
    verilator --cc --exe --build -Wno-fatal --top-module \(top) --prefix Vweft_top -Mdir build rtl/*.v testbench/harness.cpp
    build/Vweft_top testbench/job.bin results.bin
    ```
    Build with `--trace` and add `--vcd wave.vcd` for waveforms.

    FuseSoC does the first of both: `fusesoc --cores-root . run --target=sim weft:npu:…`; `weft.core` has the whole name.

    The commands of a job and the records of the results are described at the top of `harness.cpp`. To compare every
    tensor of every layer, and more inputs: `weft verify` on this directory.

    """)
}
