/// A program as C, which a compiler makes machine code of.
///
/// There are three functions, over the arrays of an `Engine`:
/// - `weft_settle(words, memory)` does what `Engine.settle` does, for all words that anybody reads.
/// - `weft_edge(words, memory, held, ticks)` does what `Engine.edge` does; `ticks` are bits. It returns 0 and does nothing
///   if a read would have no defined result: noise is only made in the one place that makes it for the interpreter.
/// - `weft_cycles(words, memory, held, ticks, count)` settles and takes an edge, over and over. It stops, settled, before an edge
///   that has a property to note or that `weft_edge` would not take, and returns the edges that it took.
struct NativeSource {
  let program: Program
  let schedule: NativeSchedule
  private(set) var text: String

  /// The largest program that is compiled, which takes about 20 s. Beyond, code that is run through once in each cycle comes from
  /// memory, not from a cache, and is no faster than the interpreter.
  static let mostInstructions = 50_000

  init(_ program: Program) {
    self.program = program
    schedule = NativeSchedule(program)
    text = """
      typedef unsigned long long u64;
      typedef long long s64;
      typedef unsigned __int128 u128;
      typedef __int128 s128;
      static u64 noise(u64 seed, int unused) {
        u64 z = seed + 0x9E3779B97F4A7C15ULL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return (z ^ (z >> 31)) << unused >> unused;
      }

      """
    for index in schedule.functions.indices { append(function: index) }
    text += "void weft_settle(u64 *w, const u64 *m) {\n"
    for index in schedule.functions.indices { text += "  f\(index)(w, m);\n" }
    text += "}\n"
    text += NativeEdges(program).text
  }

  private mutating func append(function index: Int) {
    var tables = "", lines = ""
    for position in schedule.functions[index] {
      let slot = program.code[position].destination
      let value = schedule.opcodes[position] == .choose ? choice(position, in: index, &tables, &lines) : expression(position, in: index)
      lines += "  const u64 x\(slot) = \(value);\n"
      if schedule.isStored[Int(slot)] { lines += "  w[\(slot)] = x\(slot);\n" }
    }
    text += tables + "static __attribute__((noinline)) void f\(index)(u64 *restrict w, const u64 *restrict m) {\n" + lines + "}\n"
  }

  private func isConstant(_ slot: UInt32) -> Bool { Int(slot) < program.constantEnd }

  private func word(_ slot: UInt32, in function: Int) -> String {
    if isConstant(slot) { return literal(program.image[Int(slot)]) }
    return schedule.function[Int(slot)] == Int32(function) ? "x\(slot)" : "w[\(slot)]"
  }

  /// An entry of a table: of constants, by cases, or in the array.
  private func choice(_ position: Int, in function: Int, _ tables: inout String, _ lines: inout String) -> String {
    let instruction = program.code[position], slot = instruction.destination
    let entries = program.tables[Int(instruction.b)...Int(instruction.b + instruction.c)], last = entries.count - 1
    let index = word(instruction.a, in: function), bounded = "\(index) < \(last) ? \(index) : \(last)"
    if entries.allSatisfy(isConstant) {
      tables += "static const u64 t\(slot)[] = {\(entries.map { literal(program.image[Int($0)]) }.joined(separator: ", "))};\n"
      return "t\(slot)[\(bounded)]"
    }
    if !NativeSchedule.isSwitch(instruction) {
      tables += "static const unsigned t\(slot)[] = {\(entries.map { "\($0)" }.joined(separator: ", "))};\n"
      return "w[t\(slot)[\(bounded)]]"
    }
    lines += "  u64 c\(slot);\n  switch (\(index)) {\n"
    for (number, entry) in entries.enumerated() {
      lines += "  \(number == last ? "default" : "case \(number)"): c\(slot) = \(word(entry, in: function)); break;\n"
    }
    lines += "  }\n"
    return "c\(slot)"
  }

  /// The result of every operation but `choose`, as `Opcode.result` defines it.
  private func expression(_ position: Int, in function: Int) -> String {
    let instruction = program.code[position], opcode = schedule.opcodes[position]
    let a = word(instruction.a, in: function), b = opcode == .choose || opcode == .load ? "" : word(instruction.b, in: function), c = instruction.c
    let left = Shifts(packed: c).left, right = Shifts(packed: c).right
    func unsigned(_ value: String) -> String { "((\(value)) << \(c)) >> \(c)" }
    func signed(_ value: String) -> String { "(u64)((s64)((\(value)) << \(c)) >> \(c))" }
    switch opcode {
    case .move, .choose: return a
    case .add: return "\(a) + \(b)"
    case .subtract: return "\(a) - \(b)"
    case .multiply: return "\(a) * \(b)"
    case .addUnsigned: return unsigned("\(a) + \(b)")
    case .addSigned: return signed("\(a) + \(b)")
    case .subtractUnsigned: return unsigned("\(a) - \(b)")
    case .subtractSigned: return signed("\(a) - \(b)")
    case .multiplyUnsigned: return unsigned("\(a) * \(b)")
    case .multiplySigned: return signed("\(a) * \(b)")
    case .multiplyHighUnsigned: return "(u64)((u128)\(a) * \(b) >> 64)"
    case .multiplyHighSigned: return "(u64)((s128)(s64)\(a) * (s64)\(b) >> 64)"
    case .and: return "\(a) & \(b)"
    case .or: return "\(a) | \(b)"
    case .xor: return "\(a) ^ \(b)"
    case .equal: return "\(a) == \(b)"
    case .notEqual: return "\(a) != \(b)"
    case .lessUnsigned: return "\(a) < \(b)"
    case .lessSigned: return "(s64)\(a) < (s64)\(b)"
    case .lessOrEqualUnsigned: return "\(a) <= \(b)"
    case .lessOrEqualSigned: return "(s64)\(a) <= (s64)\(b)"
    case .extractUnsigned: return "(\(a) << \(left)) >> \(right)"
    case .extractSigned: return "(u64)((s64)(\(a) << \(left)) >> \(right))"
    case .funnel: return "(((\(a) >> \(right)) | (\(b) << \((64 &- right) & 63))) << \(left)) >> \(left)"
    case .insert: return "\(a) | ((\(b) << \(left)) >> \(right))"
    case .shiftLeftUnsigned: return "\(b) < 64 ? \(unsigned("\(a) << (\(b) & 63)")) : 0"
    case .shiftLeftSigned: return "\(b) < 64 ? \(signed("\(a) << (\(b) & 63)")) : 0"
    case .shiftRightUnsigned: return "\(b) < 64 ? \(a) >> (\(b) & 63) : 0"
    case .shiftRightSigned: return "(u64)((s64)\(a) >> (\(b) < 64 ? \(b) : 63))"
    case .parity: return "__builtin_parityll(\(a))"
    case .select: return "\(a) ? \(b) : \(word(c, in: function))"
    case .load:
      let layout = program.memories[Int(instruction.b)], unused = 64 - WordBits.extent(.unsigned(layout.width), Int(c)).bits
      let word = "m[\(layout.base + Int(c)) + \(a) * \(layout.stride)]"
      return "\(a) < \(layout.depth)ULL ? \(word) : noise(\(a) ^ \(literal(UInt64(instruction.b) << 32)), \(unused))"
    }
  }
}

/// A word as a constant of C.
func literal(_ word: UInt64) -> String { "0x\(String(word, radix: 16))ULL" }
