"""The measured array in Amaranth: `print N` writes its Verilog, `simulate N CYCLES` simulates it."""
import sys, time
from amaranth import *
from amaranth.back import verilog
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out
from amaranth.sim import Simulator
from operands import operands


class Cell(wiring.Component):
    a: In(signed(8))
    b: In(signed(8))
    clear: In(1)
    shift: In(1)
    above: In(signed(24))
    a_next: Out(signed(8))
    b_next: Out(signed(8))
    total: Out(signed(24))

    def elaborate(self, platform):
        m = Module()
        product = Signal(signed(16))
        m.d.comb += product.eq(self.a * self.b)
        m.d.sync += [self.a_next.eq(self.a), self.b_next.eq(self.b)]
        with m.If(self.shift):
            m.d.sync += self.total.eq(self.above)
        with m.Elif(self.clear):
            m.d.sync += self.total.eq(product)
        with m.Else():
            m.d.sync += self.total.eq(self.total + product)
        return m


class SystolicArray(wiring.Component):
    def __init__(self, size):
        self.size = size
        super().__init__({
            "clear": In(1), "shift": In(1), "a": In(8 * size), "b": In(8 * size), "total": Out(24 * size)})

    def elaborate(self, platform):
        m = Module()
        left = [self.a.word_select(i, 8).as_signed() for i in range(self.size)]
        top = [self.b.word_select(i, 8).as_signed() for i in range(self.size)]
        sums = [Const(0, signed(24))] * self.size
        for row in range(self.size):
            for column in range(self.size):
                cell = Cell()
                m.submodules[f"cell_{row}_{column}"] = cell
                m.d.comb += [
                    cell.a.eq(left[row]), cell.b.eq(top[column]), cell.clear.eq(self.clear), cell.shift.eq(self.shift),
                    cell.above.eq(sums[column])]
                left[row], top[column], sums[column] = cell.a_next, cell.b_next, cell.total
        m.d.comb += self.total.eq(Cat(*sums))
        return m


size = int(sys.argv[2])
array = SystolicArray(size)
if sys.argv[1] == "print":
    sys.stdout.write(verilog.convert(array))
else:
    cycles = int(sys.argv[3])

    async def bench(ctx):
        begin = time.perf_counter()
        for cycle, a, b in operands(size, cycles):
            ctx.set(array.clear, cycle % 64 == 0)
            ctx.set(array.shift, cycle % 64 >= 64 - size)
            ctx.set(array.a, a)
            ctx.set(array.b, b)
            await ctx.tick()
        seconds = time.perf_counter() - begin
        print(cycles / seconds, format(ctx.get(array.total), "x"))

    simulator = Simulator(array)
    simulator.add_clock(1e-6)
    simulator.add_testbench(bench)
    simulator.run()
