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
  @Input var write: Bit
  @Input var writeAddress: Unsigned
  @Input var writeData: Unsigned
  @Input var read: Bit
  @Input var readAddress: Unsigned
  @Output var readData: Unsigned

  init(depth: Int, width: Int) {
    (self.depth, self.width) = (depth, width)
    let bits = indexBits(depth)
    _write = Input(); _writeAddress = Input(bits); _writeData = Input(width)
    _read = Input(); _readAddress = Input(bits); _readData = Output(width)
  }
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
  let settings = Target(ConfigurationBus())
  /// The active registers are valid: start the layer.
  @Input var begin: Bit
  @Input var write: Bit
  @Input var writeData: Unsigned
  /// Columns whose last entry has arrived: high for one cycle each.
  @Output var completed: Bit
  @Input var read: Bit
  /// First column modulo C, address of its entry in its bank, entries of a column.
  @Input var readBank: Unsigned
  @Input var readEntry: Unsigned
  /// Byte vectors of the C columns in order, in the next cycle.
  @Output var taps: Unsigned

  init(_ c: Configuration) {
    (banks, depth, elements) = (c.dotProduct, c.patchDepth, c.elements)
    _begin = Input();
    _write = Input(); _writeData = Input(8 * c.elements); _completed = Output()
    _read = Input(); _readBank = Input(log2(c.dotProduct)); _readEntry = Input(indexBits(c.patchDepth))
    _taps = Output(8 * c.elements * c.dotProduct)
  }
  var moduleName: String { "column_buffer" }
  var documentation: String { "Column buffer: \(banks) banks of \(depth) entries; \(banks) neighbouring columns a read." }

  func body() {
    let bits = indexBits(depth), bankBits = log2(banks)
    let passSteps = field(.passSteps)
    let height = passSteps[0..<bits].named("height")
    // Where the next entry goes.
    let bank = Register<Unsigned>("bank", bankBits)
    let base = Register<Unsigned>("base", bits)
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
    let writeAddress = (base.value &+ entry.value[0..<bits]).named("writeAddress")
    let nextEntry = (readEntry &+ height).named("nextEntry")
    var outputs: [Unsigned] = []
    for index in 0..<banks {
      let one = instance("bank\(index)", ColumnBank(depth: depth, width: 8 * elements))
      one.$write = write & (bank.value === constant(index, bankBits))
      one.$writeAddress = writeAddress
      one.$writeData = writeData
      one.$read = read
      // Banks below the first column's hold the columns after the wrap.
      one.$readAddress = index == banks - 1 ? readEntry : select(readBank > constant(index, bankBits), nextEntry, readEntry)
      outputs.append(one.$readData)
    }
    let first = delayed(readBank, by: 1, "first")
    taps = concatenate(outputs).rotatedRight(by: first, width: 8 * elements)
  }
}
