import Testing

@testable import Machine

@Suite struct LayerFieldTests {
  /// Every field keeps what it is given and disturbs no other, also where two share a number.
  @Test func fieldsAreIndependent() {
    var fields = LayerFields.zero
    let values = LayerField.all.map { field in field.number % 2 == 0 ? field.range.upperBound : field.range.lowerBound }
    for field in LayerField.all { fields[field] = values[field.number] }
    for field in LayerField.all { #expect(fields[field] == values[field.number], "\(field.assemblyName)") }
    for field in LayerField.all.reversed() { fields[field] = 0 }
    #expect(fields == .zero)
  }

  /// Loops turn once where a program does not say how often, and every byte can be an output.
  @Test func programsStartWithWhatMostLayersHave() {
    #expect(LayerField.all.allSatisfy { $0.range.contains($0.start) && LayerFields.start[$0] == $0.start })
    let start = LayerFields.start
    #expect((start.feed.groups, start.feed.rows, start.feed.tapRows, start.array.columns, start.array.passes) == (1, 1, 1, 1, 1))
    #expect((start.weights.step, start.end.low, start.end.high, start.end.base, start.modeBits) == (1, -128, 127, 0, 0))
    // What programs rely on changes with it.
    #expect(MachineVersion.contract.contains { $0.hasSuffix("output.low 8 bits, signed, -128 at the start") })
  }

  @Test func twoRegistersMakeANumber() {
    var fields = LayerFields.zero
    for value in [0, 1, -1, 0x12_3456_789A, -0x12_3456_789A, 1 << 39 - 1, -(1 << 39)] {
      fields.addition.offset = value
      let (low, high) = (fields[.at(\.addition.offsetLow)], fields[.at(\.addition.offsetHigh)])
      fields.addition.offset = 0
      (fields[.at(\.addition.offsetHigh)], fields[.at(\.addition.offsetLow)]) = (high, low)
      #expect(fields.addition.offset == value)
    }
  }

  @Test func namesAreThoseOfSignals() {
    #expect(LayerField.at(\.feed.base).signalName == "inputBase")
    #expect(LayerField.at(\.feed.tapRowStep).signalName == "inputTapRowStep")
    #expect(Set(LayerField.all.map(\.signalName)).count == LayerField.all.count)
  }

  /// What a step's engines look at: no more than they need, and all of it.
  @Test func everyCommandReadsItsFields() {
    func names(_ command: Command, _ mode: LayerMode) -> [String] { LayerFields.read(by: command, mode).map(\.assemblyName) }
    let stream = names(.run, [])
    #expect(!stream.contains { $0.hasPrefix("window.") || $0.hasPrefix("residual.") || $0.hasPrefix("scalar.") || $0 == "output.table" })
    #expect(names(.run, .columns).filter { !stream.contains($0) }.allSatisfy { $0.hasPrefix("window.") })
    #expect(names(.run, .residual).count == stream.count + 12)
    #expect(names(.run, [.residual, .residualConstant]).count == stream.count + 11)
    let product = names(.run, [.residual, .product])
    #expect(product.filter { !names(.run, .residual).contains($0) } == ["residual.first_zero", "residual.second_zero"])
    #expect(names(.run, .product) == stream)
    #expect(names(.run, .table).filter { !stream.contains($0) } == ["output.table"])
    #expect(names(.softmax, []) == [
      "input.base", "loop.rows", "loop.columns", "output.base", "output.column_step", "residual.zero", "residual.low", "residual.high",
      "scalar.table",
    ])
    #expect(names(.add, []).count == names(.add, .residualConstant).count + 1)
    #expect(names(.int16, .int16Output).filter { !names(.int16, []).contains($0) } == ["output.int16_step"])
    #expect(names(.int16, []).filter { !names(.add, []).contains($0) } == [
      "output.int16_low", "output.int16_high", "scalar.rule", "scalar.first_step", "scalar.second_step", "scalar.second_multiplier_low",
      "scalar.second_multiplier_high", "scalar.second_shift",
    ])
    #expect(names(.halt, .all) == [])
  }
}
