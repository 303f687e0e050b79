import Machine
import Testing
@testable import Verify

/// The model against sentences of docs/registers.md.
@Suite struct BusModelTests {
  /// The model where expectations can change it.
  private final class Model {
    private var model: BusModel
    init(_ model: BusModel) { self.model = model }
    var hardware: Hardware { model.hardware }
    var memories: [RegisterMap.Region: [UInt8]] { model.memories }
    func word(_ region: RegisterMap.Region, _ offset: Int) -> UInt32 { model.word(region, offset) }
    func write(_ address: Int, _ data: UInt32, strobe: Int) -> Bool { model.write(address, data, strobe: strobe) }
    func read(_ address: Int) -> BusModel.Answer { model.read(address) }
  }

  private func model() throws -> Model {
    let hardware = try BusAccessesCampaign.hardware(try #require(Configuration.named("edge16")))
    var source = BusAccesses(hardware, seed: 9)
    return Model(BusModel(hardware, contents: source.contents()))
  }

  @Test func lanesAreFixed() throws {
    let model = try model()
    let base = RegisterMap.Region.features.base
    for low in 0..<4 {
      let before = model.word(.features, 8)
      #expect(model.write(base + 8 + low, 0x4433_2211, strobe: 0b0100))
      #expect(model.word(.features, 8) == before & 0xFF00_FFFF | 0x0033_0000)
      #expect(model.read(base + 8 + low) == .init(isOkay: true, data: before & 0xFF00_FFFF | 0x0033_0000))
    }
  }

  @Test func nothingHappensBeyondAMemory() throws {
    let model = try model()
    for region in RegisterMap.Region.allCases where region != .registers {
      let size = model.hardware.windowBytes(of: region), before = model.memories
      #expect(size > 0 && model.memories[region]?.count == size)
      for offset in [size, size + 1, 2 * size, 1 << 20, 0xFF_FFFC] where offset >= size {
        #expect(!model.write(region.base + offset, .max, strobe: 15))
        #expect(model.read(region.base + offset) == .init(isOkay: false))
      }
      #expect(model.memories == before)
      #expect(model.write(region.base + size - 1, .max, strobe: 8) && model.read(region.base).isOkay == (region == .features))
    }
    #expect(!model.write(7 << 24, 0, strobe: 15) && !model.read(15 << 24).isOkay)
  }

  @Test func theHoleOfALaneTakesWritesAndForgetsThem() throws {
    let model = try model()
    let before = model.memories
    #expect(model.write(RegisterMap.Region.parameters.base + 12, .max, strobe: 15))
    #expect(model.memories == before)
  }

  @Test func aProgramOfSettingsRunsOffItsMemory() throws {
    let model = try model()
    for word in 0..<model.hardware.programWords { _ = model.write(RegisterMap.Region.program.base + 4 * word, 0x0100_0000, strobe: 15) }
    #expect(model.write(RegisterMap.Register.control.address, 1, strobe: 1))
    #expect(model.read(RegisterMap.Register.status.address).data == 12)
    #expect(model.read(RegisterMap.Register.error.address).data == UInt32(2 | (model.hardware.programWords - 1) << 8))
    #expect(model.read(RegisterMap.Register.interruptStatus.address).data == 2)
    _ = model.write(RegisterMap.Region.program.base + 20, 0xFF00_0000, strobe: 8)
    _ = model.write(RegisterMap.Register.control.address, 1, strobe: 1)
    #expect(model.read(RegisterMap.Register.error.address).data == 1 | 5 << 8)
    // A reset takes error and place, not the event.
    _ = model.write(RegisterMap.Register.control.address, 3, strobe: 1)
    #expect(model.read(RegisterMap.Register.status.address).data == 8 && model.read(RegisterMap.Register.error.address).data == 0)
    #expect(model.read(RegisterMap.Register.interruptStatus.address).data == 2)
    _ = model.write(RegisterMap.Register.interruptStatus.address, 2, strobe: 1)
    #expect(model.read(RegisterMap.Register.interruptStatus.address).data == 0)
  }

  @Test func windowsAreClosedWhileBusy() throws {
    let model = try model()
    let program = BusPrograms(hardware: model.hardware).endless(place: 0, byte: 1)
    for (index, word) in program.enumerated() { _ = model.write(RegisterMap.Region.program.base + 4 * index, word, strobe: 15) }
    _ = model.write(RegisterMap.Register.control.address, 1, strobe: 1)
    let before = model.memories
    #expect(model.read(RegisterMap.Register.status.address).data == 9)
    for region in RegisterMap.Region.allCases where region != .registers {
      #expect(!model.write(region.base, 0, strobe: 15) && !model.read(region.base).isOkay)
    }
    #expect(model.memories == before)
  }
}
