// The array with its buffers and its controller: bytes of windows and weights go in, finished tiles come out.

import HDL
import Machine

struct ArrayUnit: Engine {
  let hardware: Hardware
  private var configuration: Configuration { hardware.configuration }
  var feedPorts: Feed { Feed(hardware.configuration) }
  var weightRead: MemoryRead { MemoryRead(depth: hardware.weightWords, width: 8 * hardware.configuration.weightWordBytes) }
  var tileDrain: TileDrain { TileDrain(accumulatorBits: hardware.accumulatorBits, lanes: hardware.configuration.postLanes) }
  let settings = Target(ConfigurationBus())
  let control = Target(LayerControl())
  let feed = Target(\Self.feedPorts)
  let weights = Initiator(\Self.weightRead)
  let drain = Initiator(\Self.tileDrain)
  let fault = Initiator(Fault())
  /// The array wanted to step and could not.
  @Output() var stalled: Bit
  /// A tile that is finished in this cycle was stopped on its way, and so were all that wait.
  @Input() var discardsTiles: Bit

  init(_ hardware: Hardware) { self.hardware = hardware }
  var moduleName: String { "array_unit" }
  var documentation: String { "The array of elements, the buffers before it and the controller of both." }

  func body() {
    let c = configuration, extensions = hardware.extensions
    let stream = instance("stream", StreamBuffer(c))
    let columns = instance("columns", ColumnBuffer(c))
    let controller = instance("controller", ArrayController(c, weightWords: hardware.weightWords, extensions: extensions))
    let elements = instance("elements", ElementArray(c, accumulatorBits: hardware.accumulatorBits, extensions: extensions))
    for listener in [columns.settings, controller.settings] { connect(settings, to: listener) }
    connect(control, to: controller.control)
    connect(controller.fault, to: fault)
    stalled = controller.$stalled

    connect(feed.stream, to: stream.write)
    connect(feed.columns, to: columns.write)
    stream.$clear = control.begin
    columns.$begin = control.begin
    connect(controller.stream, to: stream.read)
    connect(controller.columns, to: columns.read)
    feed.streamTaken = controller.stream.pop
    feed.release = controller.$release
    feed.releaseColumns = controller.$releaseColumns

    weights.enable = true
    weights.address = controller.$weightAddress
    connect(controller.steps, to: elements.steps)
    elements.$streamWords = stream.$words
    elements.$columnTaps = columns.$taps
    elements.$weights = weights.data
    elements.$discardsTiles = discardsTiles
    connect(elements.drain, to: drain)
    controller.$tileLeaves = configuration.hasTileQueue ? elements.drain.capture : false
  }
}
