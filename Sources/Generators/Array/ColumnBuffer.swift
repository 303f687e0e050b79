// Column buffer: the last columns of the image, kept in C banks so that C neighbouring ones are read at once.
//
// Column X lies in bank X mod C. Neighbouring columns fall into different banks, so the C taps of a step come
// out together, whatever the window's first column; a small permutation brings them into the order of the
// weights. Entries of a column are the kernel rows. The ring is as deep as the banks; who may write and who may
// read is counted by the feeder and the array controller.

import HDL
import Machine

/// One bank: `depth` entries of one byte per element.
struct ColumnBank: Module {
  let depth: Int
  let width: Int
  var addressBits: Int { indexBits(depth) }
  @Input() var write: Bit
  @Input(\Self.addressBits) var writeAddress: Unsigned
  @Input(\Self.width) var writeData: Unsigned
  @Input() var read: Bit
  @Input(\Self.addressBits) var readAddress: Unsigned
  @Output(\Self.width) var readData: Unsigned

  var moduleName: String { "column_bank" }
  var documentation: String { "One bank of the column buffer." }

  func body() {
    let entries = Memory("entries", depth: depth, width: width)
    entries.write(at: writeAddress, writeData, when: write)
    readData = entries.read(at: readAddress, when: read)
  }
}

struct ColumnBuffer: Engine {
  let configuration: Configuration
  var tapsWidth: Int { 8 * configuration.elements * configuration.dotProduct }
  var columnWrite: ColumnWrite { ColumnWrite(configuration) }
  var columnRead: ColumnRead { ColumnRead(configuration) }
  let settings = Target(ConfigurationBus())
  /// The active registers are valid: start the layer.
  @Input() var begin: Bit
  let write = Target(\Self.columnWrite)
  let read = Target(\Self.columnRead)
  /// Byte vectors of the C columns in order, in the cycle after `read`.
  @Output(\Self.tapsWidth) var taps: Unsigned

  init(_ configuration: Configuration) { self.configuration = configuration }
  var moduleName: String { "column_buffer" }
  var documentation: String {
    let banks = configuration.dotProduct
    return "Column buffer: \(banks) banks of \(configuration.patchDepth) entries; \(banks) neighbouring columns a read."
  }

  func body() {
    let banks = configuration.dotProduct, depth = configuration.patchDepth, entryWidth = 8 * configuration.elements
    let bankBits = banks.log2, addressBits = indexBits(depth)
    let layer = LayerCopies(settings)
    let passSteps = layer[\.array.passSteps]
    let height = passSteps[0..<addressBits].named("height")
    // Where the next entry goes.
    let bank = Register<Unsigned>("bank", bankBits)
    let base = Register<Unsigned>("base", addressBits)
    let entry = Register<Unsigned>("entry", 16)
    let ends = (entry.value &+ 1 === passSteps).named("columnEnds")
    When(begin) {
      bank.value = 0; base.value = 0; entry.value = 0
    }.ElseWhen(write.enable) {
      When(ends) {
        entry.value = 0
        bank.value = bank.value &+ 1
        When(bank.value.allBitsSet) { base.value = base.value &+ height }
      }.Else {
        entry.value = entry.value &+ 1
      }
    }
    read.completed = write.enable & ends
    let writeAddress = (base.value &+ entry.value[0..<addressBits]).named("writeAddress")
    let nextEntry = (read.entry &+ height).named("nextEntry")
    var outputs: [Unsigned] = []
    for index in 0..<banks {
      let one = instance("bank\(index)", ColumnBank(depth: depth, width: entryWidth))
      one.$write = write.enable & (bank.value === Unsigned(index))
      one.$writeAddress = writeAddress
      one.$writeData = write.data
      one.$read = read.enable
      // Banks below the first column's hold the columns after the wrap.
      one.$readAddress = index == banks - 1 ? read.entry : select(read.bank > Unsigned(index), nextEntry, read.entry)
      outputs.append(one.$readData)
    }
    let first = delayed(read.bank, by: Timing.memoryRead, "first")
    taps = concatenate(outputs).rotatedRight(by: first, width: entryWidth)
  }
}
