/// Verilog identifiers for everything in one module.
///
/// Swift's camelCase becomes snake_case, keywords get a trailing underscore, and clashes a number.
/// Ports are named first, then the rest in the order of declaration, so names never depend on chance.
struct VerilogNames {
  /// The clock and reset ports of each domain.
  private(set) var clocks: [String] = []
  private(set) var resets: [String] = []
  private(set) var enables: [String] = []
  private(set) var signals: [String] = []
  private(set) var instances: [String] = []
  private(set) var memories: [String] = []
  /// The loop variable over each memory's lanes.
  private(set) var lanes: [String] = []
  /// The names of a state register's cases, by signal and encoding.
  private(set) var labels: [Int: [Int: String]] = [:]
  /// The number of a state register's enum, by signal.
  private(set) var enums: [Int: Int] = [:]
  /// The names of the enums' types, which only SystemVerilog has.
  private(set) var enumTypes: [String] = []
  /// Those of records, and their members from the least significant bits up.
  private(set) var structs: [Layout: Struct] = [:]
  /// The wires at outputs of instances that nothing reads, by instance and port.
  private(set) var unusedOutputs: [[Int: String]] = []
  private var used: Set<String> = []
  /// The last number that each name got.
  private var counts: [String: Int] = [:]

  init(_ graph: Graph, isRead: [Bool], _ dialect: VerilogDialect) {
    let domains = VerilogNames.domains(of: graph)
    (clocks, resets, enables) = (domains.map(\.clock), domains.map(\.reset), domains.map(\.enable))
    used = VerilogNames.taken(in: graph)
    signals = Array(repeating: "", count: graph.signals.count)
    for port in graph.ports { signals[port.signal] = claim(graph.signals[port.signal].name) }
    // A port may be called like its module: these names do not meet. Everything else steps aside, for the reader.
    used.insert(graph.name)
    for (index, signal) in graph.signals.enumerated() where signals[index].isEmpty {
      if signal.kind == .instanceOutput && !isRead[Int(signal.node)] { continue }
      signals[index] = claim(signal.name)
    }
    // A port of that name inside would hide the instance's, to linters at least.
    instances = graph.instances.map { claim($0.definition.portNames.contains(snakeCase($0.name)) ? "\($0.name)_unit" : $0.name) }
    for (record, name) in zip(graph.instances, instances) {
      var unused: [Int: String] = [:]
      for (port, output) in record.outputs.enumerated() where !record.definition.ports[port].isInput && !(output >= 0 && isRead[Int(output)]) {
        unused[port] = claim("unused_\(name)_\(record.definition.portNames[port])")
      }
      unusedOutputs.append(unused)
    }
    memories = graph.memories.map { claim($0.name) }
    lanes = graph.memories.map { claim("\($0.name)_lane") }
    nameEnums(graph, dialect)
    if dialect == .systemVerilog { nameStructs(graph) }
  }

  struct Struct {
    let type: String
    let members: [(name: String, low: Int, width: Int)]
  }
  private mutating func nameStructs(_ graph: Graph) {
    for layout in graph.signals.compactMap(\.layout) where structs[layout] == nil {
      guard let record = layout.record else { continue }
      var inner = VerilogNames(used: [])
      let members = layout.orderedMembers.map { (name: inner.claim($0.name), low: $0.low, width: $0.width) }
      let name = "\(type(of: record.base))".prefix { $0 != "<" }
      structs[layout] = Struct(type: claim("\(name)_t"), members: members)
    }
  }

  /// Signals of one enum share its names; those of the only one carry its own.
  private mutating func nameEnums(_ graph: Graph, _ dialect: VerilogDialect) {
    // Two enums of one name may have different cases.
    var numbers: [String: Int] = [:]
    for (index, signal) in graph.signals.enumerated() where !signal.labels.isEmpty {
      let key = "\(signal.labelType) \(signal.shape.width) \(signal.labels.map { "\($0.value) \($0.name)" })"
      enums[index] = numbers[key] ?? numbers.count
      numbers[key] = enums[index]
    }
    let members = Dictionary(grouping: enums.keys.sorted()) { enums[$0] ?? 0 }
    for (_, indices) in members.sorted(by: { $0.key < $1.key }) {
      let signal = graph.signals[indices[0]], prefix = indices.count == 1 ? signals[indices[0]] : signal.labelType
      let names = signal.labels.map { ($0.value, claim("\(prefix)_\($0.name)").uppercased()) }
      for index in indices { labels[index] = Dictionary(names, uniquingKeysWith: { first, _ in first }) }
      if dialect == .systemVerilog { enumTypes.append(claim("\(signal.labelType)_t")) }
    }
  }

  /// `wanted`, or the next free name like it.
  mutating func claim(_ wanted: String, capitals: Bool = false) -> String {
    let legal = VerilogNames.legal(snakeCase(wanted)), base = capitals ? legal.uppercased() : legal
    var name = base
    while !used.insert(name).inserted {
      counts[base, default: 0] += 1
      name = "\(base)_\(counts[base] ?? 0)"
    }
    return name
  }

  /// The Verilog name of port `index`: the same inside the module and at its instances.
  static func ports(of graph: Graph) -> [String] {
    var names = VerilogNames(used: taken(in: graph))
    return graph.ports.map { names.claim(graph.signals[$0.signal].name) }
  }
  private init(used: Set<String>) { self.used = used }
  private static func taken(in graph: Graph) -> Set<String> {
    Set(["unused"] + domains(of: graph).flatMap { [$0.clock, $0.reset, $0.enable] })
  }

  /// `clock` and `reset` for the default domain, `write_clock` and `write_reset` for another; a reset that is active low is
  /// `reset_n`. Where there is no enable, its name is empty.
  static func domains(of graph: Graph) -> [(clock: String, reset: String, enable: String)] {
    var used: Set<String> = []
    return graph.domains.enumerated().map { index, domain in
      let suffix = domain.properties.reset.isActiveLow ? "_n" : "", hasEnable = domain.properties.hasEnable
      if index == 0 { return ("clock", "reset\(suffix)", hasEnable ? "clock_enable" : "") }
      if !domain.hasPorts { return ("", "", "") }
      let base = legal(snakeCase(domain.name))
      var name = base
      var count = 0
      while !used.insert(name).inserted {
        count += 1
        name = "\(base)_\(count)"
      }
      return ("\(name)_clock", "\(name)_reset\(suffix)", hasEnable ? "\(name)_clock_enable" : "")
    }
  }

  /// `name` made acceptable to Verilog-2005, to SystemVerilog tools, and to Verilator's generated C++.
  static func legal(_ name: String) -> String {
    func isPlain(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) || (65...90).contains(byte) || byte == 95 }
    // Nearly all are as they should be.
    var result = name.utf8.allSatisfy(isPlain) ? name : String(decoding: name.utf8.map { isPlain($0) ? $0 : 95 }, as: UTF8.self)
    if (48...57).contains(result.utf8.first ?? 48) { result = "_" + result }
    return reserved.contains(result) ? result + "_" : result
  }

  /// Whether `name` may stand in Verilog as it is.
  static func isIdentifier(_ name: String) -> Bool {
    func isPlain(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (65...90).contains(byte) || byte == 95 }
    guard let first = name.utf8.first, isPlain(first) else { return false }
    return name.utf8.allSatisfy { isPlain($0) || (48...57).contains($0) || $0 == 36 } && !keywords.contains(name)
  }

  /// What no name of ours may be: the words of Verilog and SystemVerilog, those of C++, and the members of Verilator's class of a
  /// design, beside which its ports stand.
  private static let reserved = keywords.union(foreignWords)
  private static let keywords: Set<String> = Set(
    """
    always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config deassign default \
    defparam design disable edge else end endcase endconfig endfunction endgenerate endmodule endprimitive \
    endspecify endtable endtask event for force forever fork function generate genvar highz0 highz1 if ifnone \
    incdir include initial inout input instance integer join large liblist library localparam macromodule medium \
    module nand negedge nmos nor noshowcancelled not notif0 notif1 or output parameter pmos posedge primitive \
    pull0 pull1 pulldown pullup pulsestyle_onevent pulsestyle_ondetect rcmos real realtime reg release repeat \
    rnmos rpmos rtran rtranif0 rtranif1 scalared showcancelled signed small specify specparam strong0 strong1 \
    supply0 supply1 table task time tran tranif0 tranif1 tri tri0 tri1 triand trior trireg unsigned use uwire \
    vectored wait wand weak0 weak1 while wire wor xnor xor \
    accept_on alias always_comb always_ff always_latch assert assume before bind bins binsof bit break byte \
    chandle checker class clocking const constraint context continue cover covergroup coverpoint cross dist do \
    endchecker endclass endclocking endgroup endinterface endpackage endprogram endproperty endsequence enum \
    eventually expect export extends extern final first_match foreach forkjoin global iff ignore_bins illegal_bins \
    implements implies import inside int interconnect interface intersect join_any join_none let local logic \
    longint matches modport nettype new nexttime null package packed priority program property protected pure \
    rand randc randcase randsequence ref reject_on restrict return s_always s_eventually s_nexttime s_until \
    s_until_with sequence shortint shortreal soft solve static string strong struct super sync_accept_on \
    sync_reject_on tagged this throughout timeprecision timeunit type typedef union unique unique0 until \
    until_with untyped var virtual void wait_order weak wildcard with within
    """.split(separator: " ").map(String.init))
  private static let foreignWords: Set<String> = Set(
    """
    eval eval_step eval_end_step name trace threads contextp rootp \
    abort alignas alignof and_eq asm atomic_cancel atomic_commit atomic_noexcept auto bit_vector bitand bitor \
    bool catch cdecl char char16_t char32_t compl complex concept const_cast const_iterator constexpr \
    decltype delete deque double dynamic_cast explicit false far float friend goto huge inline int8_t \
    interrupt iterator list long mailbox map mutable namespace near noexcept not_eq nullptr operator pascal \
    private process public queue register reinterpret_cast requires sc_clock sc_in sc_inout sc_out sc_signal \
    semaphore sensitive sensitive_neg sensitive_pos set short sizeof stack static_assert static_cast switch \
    synchronized template thread_local throw transaction_safe transaction_safe_dynamic true try type_info \
    typeid typename uint16_t uint32_t uint8_t using vector volatile wchar_t xor_eq
    """.split(separator: " ").map(String.init))
}
