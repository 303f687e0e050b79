import Testing

@testable import Mapper

@Suite struct ChannelGroupsTests {
  @Test func theLastGroupHasTheRest() {
    for (channels, size) in [(1, 4), (4, 4), (5, 4), (8, 4), (33, 16)] {
      let groups = ChannelGroups(channels, of: size)
      #expect(groups.size == min(size, channels) && groups.step == groups.size)
      #expect((groups.count - 1) * groups.size + groups.last == channels && (1...groups.size).contains(groups.last))
    }
    #expect(ChannelGroups(6, of: 2, step: 5).step == 5)
  }
}
