import Model
import Testing

/// A file's bytes in the graph's order and sign.
@Suite struct FileFormTests {
  @Test func channelsMoveToTheEnd() {
    let form = FileForm(isChannelsFirst: true, isUnsigned: false)
    // Two images of two channels, one row of three.
    #expect(form.graphBytes(Array(0..<12), shape: [2, 1, 3, 2]) == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
    #expect(form.graphBytes([1, 2], shape: [2, 1, 3, 2]) == [1, 2])
  }

  @Test func bytesGetASign() {
    #expect(FileForm(isChannelsFirst: false, isUnsigned: true).graphBytes([0, 128, 255], shape: [3]) == [128, 0, 127])
  }
}
