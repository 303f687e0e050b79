// How windows become tiles, and which weights they meet.

/// The array's loops over a window.
public struct ArrayFields: Hashable, Sendable {
  public var columns, passes, passSteps, lastPassLanes: Int

  public init(columns: Int, passes: Int, passSteps: Int, lastPassLanes: Int) {
    (self.columns, self.passes, self.passSteps, self.lastPassLanes) = (columns, passes, passSteps, lastPassLanes)
  }
  public static let zero = ArrayFields(columns: 0, passes: 0, passSteps: 0, lastPassLanes: 0)

  static let table: [LayerField.Row] = [
    .init(\.array.columns, "loop.columns", 16, time: true, start: 1, "output columns"),
    .init(\.array.passes, "array.passes", 16, time: true, start: 1, "passes over a window"),
    .init(\.array.passSteps, "array.pass_steps", 16, time: true, start: 1, "steps of a pass; in column mode also the entries of a column"),
    .init(\.array.lastPassLanes, "array.last_pass_lanes", 8, "lanes of the dot product in use in the last pass; where elements are merged, of all that share an output"),
  ]
}

/// In column mode: which columns of the column buffer a window spans, and how it moves.
public struct WindowFields: Hashable, Sendable {
  public var columns, capacity, advance, advanceRows, rowAdvance, rowAdvanceRows: Int

  /// The fields that count entries of a bank follow: an advance of a columns over C banks is ⌊a / C⌋ · passSteps entries.
  public init(columns: Int, capacity: Int, advance: Int, rowAdvance: Int, passSteps: Int, dotProduct: Int) {
    (self.columns, self.capacity, self.advance, self.rowAdvance) = (columns, capacity, advance, rowAdvance)
    (advanceRows, rowAdvanceRows) = (advance / dotProduct * passSteps, rowAdvance / dotProduct * passSteps)
  }
  public static let zero = WindowFields(columns: 0, capacity: 0, advance: 0, rowAdvance: 0, passSteps: 1, dotProduct: 1)

  static let table: [LayerField.Row] = [
    .init(\.window.columns, "window.columns", 16, time: true, "columns a window spans"),
    .init(\.window.capacity, "window.capacity", 16, time: true, "columns the column buffer can hold"),
    .init(\.window.advance, "window.advance", 16, time: true, "columns from one output's window to the next's"),
    .init(\.window.advanceRows, "window.advance_rows", 16, "(advance / C) * pass_steps"),
    .init(\.window.rowAdvance, "window.row_advance", 16, time: true, "columns from the last window of an output row to the first of the next"),
    .init(\.window.rowAdvanceRows, "window.row_advance_rows", 16, "(row_advance / C) * pass_steps"),
  ]
}

/// Where the words of the weight memory lie that the array's steps take.
public struct WeightFields: Hashable, Sendable {
  public var base, step, groupStep: Int

  public init(base: Int, step: Int, groupStep: Int) { (self.base, self.step, self.groupStep) = (base, step, groupStep) }
  public static let zero = WeightFields(base: 0, step: 0, groupStep: 0)

  static let table: [LayerField.Row] = [
    .init(\.weights.base, "weight.base", 20, "word address of the first weight word"),
    .init(\.weights.step, "weight.step", 1, start: 1, "1: a word per step; 0: every step uses the same word"),
    .init(\.weights.groupStep, "weight.group_step", 20, "words per channel group"),
  ]
}
