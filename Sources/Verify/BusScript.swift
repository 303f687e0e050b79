// A sequence of accesses as commands for a test bench, with what must be seen of each.
//
// Every access has a mark of its own in the results, so its answer cannot be taken for another's.

import Emit
import Machine

/// Accesses played on a model and written down for a bench.
struct BusScript {
  private(set) var job = Job()
  private(set) var model: BusModel
  private var expectations: [Expectation] = []
  private let contents: [RegisterMap.Region: [UInt32]]

  /// What one mark must show.
  private struct Expectation {
    var what: String
    var isOkay = true
    /// Words that are read.
    var words: [(address: Int, data: UInt32, mask: UInt32)] = []
  }

  init(_ hardware: Hardware, contents: [RegisterMap.Region: [UInt32]]) {
    model = BusModel(hardware, contents: contents)
    self.contents = contents
  }

  /// Plays a sequence from a reset and full memories on, then looks at what is in one of them.
  mutating func play(_ accesses: [BusAccess], waitStates: (seed: Int, probability: Int), then view: BusView) {
    model = BusModel(model.hardware, contents: contents)
    job.waitStates(seed: 0, probability: 0)
    job.reset()
    for region in RegisterMap.Region.allCases {
      guard let words = contents[region], !words.isEmpty else { continue }
      mark("filling the \(region) window")
      job.load(MemoryImage(region: region, words: words))
    }
    job.waitStates(seed: UInt32(truncatingIfNeeded: waitStates.seed), probability: waitStates.probability)
    for access in accesses { add(access, "") }
    look(view)
  }

  private mutating func mark(_ what: String) {
    job.mark(sample: expectations.count)
    expectations.append(Expectation(what: what))
  }

  private mutating func write(_ address: Int, _ data: UInt32, strobe: Int, _ what: String) {
    let wasBusy = model.isBusy, isOkay = model.write(address, data, strobe: strobe)
    mark("\(what)\(BusAccess.write(address: address, data: data, strobe: strobe).description)")
    expectations[expectations.count - 1].isOkay = isOkay
    job.write(address, data, strobe: strobe)
    let starts =
      address & ~3 == RegisterMap.Register.control.address && strobe & 1 == 1
      && Int(data) & (RegisterMap.controlStart | RegisterMap.controlReset) == RegisterMap.controlStart
    if starts, !wasBusy, !model.isBusy { job.idle(cycles: model.hardware.programWords + 64) }
  }

  private mutating func write(_ register: RegisterMap.Register, _ value: Int, _ what: String) {
    write(register.address, UInt32(truncatingIfNeeded: value), strobe: 15, what)
  }

  private mutating func add(_ access: BusAccess, _ what: String) {
    switch access {
    case .write(let address, let data, let strobe): write(address, data, strobe: strobe, what)
    case .read(let address):
      let answer = model.read(address)
      mark("\(what)\(access.description)")
      expectations[expectations.count - 1].isOkay = answer.isOkay
      expectations[expectations.count - 1].words = [(address, answer.data, answer.mask)]
      job.read(address, count: 1)
    case .reset:
      model.reset()
      mark("\(what)reset")
      job.reset()
    case .run(let during, let end): run(during, end, what)
    }
  }

  private mutating func run(_ during: [BusAccess], _ end: BusAccess.Ending, _ what: String) {
    // The bytes that the program writes are there already, so it does not matter how far the program comes.
    let programs = BusPrograms(hardware: model.hardware), count = programs.endlessChannels
    let place = model.hardware.featureBytes - count
    let byte: UInt32 = 0x5A
    let program = programs.endless(place: place, byte: Int(byte))
    let base = RegisterMap.Region.program.base
    // From the end, where the program comes last.
    func fill(_ word: UInt32) {
      for at in stride(from: count - 4, through: 0, by: -4) {
        write(RegisterMap.Region.features.base + place + at, word, strobe: 15, what)
      }
    }
    for (index, word) in program.enumerated() { write(base + 4 * index, word, strobe: 15, what) }
    fill(byte * 0x0101_0101)
    write(.limit, end == .limit ? BusAccesses.leastLimit : 0, what)
    mark("\(what)start")
    expectations[expectations.count - 1].isOkay = model.write(
      RegisterMap.Register.control.address, UInt32(RegisterMap.controlStart), strobe: 15)
    job.start()
    for access in during { add(access, "\(what)while busy: ") }
    switch end {
    case .reset: write(.control, RegisterMap.controlReset, what)
    case .resetWithStart: write(.control, RegisterMap.controlReset | RegisterMap.controlStart, what)
    case .limit:
      job.wait(.polling, limit: 4 * BusAccesses.leastLimit)
      model.reachLimit()
    }
    // What the program had begun to write must not come any more.
    fill(~(byte * 0x0101_0101))
    job.idle(cycles: 2 * count)
    for at in stride(from: 0, to: count, by: 4) { add(.read(address: RegisterMap.Region.features.base + place + at), "after a run: ") }
    for register in [RegisterMap.Register.status, .error, .interruptStatus] { add(.read(address: register.address), "after a run: ") }
    write(.limit, -1, what)
    for (index, word) in program.enumerated() where Instruction(word: word).map({ if case .set = $0 { false } else { true } }) ?? true {
      write(base + 4 * index, 0, strobe: 15, what)
    }
  }

  /// Writes, runs and reads what a view says.
  private mutating func look(_ view: BusView) {
    let steps = view.steps(model)
    let what = "\(view): "
    for step in steps {
      for access in step.writes { add(access, what) }
      if let program = step.program {
        if !program.isEmpty {
          mark("\(what)loading a program")
          job.load(MemoryImage(region: .program, words: program))
        }
        write(.limit, 0, what)
        mark("\(what)a run that must end well")
        job.start()
        job.wait(.polling, limit: 200_000)
        expectations[expectations.count - 1].words = [
          (RegisterMap.Register.status.address, UInt32(RegisterMap.statusDone | RegisterMap.statusProgramCheck), .max),
          (RegisterMap.Register.error.address, 0, .max),
        ]
        job.read(.status)
        job.read(.error)
      }
      guard !step.expected.isEmpty else { continue }
      mark("\(what)reading bytes")
      let base = RegisterMap.Region.features.base + step.address
      job.readFeatures(step.address, count: step.expected.count)
      expectations[expectations.count - 1].words = stride(from: 0, to: step.expected.count, by: 4).map { at in
        let bytes = Array(step.expected[at..<min(at + 4, step.expected.count)])
        return (base + at, MemoryImages.words(littleEndian: bytes)[0], BusModel.bits(of: 1 << bytes.count - 1))
      }
    }
  }

  /// Words that were compared.
  var compared: Int { expectations.reduce(0) { $0 + $1.words.count } }
  /// Answers that were compared.
  var answers: Int { expectations.count }

  /// The first thing that was not as it must be; nil when all was.
  func firstDifference(_ results: SimulationResults) -> String? {
    func hex(_ value: UInt32) -> String { "0x" + String(value, radix: 16) }
    for (number, expectation) in expectations.enumerated() {
      guard results.samples.indices.contains(number) else {
        return "\(expectation.what): the simulation did not come to it; \(results.samples.last?.problems.last ?? "no reason")"
      }
      let run = results.samples[number]
      if let silent = run.problems.first(where: { !$0.contains("answered") }) { return "\(expectation.what): \(silent)" }
      if expectation.isOkay, let error = run.busErrors.first {
        return "\(expectation.what): answered with response \(error.response) at \(hex(UInt32(truncatingIfNeeded: error.address)))"
      }
      if !expectation.isOkay, run.busErrors.map(\.response) != [2] { return "\(expectation.what): answered OKAY, not SLVERR" }
      for word in expectation.words {
        guard let got = run.read[word.address] else { return "\(expectation.what): \(hex(UInt32(word.address))) was not read" }
        if (got ^ word.data) & word.mask != 0 {
          return "\(expectation.what): \(hex(UInt32(word.address))) reads \(hex(got & word.mask)), must be \(hex(word.data & word.mask))"
        }
      }
    }
    return nil
  }
}
