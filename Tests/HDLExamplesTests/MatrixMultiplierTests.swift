import HDL
import HDLExamples
import Testing

@Test func matrixMultiplierMultiplies() throws {
  let size = 3
  let left = [[1, -2, 3], [127, -128, 0], [5, 6, -7]], right = [[2, 0, -128], [-1, 127, 4], [9, -8, 7]]
  let simulation = try Simulation(MatrixMultiplier(size: size))
  simulation.clear = true
  simulation.step(2 * size)
  simulation.clear = false
  // Row i and column j enter i and j cycles late.
  func packed(_ element: (Int) -> Int) -> Int { (0..<size).reduce(0) { $0 | (element($1) & 0xFF) << (8 * $1) } }
  for cycle in 0..<3 * size {
    simulation.left = packed { row in (0..<size).contains(cycle - row) ? left[row][cycle - row] : 0 }
    simulation.top = packed { column in (0..<size).contains(cycle - column) ? right[cycle - column][column] : 0 }
    simulation.step()
  }
  for row in 0..<size {
    for column in 0..<size {
      let expected = (0..<size).reduce(0) { $0 + left[row][$1] * right[$1][column] }
      let sum = try simulation.peek("cell_\(row)_\(column).sum")
      #expect(sum.int == expected)
    }
  }
}

@Test func matrixMultiplierVerilog() throws {
  try expectVerilog(
    MultiplyAccumulate(),
    """
    module multiply_accumulate (
      input  wire clock,
      input  wire reset,
      input  wire clear,
      input  wire signed [7:0] a,
      input  wire signed [7:0] b,
      output wire signed [7:0] a_next,
      output wire signed [7:0] b_next,
      output wire signed [23:0] sum
    );
      reg signed [7:0] a_held;
      reg signed [7:0] b_held;
      reg signed [23:0] total;

      wire signed [15:0] product = a * b;

      assign a_next = a_held;
      assign b_next = b_held;
      assign sum = total;

      always @(posedge clock) begin
        if (reset) begin
          a_held <= 8'sd0;
          b_held <= 8'sd0;
          total <= 24'sd0;
        end else begin
          total <= clear ? 24'sd0 : total + {{8{product[15]}}, product};
          a_held <= a;
          b_held <= b;
        end
      end
    endmodule

    """)
  try expectVerilog(
    MatrixMultiplier(size: 2),
    """
    module matrix_multiplier (
      input  wire clock,
      input  wire reset,
      input  wire clear,
      input  wire [15:0] left,
      input  wire [15:0] top,
      output wire [95:0] product
    );
      wire signed [7:0] cell_0_0_a_next;
      wire signed [7:0] cell_0_0_b_next;
      wire signed [7:0] cell_1_0_a_next;
      wire signed [7:0] cell_0_1_b_next;
      wire signed [23:0] cell_0_0_sum;
      wire signed [23:0] cell_0_1_sum;
      wire signed [23:0] cell_1_0_sum;
      wire signed [23:0] cell_1_1_sum;
      wire signed [7:0] unused_cell_0_1_a_next;
      wire signed [7:0] unused_cell_1_0_b_next;
      wire signed [7:0] unused_cell_1_1_a_next;
      wire signed [7:0] unused_cell_1_1_b_next;

      multiply_accumulate cell_0_0 (
        .clock(clock),
        .reset(reset),
        .clear(clear),
        .a(left[7:0]),
        .b(top[7:0]),
        .a_next(cell_0_0_a_next),
        .b_next(cell_0_0_b_next),
        .sum(cell_0_0_sum)
      );

      multiply_accumulate cell_0_1 (
        .clock(clock),
        .reset(reset),
        .clear(clear),
        .a(cell_0_0_a_next),
        .b(top[15:8]),
        .a_next(unused_cell_0_1_a_next),
        .b_next(cell_0_1_b_next),
        .sum(cell_0_1_sum)
      );

      multiply_accumulate cell_1_0 (
        .clock(clock),
        .reset(reset),
        .clear(clear),
        .a(left[15:8]),
        .b(cell_0_0_b_next),
        .a_next(cell_1_0_a_next),
        .b_next(unused_cell_1_0_b_next),
        .sum(cell_1_0_sum)
      );

      multiply_accumulate cell_1_1 (
        .clock(clock),
        .reset(reset),
        .clear(clear),
        .a(cell_1_0_a_next),
        .b(cell_0_1_b_next),
        .a_next(unused_cell_1_1_a_next),
        .b_next(unused_cell_1_1_b_next),
        .sum(cell_1_1_sum)
      );

      assign product = {cell_1_1_sum, cell_1_0_sum, cell_0_1_sum, cell_0_0_sum};
    endmodule

    """)
}
