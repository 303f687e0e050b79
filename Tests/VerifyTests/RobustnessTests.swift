import Emit
import Machine
import Mapper
import Model
import Testing
@testable import Verify

/// Whatever a host does, the accelerator ends in a defined state, with a code, and runs correctly afterwards.
@Suite(.serialized, .enabled(if: hasVerilator)) struct RobustnessTests {
  /// Plays a job on the hardware of the embedded network.
  private func play(_ mapping: Mapping, _ job: Job) throws -> SimulationResults {
    try SimulatorKind.verilator.hardwareSimulator(for: mapping.hardware).run(job)
  }

  private func load(_ job: inout Job, _ mapping: Mapping, program: [UInt32]? = nil) {
    for var image in MemoryImages(mapping).images {
      if image.region == .program, let program { image.words = program }
      job.load(image)
    }
    job.write(.interruptEnable, 3)
  }

  private func addRun(_ job: inout Job, _ mapping: Mapping, _ inputs: [[UInt8]], sample: Int, limit: Int = 100_000) {
    job.mark(sample: sample)
    for (tensor, bytes) in zip(mapping.graph.inputs, inputs) { job.writeFeatures(mapping.address(of: tensor) ?? 0, bytes) }
    job.start()
    job.wait(.interrupt, limit: limit)
    for register in [RegisterMap.Register.status, .error, .cyclesLow] { job.read(register) }
    job.write(.interruptStatus, 3)
    for tensor in mapping.graph.outputs { job.readFeatures(mapping.address(of: tensor) ?? 0, count: mapping.graph.tensors[tensor].byteCount) }
  }

  private func expectRight(_ results: SimulationResults, _ mapping: Mapping, _ inputs: [[UInt8]], sample: Int) throws {
    let run = try #require(results.samples.first { $0.sample == sample })
    let golden = try GoldenModel(mapping.graph).run(inputs: inputs)
    let check = TensorCheck(mapping).check(run, golden: golden, expected: [:])
    #expect(check.mismatches == 0, "\(check.problems) \(check.first.map(\.description))")
  }

  @Test(arguments: [1, 20, 37, 50, 51, 52, 53, 54, 150, 151, 152, 700, 701, 702, 703, 1_500, 2_500], [false, true])
  func aResetInMidInferenceLeavesNoTrace(_ cycles: Int, _ soft: Bool) throws {
    let mapping = try Digits.mapping(), inputs = try Digits.samples(1)[0].inputs
    var job = Job()
    load(&job, mapping)
    job.mark(sample: 0)
    job.writeFeatures(mapping.address(of: mapping.graph.inputs[0]) ?? 0, inputs[0])
    job.start()
    job.idle(cycles: cycles)
    if soft { job.write(.control, RegisterMap.controlReset) } else { job.reset() }
    job.read(.status)
    job.write(.interruptStatus, 3)
    job.write(.interruptEnable, 3)
    addRun(&job, mapping, inputs, sample: 1)
    let results = try play(mapping, job)
    #expect(results.samples[0].register(.status).map { Int($0) & RegisterMap.statusBusy } == 0)
    try expectRight(results, mapping, inputs, sample: 1)
  }

  @Test func inferencesOneAfterTheOther() throws {
    let mapping = try Digits.mapping(), samples = try Digits.samples(4)
    var job = Job()
    load(&job, mapping)
    for (number, sample) in samples.enumerated() { addRun(&job, mapping, sample.inputs, sample: number) }
    let results = try play(mapping, job)
    for (number, sample) in samples.enumerated() { try expectRight(results, mapping, sample.inputs, sample: number) }
    #expect(Set(results.samples.map { $0.register(.cyclesLow) }).count == 1)
  }

  @Test func anIllegalWordIsReportedWithItsPlace() throws {
    let mapping = try Digits.mapping(), inputs = try Digits.samples(1)[0].inputs
    var program = mapping.program.map(\.instruction.word)
    program[5] = 0xEE00_0000
    var job = Job()
    load(&job, mapping, program: program)
    addRun(&job, mapping, inputs, sample: 0)
    load(&job, mapping)
    addRun(&job, mapping, inputs, sample: 1)
    let results = try play(mapping, job)
    let run = results.samples[0]
    #expect(run.finished, "the error must raise the interrupt")
    #expect(run.register(.status).map { Int($0) } == RegisterMap.statusError | RegisterMap.statusProgramCheck)
    #expect(run.register(.error) == UInt32(RegisterMap.ErrorCode.illegalInstruction.rawValue | 5 << 8))
    try expectRight(results, mapping, inputs, sample: 1)
  }

  @Test func aProgramWithoutHaltIsReported() throws {
    let mapping = try Digits.mapping(), inputs = try Digits.samples(1)[0].inputs
    let program = [UInt32](repeating: Instruction.set(.at(\.feed.padByte), 1).word, count: mapping.hardware.programWords)
    var job = Job()
    load(&job, mapping, program: program)
    addRun(&job, mapping, inputs, sample: 0)
    let run = try play(mapping, job).samples[0]
    #expect(run.finished)
    #expect(run.register(.error).map { Int($0 & 0xFF) } == RegisterMap.ErrorCode.programOverrun.rawValue)
  }

  @Test func writesBeyondTheMemoryAreNotDone() throws {
    let mapping = try Digits.mapping(), inputs = try Digits.samples(1)[0].inputs
    var program = mapping.program.map(\.instruction)
    let at = try #require(program.firstIndex { if case .set(.at(\.end.base), _) = $0 { true } else { false } })
    program[at] = .set(.at(\.end.base), mapping.hardware.featureBytes - 4)
    var job = Job()
    load(&job, mapping, program: Instruction.sealed(program.dropLast().map(\.word)))
    addRun(&job, mapping, inputs, sample: 0)
    load(&job, mapping)
    addRun(&job, mapping, inputs, sample: 1)
    let results = try play(mapping, job)
    #expect(results.samples[0].finished)
    #expect(results.samples[0].register(.error).map { Int($0 & 0xFF) } == RegisterMap.ErrorCode.writeOutOfRange.rawValue)
    try expectRight(results, mapping, inputs, sample: 1)
  }

  /// The first `set` of a register, with another value; the checksum is made right, so only the fence can notice.
  @Test(arguments: [
    (LayerField.at(\.feed.base), RegisterMap.ErrorCode.featureReadOutOfRange), (.at(\.addition.base), .featureReadOutOfRange),
    (.at(\.weights.base), .weightOutOfRange), (.at(\.end.parameterBase), .parameterOutOfRange), (.at(\.scalar.table), .tableOutOfRange),
  ]) func readsBeyondAMemoryAreErrors(_ field: LayerField, _ code: RegisterMap.ErrorCode) throws {
    let mapping = try Digits.mapping(), inputs = try Digits.samples(1)[0].inputs
    var words = mapping.program.dropLast().map(\.instruction)
    let value = field == .at(\.scalar.table) ? mapping.hardware.scalarTables : 1 << (field.width - 1)
    if let at = words.firstIndex(where: { if case .set(field, _) = $0 { true } else { false } }) {
      words[at] = .set(field, value)
    } else {
      // Never set because it is 0 everywhere.
      words.insert(.set(field, value), at: 0)
    }
    var job = Job()
    load(&job, mapping, program: Instruction.sealed(words.map(\.word)))
    addRun(&job, mapping, inputs, sample: 0)
    load(&job, mapping)
    addRun(&job, mapping, inputs, sample: 1)
    let results = try play(mapping, job), run = results.samples[0]
    #expect(run.finished)
    #expect(run.register(.status).map { Int($0) } == RegisterMap.statusError | RegisterMap.statusProgramCheck)
    #expect(run.register(.error).map { Int($0 & 0xFF) } == code.rawValue)
    try expectRight(results, mapping, inputs, sample: 1)
  }

  @Test func aRunEndsAtItsLimit() throws {
    let mapping = try Digits.mapping(), inputs = try Digits.samples(1)[0].inputs
    var job = Job()
    load(&job, mapping)
    for (sample, limit) in [mapping.predictedCycles, 100, 0].enumerated() {
      job.write(.limit, limit)
      addRun(&job, mapping, inputs, sample: sample)
    }
    let results = try play(mapping, job)
    try expectRight(results, mapping, inputs, sample: 0)
    #expect(results.samples[1].register(.error).map { Int($0 & 0xFF) } == RegisterMap.ErrorCode.runLimit.rawValue)
    #expect(results.samples[1].register(.cyclesLow) == 102)
    try expectRight(results, mapping, inputs, sample: 2)
  }

  @Test func aRunOfZerosEndsByItself() throws {
    // A layer whose registers were never set must not hang: it ends, or the watchdog says so.
    let mapping = try Digits.mapping(), inputs = try Digits.samples(1)[0].inputs
    var job = Job()
    load(&job, mapping, program: Instruction.sealed([Instruction.run(step: 0).word]))
    addRun(&job, mapping, inputs, sample: 0, limit: 200_000)
    load(&job, mapping)
    addRun(&job, mapping, inputs, sample: 1)
    let results = try play(mapping, job)
    #expect(results.samples[0].finished)
    #expect(
      results.samples[0].register(.error).map { Int($0 & 0xFF) } == RegisterMap.ErrorCode.illegalInstruction.rawValue)
    try expectRight(results, mapping, inputs, sample: 1)
  }

  @Test func windowsAreClosedWhileBusy() throws {
    let mapping = try Digits.mapping(), inputs = try Digits.samples(1)[0].inputs
    var job = Job()
    load(&job, mapping)
    job.mark(sample: 0)
    for (tensor, bytes) in zip(mapping.graph.inputs, inputs) { job.writeFeatures(mapping.address(of: tensor) ?? 0, bytes) }
    job.start()
    job.write(RegisterMap.Region.weights.base, 0)
    job.write(RegisterMap.Region.program.base, 0)
    job.write(RegisterMap.Region.features.base, 0)
    job.read(RegisterMap.Region.features.base, count: 1)
    job.wait(.interrupt, limit: 100_000)
    for register in [RegisterMap.Register.status, .error] { job.read(register) }
    for tensor in mapping.graph.outputs { job.readFeatures(mapping.address(of: tensor) ?? 0, count: mapping.graph.tensors[tensor].byteCount) }
    let results = try play(mapping, job)
    var run = results.samples[0]
    #expect(run.problems.count == 4 && run.problems.allSatisfy { $0.contains("SLVERR") }, "\(run.problems)")
    run.problems = []
    let golden = try GoldenModel(mapping.graph).run(inputs: inputs)
    let check = TensorCheck(mapping).check(run, golden: golden, expected: [:])
    #expect(check.mismatches == 0, "\(check.problems) \(check.first.map(\.description))")
  }
}
