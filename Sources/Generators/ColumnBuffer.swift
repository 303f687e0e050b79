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
  let banks: Int
  let depth: Int
  let elements: Int
  var bankBits: Int { log2(banks) }
  var addressBits: Int { indexBits(depth) }
  var entryWidth: Int { 8 * elements }
  var tapsWidth: Int { entryWidth * banks }
  let settings = Target(ConfigurationBus())
  /// The active registers are valid: start the layer.
  @Input() var begin: Bit
  @Input() var write: Bit
  @Input(\Self.entryWidth) var writeData: Unsigned
  /// Columns whose last entry has arrived: high for one cycle each.
  @Output() var completed: Bit
  @Input() var read: Bit
  /// First column modulo C, address of its entry in its bank, entries of a column.
  @Input(\Self.bankBits) var readBank: Unsigned
  @Input(\Self.addressBits) var readEntry: Unsigned
  /// Byte vectors of the C columns in order, in the next cycle.
  @Output(\Self.tapsWidth) var taps: Unsigned

  init(_ c: Configuration) {
    (banks, depth, elements) = (c.dotProduct, c.patchDepth, c.elements)
  }
  var moduleName: String { "column_buffer" }
  var documentation: String { "Column buffer: \(banks) banks of \(depth) entries; \(banks) neighbouring columns a read." }

  func body() {
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
    }.ElseWhen(write) {
      When(ends) {
        entry.value = 0
        bank.value = bank.value &+ 1
        When(bank.value.allBitsSet) { base.value = base.value &+ height }
      }.Else {
        entry.value = entry.value &+ 1
      }
    }
    completed = write & ends
    let writeAddress = (base.value &+ entry.value[0..<addressBits]).named("writeAddress")
    let nextEntry = (readEntry &+ height).named("nextEntry")
    var outputs: [Unsigned] = []
    for index in 0..<banks {
      let one = instance("bank\(index)", ColumnBank(depth: depth, width: entryWidth))
      one.$write = write & (bank.value === constant(index, bankBits))
      one.$writeAddress = writeAddress
      one.$writeData = writeData
      one.$read = read
      // Banks below the first column's hold the columns after the wrap.
      one.$readAddress = index == banks - 1 ? readEntry : select(readBank > constant(index, bankBits), nextEntry, readEntry)
      outputs.append(one.$readData)
    }
    let first = delayed(readBank, by: Timing.memoryRead, "first")
    taps = concatenate(outputs).rotatedRight(by: first, width: entryWidth)
  }
}
