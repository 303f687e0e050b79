import HDL
import Machine
import Testing

@testable import Generators

/// The whole accelerator as a run is stopped.
@Suite struct StopTests {
  /// A host that reads the features all the time gets errors while the program runs, and never a wrong word: not in the cycle either in
  /// which the feeder's last request is still on its way. The limit stops the run at every phase of the reads.
  @Test func readsAroundAStopAreRight() throws {
    var layer = TinyAccelerator.addition
    // An entry is issued in almost every cycle, and what is written is not what is read.
    layer.mode = .columns
    (layer.feed.columns, layer.array.columns, layer.feed.xStep, layer.feed.firstX, layer.feed.padByte) = (500, 500, 0, 1, 0x55)
    (layer.end.channels, layer.end.lastChannels, layer.end.columnStep) = (1, 1, 0)
    let simulation = try TinyAccelerator(layer, residual: false).simulation
    let features = RegisterMap.Region.features.rawValue << 24
    var refused = 0, right = 0
    for limit in 100..<132 {
      _ = try simulation.sAxi.write(RegisterMap.Register.limit.address, limit)
      _ = try simulation.sAxi.write(RegisterMap.Register.control.address, RegisterMap.controlStart)
      for _ in 0..<60 {
        let read = try simulation.sAxi.read(features + 4)
        if read.response == .okay {
          try require(read.data, 0x0807_0605, "the word read as a run of \(limit) cycles stops")
          right += 1
        } else {
          refused += 1
        }
      }
      let error = try simulation.sAxi.read(RegisterMap.Register.error.address).data
      #expect(error & 0xFF == RegisterMap.ErrorCode.runLimit.rawValue)
    }
    #expect(refused > 200 && right > 200)
  }
}
