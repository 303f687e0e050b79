// A function of a byte moves into the layer that makes the byte, if nothing else is at its end.

extension Network {
  mutating func fuseTables() {
    let privateTensors = privateTensors
    var writers = writers
    for position in plans.indices {
      guard let plan = plans[position], plan.function != nil, case .table = plan.ending.tail,
        case (let source, var producer)? = onlySource(of: plan.input, writers, privateTensors), producer.isOpen
      else { continue }
      producer.ending.tail = plan.ending.tail
      producer.function = nil
      producer.output = plan.output
      producer.nodes += plan.nodes
      plans[source] = producer
      plans[position] = nil
      writers[root(plan.output)] = source
    }
  }
}
