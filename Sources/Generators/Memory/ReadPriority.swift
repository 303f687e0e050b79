// The one read port of the feature memory, for several who read.
//
// Nobody waits. Whoever reads beside the feeder holds it off a cycle before, or reads while it is idle; the order decides
// only what is left after a stop: a request on its way gives way to a new one as a whole.

import HDL

/// Connects readers with the memory's read port: the first that asks, else the feeder.
/// - Parameter clients: in order of priority; each of them gets the first bytes of whatever is read.
func readPriority(_ clients: [Target<FeatureRead>], else feeder: Target<PlacedRead>, to memory: Initiator<PlacedRead>) {
  let isPlain = any(clients.map(\.enable)).named("readsPlain")
  memory.enable = isPlain | feeder.enable
  memory.address = clients.reversed().reduce(feeder.address) { select($1.enable, $1.address, $0) }
  memory.destination = select(isPlain, 0, feeder.destination)
  memory.low = select(isPlain, 0, feeder.low)
  memory.high = clients.reversed().reduce(feeder.high) { select($1.enable, $1.count, $0) }
  feeder.data = memory.data
  for client in clients { client.data = memory.data[0..<client.members.data.width] }
}
