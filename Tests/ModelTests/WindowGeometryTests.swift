import Model
import Testing

@Suite struct WindowGeometryTests {
  @Test func sameSplitsThePaddingWithTheRestAfter() {
    let even = WindowGeometry(input: 8, filter: 3, stride: 1, padding: .same)
    #expect((even.output, even.before, even.after) == (8, 1, 1))
    let strided = WindowGeometry(input: 8, filter: 3, stride: 2, padding: .same)
    #expect((strided.output, strided.before, strided.after) == (4, 0, 1))
    let wide = WindowGeometry(input: 49, filter: 10, stride: 2, padding: .same)
    #expect((wide.output, wide.before, wide.after) == (25, 4, 5))
    let dilated = WindowGeometry(input: 7, filter: 3, stride: 1, dilation: 3, padding: .same)
    #expect((dilated.output, dilated.before, dilated.after) == (7, 3, 3))
    let sparse = WindowGeometry(input: 7, filter: 1, stride: 3, padding: .same)
    #expect((sparse.output, sparse.before, sparse.after) == (3, 0, 0))
  }

  @Test func validNeedsRoom() {
    #expect(WindowGeometry(input: 8, filter: 3, stride: 2, padding: .valid).output == 3)
    #expect(WindowGeometry(input: 3, filter: 3, padding: .valid).output == 1)
    #expect(WindowGeometry(input: 2, filter: 3, padding: .valid).output == 0)
    #expect(WindowGeometry(input: 8, filter: 3, dilation: 4, padding: .valid).output == 0)
  }

  /// The taps inside the image, counted one by one.
  @Test func tapsAreThoseInsideTheImage() {
    for input in 1...9 {
      for filter in 1...5 {
        for stride in 1...3 {
          for dilation in 1...3 {
            for padding in Padding.allCases {
              let geometry = WindowGeometry(
                input: input, filter: filter, stride: stride, dilation: dilation, padding: padding)
              for window in 0..<geometry.output {
                let inside = (0..<filter).filter {
                  (0..<input).contains(geometry.start(window) + $0 * dilation)
                }
                #expect(Array(geometry.taps(window)) == inside)
                if padding == .valid { #expect(inside.count == filter) }
              }
            }
          }
        }
      }
    }
  }

  @Test func largeSizesDoNotTrap() {
    let huge = WindowGeometry(input: 1, filter: 1 << 31, stride: 1 << 31, dilation: 1 << 31, padding: .same)
    #expect(huge.output == 1)
    #expect(WindowGeometry(input: 1 << 31, filter: 1 << 31, dilation: 1 << 31, padding: .valid).output == 0)
  }

  @Test func names() {
    #expect(Padding.allCases.map(\.description) == ["SAME", "VALID"])
  }
}
