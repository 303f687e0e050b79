// A rectifier that only narrows the limits of the layer before it becomes these limits.

extension Network {
  mutating func narrowLimits() {
    let privateTensors = privateTensors
    var writers = writers
    for position in plans.indices {
      guard let plan = plans[position], let function = plan.function,
        case (let source, var producer)? = onlySource(of: plan.input, writers, privateTensors), producer.parts.allSatisfy(\.kernel.usesPostUnit),
        producer.isOpen || producer.ending.addition != nil
      else { continue }
      let limits = producer.ending.addition?.limits ?? producer.ending.limits
      let low = Int(function[limits.lowerBound + 128]), high = Int(function[limits.upperBound + 128])
      guard low <= high, limits.allSatisfy({ Int(function[$0 + 128]) == min(max($0, low), high) }) else { continue }
      if var addition = producer.ending.addition {
        addition.limits = low...high
        producer.ending.tail = .addition(addition)
      } else {
        producer.ending.limits = low...high
        producer.result = plan.output
        producer.function = producer.function?.map { min(max($0, Int8(low)), Int8(high)) }
      }
      producer.output = plan.output
      producer.nodes += plan.nodes
      plans[source] = producer
      plans[position] = nil
      writers[root(plan.output)] = source
    }
  }
}
