/// The clock edges of a program as C; see `NativeSource` for the functions.
struct NativeEdges {
  private let program: Program
  private(set) var text = ""

  init(_ program: Program) {
    self.program = program
    guard program.hasPlainEdges else {
      text = """
        int weft_edge(u64 *w, u64 *m, const _Bool *held, u64 clocks) { return 0; }
        long weft_cycles(u64 *w, u64 *m, const _Bool *held, u64 clocks, long count) { weft_settle(w); return 0; }

        """
      return
    }
    for index in program.memories.indices { append(memory: index) }
    appendProperties()
    appendState()
    let reads = program.memories.indices.map { "d\($0)(w, clocks)" }, ports = program.memories.indices.map { "  m\($0)(w, m, clocks);\n" }
    text += """
      static int is_defined(const u64 *w, u64 clocks) { return \((["1"] + reads).joined(separator: " && ")); }
      static void take(u64 *w, u64 *m, const _Bool *held, u64 clocks) {
      \(ports.joined())  become(w, held, clocks);
      }
      int weft_edge(u64 *w, u64 *m, const _Bool *held, u64 clocks) {
        if (!is_defined(w, clocks)) return 0;
        take(w, m, held, clocks);
        return 1;
      }
      long weft_cycles(u64 *w, u64 *m, const _Bool *held, u64 clocks, long count) {
        for (long i = 0; i < count; i++) {
          weft_settle(w);
          if (has_news(w, held, clocks) || !is_defined(w, clocks)) return i;
          take(w, m, held, clocks);
        }
        return count;
      }

      """
  }

  private func ticks(_ clock: Int) -> String { "(clocks >> \(clock) & 1)" }
  private func isActive(_ reset: Int) -> String { "(held[\(reset)]" + (program.resets[reset].map { " || w[\($0)]" } ?? "") + ")" }

  // MARK: memories

  private func writes(_ write: MemoryLayout.Write) -> String {
    let mask = write.mask.map { " && (\($0.map { "w[\($0)]" }.joined(separator: " | ")))" } ?? ""
    return ticks(write.clock) + (write.enable.map { " && w[\($0)]" } ?? "") + mask
  }
  private func reads(_ read: MemoryLayout.Read) -> String { ticks(read.clock) + (read.enable.map { " && w[\($0)]" } ?? "") }

  /// `d`: whether all reads have a defined result. `m`: what the ports do then.
  private mutating func append(memory index: Int) {
    let layout = program.memories[index], stride = layout.stride
    text += "static int d\(index)(const u64 *w, u64 clocks) {\n"
    for read in layout.reads {
      let collisions = layout.collision == .undefined ? layout.writes.map { " || (\(writes($0)) && w[\($0.address)] == w[\(read.address)])" } : []
      text += "  if (\(reads(read)) && (w[\(read.address)] >= \(layout.depth)ULL\(collisions.joined()))) return 0;\n"
    }
    text += "  return 1;\n}\nstatic void m\(index)(u64 *w, u64 *m, u64 clocks) {\n"
    for read in layout.reads {
      text += "  if (\(reads(read))) {\n    const u64 *s = m + \(layout.base) + w[\(read.address)] * \(stride);\n"
      for word in 0..<stride { text += "    w[\(read.target + word)] = s[\(word)];\n" }
      text += "  }\n"
    }
    for write in layout.writes {
      text += "  if (\(writes(write)) && w[\(write.address)] < \(layout.depth)ULL) {\n"
      text += "    u64 *t = m + \(layout.base) + w[\(write.address)] * \(stride);\n"
      for word in 0..<stride {
        let data = "w[\(write.data[word])]"
        let masked = write.mask.map { "(t[\(word)] & ~w[\($0[word])]) | (\(data) & w[\($0[word])])" }
        text += "    t[\(word)] = \(masked ?? data);\n"
      }
      text += "  }\n"
    }
    text += "}\n"
  }

  // MARK: properties

  /// `has_news`: whether a property is to be noted at an edge of these clocks.
  private mutating func appendProperties() {
    text += "static int has_news(const u64 *w, const _Bool *held, u64 clocks) {\n"
    for layout in program.properties {
      let condition = "\(layout.property.kind == .cover ? "" : "!")w[\(layout.condition)]"
      let enable = layout.enable.map { " && w[\($0)]" } ?? ""
      text += "  if (\(condition)\(enable) && \(ticks(layout.clock)) && !\(isActive(layout.reset))) return 1;\n"
    }
    text += "  return 0;\n}\n"
  }

  // MARK: state

  /// `become`: the state becomes what it is next, or what reset makes of it.
  private mutating func appendState() {
    let state = program.state
    var tables = "", before = "", copies = "", resets = ""
    for (clock, range) in state.clocked.enumerated() where !range.isEmpty {
      copies += "  if (\(ticks(clock))) __builtin_memcpy(w + \(state.current + range.lowerBound), w + \(state.next + range.lowerBound), \(8 * range.count));\n"
      let bySource = Dictionary(grouping: state.resets[clock], by: \.source)
      for (source, elements) in bySource.sorted(by: { $0.key < $1.key }) {
        let name = "\(clock)_\(source)"
        tables += "static const unsigned e\(name)[] = {\(elements.map { "\(state.current + $0.element)" }.joined(separator: ", "))};\n"
        tables += "static const u64 v\(name)[] = {\(elements.map { literal($0.value) }.joined(separator: ", "))};\n"
        before += "  const int r\(name) = \(ticks(clock)) && \(isActive(source));\n"
        resets += "  if (r\(name)) for (int i = 0; i < \(elements.count); i++) w[e\(name)[i]] = v\(name)[i];\n"
      }
    }
    text += tables + "static void become(u64 *w, const _Bool *held, u64 clocks) {\n" + before + copies + resets + "}\n"
  }
}

extension Program {
  /// Whether `NativeEdges` knows all that an edge of this program does: rising edges of at most 64 clocks, resets that take effect
  /// at them, and memories that are read and written at them. The interpreter takes the edges of every other program.
  ///
  /// Whatever an edge learns to do must be added to `NativeEdges` or left out here; `NativeSourceTests` notices it.
  var hasPlainEdges: Bool { clocks.count <= 64 }
}
