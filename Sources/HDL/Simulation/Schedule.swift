/// An order for the instructions of a program: operands first, and like after like.
///
/// Consecutive instructions of one kind run in one tight loop, without a decision per instruction. So
/// whenever there is a choice, the kind with the most instructions whose operands are ready comes next,
/// and goes on as long as it finds more.
struct Schedule {
  /// The words that instructions compute, in order.
  private(set) var order: [Word] = []

  private let builder: WordBuilder
  private var isLive: [Bool]
  /// The operands of each word that are still to be computed.
  private var missing: [Int32]
  private var users: [[Int32]]
  private var ready: [[Int32]] = Array(repeating: [], count: Opcode.allCases.count)

  init(_ builder: WordBuilder, roots: [Word]) {
    self.builder = builder
    isLive = Array(repeating: false, count: builder.formulas.count)
    missing = Array(repeating: 0, count: builder.formulas.count)
    users = Array(repeating: [], count: builder.formulas.count)
    markLive(roots)
    countOperands()
    run()
  }

  private mutating func markLive(_ roots: [Word]) {
    var stack = roots
    while let word = stack.popLast() {
      if isLive[Int(word.index)] { continue }
      isLive[Int(word.index)] = true
      if let formula = builder.formulas[Int(word.index)] { stack += builder.operands(of: formula) }
    }
  }

  private mutating func countOperands() {
    for (index, formula) in builder.formulas.enumerated() where isLive[index] {
      guard let formula else { continue }
      for operand in builder.operands(of: formula) where builder.formulas[Int(operand.index)] != nil {
        missing[index] += 1
        users[Int(operand.index)].append(Int32(truncatingIfNeeded: index))
      }
      if missing[index] == 0 { ready[Int(formula.opcode.rawValue)].append(Int32(truncatingIfNeeded: index)) }
    }
  }

  private mutating func run() {
    while let kind = ready.indices.max(by: { ready[$0].count < ready[$1].count }), !ready[kind].isEmpty {
      var next = 0
      while next < ready[kind].count {
        let word = ready[kind][next]
        next += 1
        order.append(Word(index: word))
        for user in users[Int(word)] {
          missing[Int(user)] -= 1
          if missing[Int(user)] == 0, let formula = builder.formulas[Int(user)] { ready[Int(formula.opcode.rawValue)].append(user) }
        }
      }
      ready[kind].removeAll(keepingCapacity: true)
    }
  }
}

extension WordBuilder {
  func operands(of formula: Formula) -> [Word] {
    switch formula.opcode {
    case .select: return [formula.a, formula.b, Word(index: Int32(bitPattern: formula.c))]
    case .choose:
      let begin = Int(formula.b.index)
      return [formula.a] + tables[begin...begin + Int(formula.c)]
    case .load: return [formula.a]
    default: return formula.a == formula.b ? [formula.a] : [formula.a, formula.b]
    }
  }
}
