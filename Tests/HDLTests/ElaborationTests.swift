import HDL
import Testing

@Test func everySampleDesignElaborates() throws {
  _ = try elaborate(Counter(width: 8))
  _ = try elaborate(Scratchpad(depth: 256, width: 64))
  _ = try elaborate(Sequencer())
  _ = try elaborate(StreamFIFO(depth: 16, width: 32))
  _ = try elaborate(ExampleUnit(lanes: 4))
}

@Test func equalModulesAreElaboratedOnce() throws {
  let design = try elaborate(SystolicArray(4))
  #expect(design.modules.map(\.name) == ["multiply_accumulate", "systolic_array"])
}
