import HDL
import HDLExamples

/// All of the larger designs under one top, so that a simulator is built once for all of them. Each takes bits of `x`;
/// what says nothing (a payload without its `valid`) is shown as zeros.
struct DesignBench: Module {
  static let width = 342
  /// What three processors execute.
  let programs: [[Int]], data: [Int]
  @Input(Self.width) var x: Unsigned
  @Output(10) var gcd: Unsigned
  @Output(16) var filters: Unsigned
  @Output(11) var uart: Unsigned
  @Output(73) var sorter: Unsigned
  @Output(59) var packets: Unsigned
  @Output(57) var sdram: Unsigned
  @Output(218) var systolic: Unsigned
  @Output(195) var processors: Unsigned
  @Output(13) var queued: Unsigned
  /// Its outputs, in the order in which they are compared.
  static let outputs = ["gcd", "filters", "uart", "sorter", "packets", "sdram", "systolic", "processors", "queued"]

  init(programs: [[Int]], data: [Int]) { (self.programs, self.data) = (programs, data) }
  func body() {
    var next = 0
    func bits(_ count: Int) -> Unsigned {
      defer { next += count }
      return x[next..<next + count]
    }
    func bit() -> Bit { bits(1).asBit }

    let divisors = instance("divisors", GCD(width: 8))
    divisors.input.payload.a = bits(8)
    divisors.input.payload.b = bits(8)
    divisors.input.valid = bit()
    divisors.output.ready = bit()
    gcd = concatenate([divisors.input.ready, divisors.output.valid, divisors.output.payload])

    let general = instance("general", FIR(coefficients: [7, 0, 255, 1, 3])), written = instance("written", FIR4())
    let sample = bits(8)
    general.$x = sample
    written.$x = sample
    filters = concatenate([general.$y, written.$y])

    let loop = instance("loop", UARTLoop(divisor: 4))
    loop.input.payload = bits(8)
    loop.input.valid = bit()
    loop.output.ready = bit()
    uart = concatenate([loop.input.ready, loop.output.valid, loop.output.payload, loop.$framingError])

    let bitonic = instance("bitonic", BitonicSorter(count: 8, width: 8)), maximum = instance("maximum", Maximum(count: 5, width: 8))
    let numbers = Vector((0..<8).map { _ in bits(8) })
    bitonic.$values = numbers
    bitonic.$validIn = bit()
    maximum.$values = Vector(Array(numbers.elements.prefix(5)))
    sorter = concatenate([bitonic.$validOut, select(bitonic.$validOut, bitonic.$sorted.asUnsigned, 0), maximum.$largest])

    let arbiter = instance("arbiter", PacketArbiter(ports: 3, bytes: 4, depth: 16))
    for input in arbiter.inputs {
      input.payload.data = bits(32)
      input.payload.keep = bits(4)
      input.payload.user = bits(2)
      input.payload.last = bit()
      input.valid = bit()
    }
    arbiter.output.ready = bit()
    let beat = select(arbiter.output.valid, arbiter.output.payloadBits, 0)
    packets = concatenate([arbiter.inputs.map(\.ready), [arbiter.output.valid, beat, arbiter.$packets]].flatMap { $0 as [any Value] })

    let controller = instance("controller", SDRAMController(powerUp: 20, refresh: 50)), pins = controller.pins
    controller.request.payload.isWrite = bit()
    controller.request.payload.address = bits(24)
    controller.request.payload.data = bits(16)
    controller.request.valid = bit()
    controller.response.ready = bit()
    pins.dataIn = bits(16)
    let levels: [any Value] = [pins.cke, pins.csN, pins.rasN, pins.casN, pins.weN, pins.bank, pins.address, pins.dqm, pins.dataOut, pins.dataEnable]
    sdram = concatenate(levels + [controller.request.ready, controller.response.valid, controller.response.payload])

    let product = instance("product", SystolicProduct(n: 3))
    product.input.payload.left = bits(24)
    product.input.payload.top = bits(24)
    product.input.payload.last = bit()
    product.input.valid = bit()
    product.output.ready = bit()
    systolic = concatenate([product.input.ready, product.output.valid, product.output.payload])

    let cores = programs.enumerated().map { instance("core\($0)", RV32I(program: $1, data: data)) }
    processors = concatenate(cores.map { concatenate([$0.$programCounter, $0.$x10, $0.$trap]) })

    let line = instance("line", Queue(depth: 5, width: 8))
    line.input.payload = bits(8)
    line.input.valid = bit()
    line.output.ready = bit()
    queued = concatenate([line.input.ready, line.output.valid, line.$count, select(line.output.valid, line.output.payload, 0)])
    precondition(next == Self.width, "the inputs have \(next) bits")
  }
}
