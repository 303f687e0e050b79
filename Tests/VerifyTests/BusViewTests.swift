import Machine
import Testing
@testable import Verify

@Suite struct BusViewTests {
  /// The shift and the kind of rounding have one byte; two outputs must tell each from all others.
  @Test func probesTellEveryShiftFromEveryOther() {
    let all = (1...62).flatMap { shift in [(shift, false)] + (shift > 31 ? [(shift, true)] : []) }
    for (shift, doubled) in all {
      let probes = [ShiftProbe(shift: shift, other: false), ShiftProbe(shift: shift, other: true)]
      func seen(_ shift: Int, _ doubled: Bool) -> [UInt8] { probes.map { $0.output(shift: shift, doubleRounding: doubled) } }
      let mine = seen(shift, doubled)
      for other in 1...62 {
        for rounding in [false, true] where (other, rounding) != (shift, doubled) {
          #expect(seen(other, rounding) != mine, "shift \(shift) \(doubled) looks like \(other) \(rounding)")
        }
      }
    }
  }

  @Test func viewsComeForWhatThereIs() throws {
    let hardware = try BusAccessesCampaign.hardware(try #require(Configuration.named("edge16")))
    #expect(BusView.all(hardware).count == 21 && Set(BusView.all(hardware)).count == 21)
    var less = hardware
    (less.scalarTables, less.byteTables, less.configuration.units.residual) = (0, 0, false)
    #expect(BusView.all(less).count == 14)
  }
}
