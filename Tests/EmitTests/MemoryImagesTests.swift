import Emit
import Machine
import Testing

@Suite struct MemoryImagesTests {
  @Test func hexReadsBack() {
    let words: [UInt32] = [0, 1, 0xDEAD_BEEF, .max]
    let image = MemoryImage(region: .program, words: words)
    #expect(String(decoding: image.hexBytes, as: UTF8.self) == "00000000\n00000001\ndeadbeef\nffffffff\n")
    #expect(MemoryImage.words(hexText: image.hexBytes) == words)
  }

  @Test(arguments: ["1234", "0000000g", "00000000 0", "+0000000"])
  func whatIsNoHexIsRefused(_ text: String) {
    #expect(MemoryImage.words(hexText: Array(text.utf8)) == nil)
  }

  @Test func theFourthParameterWordIsNotWritten() {
    let image = MemoryImage(region: .parameters, words: [1, 2, 3, 0, 4, 5, 6, 0])
    #expect(image.written == [1, 2, 3, 4, 5, 6])
  }

  @Test func bytesBecomeLittleEndianWords() {
    #expect(MemoryImages.words(littleEndian: [1, 2, 3, 4, 5]) == [0x0403_0201, 5])
  }

  @Test func theEmbeddedNetworkHasAllImages() throws {
    let mapping = try Digits.mapping()
    let images = MemoryImages(mapping)
    let program = try #require(images[.program]).words
    #expect(program == Instruction.sealed(Array(program.dropLast())))
    #expect(images[.weights]?.words.count == mapping.weights.count / 4)
    #expect(images[.parameters]?.words.count == mapping.parameters.count * 4)
    #expect(images[.scalarTables]?.words.count == 256)
  }
}
