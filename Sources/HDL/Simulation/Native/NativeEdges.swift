/// The clock edges of a program as C; see `NativeSource` for the functions.
struct NativeEdges {
  private let program: Program
  private(set) var text = ""

  init(_ program: Program) {
    self.program = program
    guard program.hasPlainEdges else {
      text = """
        int weft_edge(u64 *w, u64 *m, const _Bool *held, u64 ticks) { return 0; }
        long weft_cycles(u64 *w, u64 *m, const _Bool *held, u64 ticks, long count) { weft_settle(w, m); return 0; }

        """
      return
    }
    for index in program.memories.indices { append(memory: index) }
    appendProperties()
    appendState()
    let reads = program.memories.indices.map { "d\($0)(w, ticks)" }, ports = program.memories.indices.map { "  m\($0)(w, m, ticks);\n" }
    text += """
      static int is_defined(const u64 *w, u64 ticks) { return \((["1"] + reads).joined(separator: " && ")); }
      static void take(u64 *w, u64 *m, const _Bool *held, u64 ticks) {
      \(ports.joined())  become(w, held, ticks);
      }
      int weft_edge(u64 *w, u64 *m, const _Bool *held, u64 ticks) {
        if (!is_defined(w, ticks)) return 0;
        take(w, m, held, ticks);
        return 1;
      }
      long weft_cycles(u64 *w, u64 *m, const _Bool *held, u64 ticks, long count) {
        for (long i = 0; i < count; i++) {
          weft_settle(w, m);
          if (has_news(w, held, ticks) || !is_defined(w, ticks)) return i;
          take(w, m, held, ticks);
        }
        return count;
      }

      """
  }

  private func isTicking(_ tick: Int) -> String { "(ticks >> \(tick) & 1)" }
  private func isEnabled(_ tick: Int) -> String {
    let all = [isTicking(tick)] + program.ticks[tick].enables.map { "w[\(program.enables[$0])] != 0" }
    return all.count == 1 ? all[0] : "(\(all.joined(separator: " && ")))"
  }
  private func isActive(_ reset: Int) -> String { "(held[\(reset)]" + (program.resets[reset].map { " || w[\($0)]" } ?? "") + ")" }

  // MARK: memories

  private func writes(_ write: MemoryLayout.Write) -> String {
    let mask = write.mask.map { " && (\($0.map { "w[\($0)]" }.joined(separator: " | ")))" } ?? ""
    return isEnabled(write.tick) + (write.enable.map { " && w[\($0)]" } ?? "") + mask
  }
  private func reads(_ read: MemoryLayout.Read) -> String { isEnabled(read.tick) + (read.enable.map { " && w[\($0)]" } ?? "") }

  /// `d`: whether all reads have a defined result, and no word is written twice. `m`: what the ports do then.
  private mutating func append(memory index: Int) {
    let layout = program.memories[index], stride = layout.stride
    text += "static int d\(index)(const u64 *w, u64 ticks) {\n"
    for read in layout.reads {
      let collisions = layout.collision == .undefined ? layout.writes.map { " || (\(writes($0)) && w[\($0.address)] == w[\(read.address)])" } : []
      text += "  if (\(reads(read)) && (w[\(read.address)] >= \(layout.depth)ULL\(collisions.joined()))) return 0;\n"
    }
    for (number, write) in layout.writes.enumerated() {
      for other in layout.writes[..<number] where other.port != write.port {
        text += "  if (\(writes(write)) && \(writes(other)) && w[\(write.address)] == w[\(other.address)]) return 0;\n"
      }
    }
    text += "  return 1;\n}\nstatic void m\(index)(u64 *w, u64 *m, u64 ticks) {\n"
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

  /// `has_news`: whether a property is to be noted at these ticks.
  private mutating func appendProperties() {
    text += "static int has_news(const u64 *w, const _Bool *held, u64 ticks) {\n"
    for layout in program.properties {
      let condition = "\(layout.property.kind == .cover ? "" : "!")w[\(layout.condition)]"
      let enable = layout.enable.map { " && w[\($0)]" } ?? ""
      text += "  if (\(condition)\(enable) && \(isEnabled(layout.tick))\(layout.reset.map { " && !\(isActive($0))" } ?? "")) return 1;\n"
    }
    text += "  return 0;\n}\n"
  }

  // MARK: state

  /// `become`: the state becomes what it is next, or what reset makes of it.
  private mutating func appendState() {
    let state = program.state
    var tables = "", before = "", copies = "", resets = ""
    for (tick, range) in state.clocked.enumerated() where !range.isEmpty {
      // What has become is no condition any more.
      before += "  const int t\(tick) = \(isEnabled(tick));\n"
      copies += "  if (t\(tick)) __builtin_memcpy(w + \(state.current + range.lowerBound), w + \(state.next + range.lowerBound), \(8 * range.count));\n"
      let bySource = Dictionary(grouping: state.resets[tick], by: \.source)
      for (source, elements) in bySource.sorted(by: { $0.key < $1.key }) {
        let name = "\(tick)_\(source)"
        tables += "static const unsigned e\(name)[] = {\(elements.map { "\(state.current + $0.element)" }.joined(separator: ", "))};\n"
        tables += "static const u64 v\(name)[] = {\(elements.map { literal($0.value) }.joined(separator: ", "))};\n"
        before += "  const int r\(name) = \(isTicking(tick)) && \(isActive(source));\n"
        resets += "  if (r\(name)) for (int i = 0; i < \(elements.count); i++) w[e\(name)[i]] = v\(name)[i];\n"
      }
    }
    text += tables + "static void become(u64 *w, const _Bool *held, u64 ticks) {\n" + before + copies + resets + "}\n"
  }
}

extension Program {
  /// Whether `NativeEdges` knows all that an edge of this program does: at most 64 kinds of edges with their enables, resets that
  /// take effect at them, and memories that are read and written at them. The interpreter takes the edges of every other program.
  /// What happens between edges (made clocks, falling edges of a cycle, resets that act at once) and what is printed is up to
  /// `RunningDesign`, which then takes one edge at a time.
  ///
  /// Whatever an edge learns to do must be added to `NativeEdges` or left out here; `NativeSourceTests` notices it.
  var hasPlainEdges: Bool { ticks.count <= 64 }
}
