import HDL
import Testing

/// Names in a change dump are single words without a keyword's sign.

private struct Named: Module {
  @Input() var go: Bit
  @Output(3) var total: Unsigned
  func body() {
    let child = instance("kid $end", Counting())
    child.$go = go
    total = child.$total
  }
}
private struct Counting: Module {
  @Input() var go: Bit
  @Output(3) var total: Unsigned
  func body() {
    let count = Register<Unsigned>("count $var", 3)
    When(go) { count.value = count.value &+ 1 }
    total = (count.value ^ 5).named("$end µ\r\nx")
  }
}

@Test func namesInAChangeDump() throws {
  let text = try Simulation(Named()).record().vcd()
  #expect(
    text.hasPrefix(
      """
      $timescale 1ns $end
      $scope module named $end
      $var wire 1 ! clock $end
      $var wire 1 " reset $end
      $var wire 1 # go $end
      $var wire 3 $ total [2:0] $end
      $scope module kid__end $end
      $var wire 1 % go $end
      $var wire 3 & total [2:0] $end
      $var wire 3 ' count__var [2:0] $end
      $var wire 3 ( _end___x [2:0] $end
      $upscope $end
      $upscope $end
      $enddefinitions $end

      """))
}
