import Machine
import Model
import Testing

@testable import Mapper

@Suite struct EndingTests {
  private func added() throws -> (Added, Int, Int) {
    var b = GraphBuilder()
    let x1 = b.input([1, 4]), x2 = b.input([1, 4])
    let y = b.sum(x1, x2, activation: .relu)
    let network = try Network(b.graph(outputs: [y]))
    return (try required(network.plans[0]?.ending.addition), x1, x2)
  }

  @Test func swappedTwiceIsTheSame() throws {
    let (added, x1, x2) = try added()
    #expect(added.otherTensor == x2)
    let swapped = added.swapped(first: x1)
    #expect(swapped.otherTensor == x1 && swapped.first == added.second && swapped.second == added.first)
    let back = swapped.swapped(first: x2)
    #expect(back.otherTensor == x2 && back.first == added.first && back.limits == added.limits && back.zero == added.zero)
  }

  @Test func onlyOneTail() throws {
    let (added, _, _) = try added()
    #expect(Ending().isOpen && Ending().addition == nil && Ending(limits: 0...5).isOpen)
    #expect(!Ending(tail: .addition(added)).isOpen && Ending(tail: .addition(added)).addition != nil)
    #expect(!Ending(tail: .table([], name: "TANH")).isOpen && Ending(tail: .table([], name: "TANH")).addition == nil)
    var constant = added
    constant.other = .constant([1])
    #expect(constant.otherTensor == nil)
  }
}
