// Output channels, as many at a time as the array has elements for.

import Machine

/// The channels of a layer in groups of equal size, the last of which may be smaller.
struct ChannelGroups: Sendable, Hashable {
  /// Channels in all.
  let channels: Int
  /// Channels of a group.
  let size: Int
  /// Bytes from group to group in an output pixel.
  let step: Int

  /// - Parameter step: nil: groups lie back to back.
  init(_ channels: Int, of size: Int, step: Int? = nil) {
    self.channels = channels
    self.size = min(size, channels)
    self.step = step ?? self.size
  }

  var count: Int { dividedUp(channels, size) }
  /// Channels of the last group.
  var last: Int { channels - (count - 1) * size }
}
