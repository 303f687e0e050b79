import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct WindowShapeTests {
  /// What every output, by its byte, sees through every tap: the byte of a pixel, or nothing outside of the image.
  private func bytes(_ shape: WindowShape) -> [Int: [Int?]] {
    var result: [Int: [Int?]] = [:]
    for y in 0..<shape.outputHeight {
      for x in 0..<shape.outputWidth {
        var seen = [Int?](repeating: nil, count: shape.taps)
        for tapRow in 0..<shape.kernelHeight {
          for tapColumn in 0..<shape.kernelWidth {
            let row = y * shape.strideY - shape.padTop + tapRow * shape.dilationY
            let column = x * shape.strideX - shape.padLeft + tapColumn * shape.dilationX
            guard (0..<shape.inputHeight).contains(row), (0..<shape.inputWidth).contains(column) else { continue }
            seen[shape.tap(row: tapRow, column: tapColumn)] = row * shape.inputRowStep + column * shape.inputColumnStep
          }
        }
        result[y * shape.outputRowStep + x * shape.outputColumnStep] = seen
      }
    }
    return result
  }

  /// All views of a shape touch the same bytes, tap by tap, and so does it turned; some of its columns touch what they did.
  @Test func viewsSeeTheSame() {
    var random = SplitMix("views of windows"), several = 0
    for index in 0..<2000 {
      var window = Window(
        inputHeight: random.int(1...7), inputWidth: random.int(1...4), depth: random.int(1...3), outputHeight: random.int(1...5),
        outputWidth: random.int(1...3), kernelHeight: random.int(1...4), kernelWidth: random.int(1...4), strideY: random.int(1...3),
        strideX: random.int(1...3), dilationY: random.int(1...2), dilationX: random.int(1...2), padTop: random.int(-2...3),
        padLeft: random.int(0...1))
      if random.chance(50) { (window.outputWidth, window.padLeft, window.kernelWidth) = (1, 0, window.inputWidth) }
      let pixel = window.depth + (random.chance(30) ? 2 : 0)
      let shape = WindowShape(
        window: window, inputRowStep: pixel * window.inputWidth + (random.chance(30) ? 3 : 0), inputColumnStep: pixel, outputRowStep: 100,
        outputColumnStep: 7)
      let expected = bytes(shape)
      several += shape.views.count > 1 ? 1 : 0
      for view in shape.views + [shape.turned] where bytes(view) != expected { Issue.record("\(index): \(view) is no view of \(shape)") }
      let first = random.int(0...shape.outputWidth - 1), step = random.int(1...3)
      let some = bytes(shape.columns(first..<shape.outputWidth).columns(every: step))
      #expect(some.count == shape.outputHeight * dividedUp(shape.outputWidth - first, step))
      #expect(some.allSatisfy { $0.value == expected[$0.key + first * shape.outputColumnStep] }, "\(index)")
    }
    #expect(several > 200)
  }

  @Test func knownViews() {
    let column = WindowShape(
      window: Window(
        inputHeight: 9, inputWidth: 1, depth: 4, outputHeight: 7, outputWidth: 1, kernelHeight: 3, kernelWidth: 1, strideY: 2),
      inputRowStep: 6, inputColumnStep: 4, outputRowStep: 5, outputColumnStep: 5)
    #expect(column.views.map(\.kernelWidth) == [1, 3] && column.views[1].inputColumnStep == 6 && column.views[1].strideX == 2)
    let rows = WindowShape(
      window: Window(
        inputHeight: 9, inputWidth: 5, depth: 4, outputHeight: 7, outputWidth: 1, kernelHeight: 3, kernelWidth: 5),
      inputRowStep: 20, inputColumnStep: 4, outputRowStep: 5, outputColumnStep: 5)
    #expect(rows.views.map(\.kernelWidth) == [5, 15] && rows.views[1].strideX == 5 && rows.views[1].inputWidth == 45)
    var gaps = rows
    gaps.inputRowStep = 21
    #expect(gaps.views == [gaps])
  }

  @Test func denseRows() {
    var shape = WindowShape(
      window: Window(inputHeight: 2, inputWidth: 2, depth: 4, outputHeight: 1, outputWidth: 1, kernelHeight: 1, kernelWidth: 1),
      inputRowStep: 10, inputColumnStep: 5, outputRowStep: 0, outputColumnStep: 0)
    #expect(!shape.hasDenseRows)
    shape.inputWidth = 1
    #expect(shape.hasDenseRows)
    (shape.inputWidth, shape.inputColumnStep) = (2, 4)
    #expect(shape.hasDenseRows)
    shape.padTop = 3
    #expect(shape.baseOffset == -30)
  }
}
