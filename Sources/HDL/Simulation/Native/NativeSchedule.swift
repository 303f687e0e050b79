/// An order for the instructions of a program as straight-line code: each as close as possible before what reads it.
///
/// The interpreter wants like after like; a compiler wants values that live in processor registers, so here the order is
/// depth first. The code is cut into functions, because compilers need more than twice as long for twice as much. What is read in another
/// function, by an edge or by somebody outside goes through the array of words.
struct NativeSchedule {
  /// The instructions of each function, as positions in the program's code.
  private(set) var functions: [[Int]] = []
  /// The operation of each instruction.
  let opcodes: [Opcode]
  /// Whether the word in a slot has to be in the array when everything has settled.
  private(set) var isStored: [Bool]
  /// The function that computes a slot; -1 for constants, inputs and state.
  private(set) var function: [Int32]

  private static let mostInFunction = 1_000

  init(_ program: Program) {
    opcodes = program.batches.flatMap { Array(repeating: $0.opcode, count: $0.range.count) }
    isStored = Array(repeating: false, count: program.image.count)
    function = Array(repeating: -1, count: program.image.count)
    let roots = program.readElsewhere
    for slot in roots { isStored[Int(slot)] = true }
    schedule(program, roots)
    for (index, body) in functions.enumerated() {
      for position in body {
        let isIndexed = opcodes[position] == .choose && !NativeSchedule.isSwitch(program.code[position])
        for slot in program.operands(of: position, opcodes[position]) where function[Int(slot)] != Int32(index) || isIndexed {
          isStored[Int(slot)] = true
        }
      }
    }
  }

  /// Whether a table is small enough to be written as cases. Other entries are looked up in the array of words.
  static func isSwitch(_ choose: Instruction) -> Bool { choose.c < 8 }

  private mutating func schedule(_ program: Program, _ roots: [UInt32]) {
    var definition = [Int32](repeating: -1, count: program.image.count)
    for (position, instruction) in program.code.enumerated() { definition[Int(instruction.destination)] = Int32(truncatingIfNeeded: position) }
    var body: [Int] = []
    for root in roots {
      // Operands first, on an explicit stack: a slot comes again after those that it needs.
      var stack = [root]
      while let slot = stack.last {
        let position = Int(definition[Int(slot)])
        if position < 0 || function[Int(slot)] >= 0 {
          stack.removeLast()
          continue
        }
        let pending = program.operands(of: position, opcodes[position]).filter { definition[Int($0)] >= 0 && function[Int($0)] < 0 }
        if !pending.isEmpty {
          stack += pending
          continue
        }
        function[Int(slot)] = Int32(truncatingIfNeeded: functions.count)
        body.append(position)
        if body.count == NativeSchedule.mostInFunction {
          functions.append(body)
          body = []
        }
      }
    }
    if !body.isEmpty { functions.append(body) }
  }
}

extension Program {
  /// The slots that an instruction reads.
  func operands(of position: Int, _ opcode: Opcode) -> [UInt32] {
    let instruction = code[position]
    switch opcode {
    case .select: return [instruction.a, instruction.b, instruction.c]
    case .choose: return [instruction.a] + tables[Int(instruction.b)...Int(instruction.b + instruction.c)]
    case .load: return [instruction.a]
    default: return instruction.a == instruction.b ? [instruction.a] : [instruction.a, instruction.b]
    }
  }

  /// The slots that are read after everything has settled: by the edge, by properties and prints, and by whoever looks at a signal.
  var readElsewhere: [UInt32] {
    var slots = state.extents.indices.map { UInt32(truncatingIfNeeded: state.next + $0) }
    for memory in memories {
      for write in memory.writes { slots += [write.address] + write.data + (write.mask ?? []) + (write.enable.map { [$0] } ?? []) }
      for read in memory.reads { slots += [read.address] + (read.enable.map { [$0] } ?? []) }
    }
    for property in properties { slots += [property.condition] + (property.enable.map { [$0] } ?? []) }
    for print in prints { slots += print.values.joined() + (print.enable.map { [$0] } ?? []) }
    return slots + (clocks + resets).compactMap(\.self) + enables + observed
  }
}
