import Model
import Testing

@Suite struct WindowGeometry2DTests {
  /// Copies a window and compares it with the definition.
  @Test(arguments: [1, 2, 3], [1, 2])
  func windowsAreCopiedWithTheirPadding(dilation: Int, stride: Int) {
    let depth = 2
    let geometry = WindowGeometry2D(
      rows: WindowGeometry(input: 4, filter: 3, stride: stride, dilation: dilation, padding: .same),
      columns: WindowGeometry(input: 5, filter: 2, stride: stride, dilation: dilation, padding: .same))
    let plane = (0..<40).map { Int8($0) }
    for row in 0..<geometry.rows.output {
      for column in 0..<geometry.columns.output {
        var expected: [Int8] = []
        for tapRow in 0..<3 {
          for tapColumn in 0..<2 {
            let y = geometry.rows.start(row) + tapRow * dilation
            let x = geometry.columns.start(column) + tapColumn * dilation
            let inside = (0..<4).contains(y) && (0..<5).contains(x)
            for channel in 0..<depth { expected.append(inside ? plane[(y * 5 + x) * depth + channel] : -99) }
          }
        }
        var copied = [Int8](repeating: 0, count: 12)
        copied.withUnsafeMutableBufferPointer { target in
          plane.withUnsafeBufferPointer { source in
            geometry.copyWindow(
              row: row, column: column, from: source.baseAddress!, depth: depth, padding: -99,
              to: target.baseAddress!)
          }
        }
        #expect(copied == expected)
      }
    }
  }
}
