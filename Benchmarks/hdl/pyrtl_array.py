"""The measured array in PyRTL: `print N` writes its Verilog, `simulate N CYCLES` simulates it, `compile N
CYCLES` simulates it as compiled C."""
import sys, time
import pyrtl
from operands import operands


def cell(a, b, clear, shift, above):
    """The operands for the neighbours, and the sum."""
    a_next, b_next = pyrtl.Register(8), pyrtl.Register(8)
    total = pyrtl.Register(24)
    product = pyrtl.signed_mult(a, b).sign_extended(24)
    a_next.next <<= a
    b_next.next <<= b
    total.next <<= pyrtl.select(shift, above, pyrtl.select(clear, product, (total + product)[:24]))
    return a_next, b_next, total


def array(size):
    clear, shift = pyrtl.Input(1, "clear"), pyrtl.Input(1, "shift")
    a, b = pyrtl.Input(8 * size, "a"), pyrtl.Input(8 * size, "b")
    out = pyrtl.Output(24 * size, "total")
    left = [a[8 * i:8 * i + 8] for i in range(size)]
    top = [b[8 * i:8 * i + 8] for i in range(size)]
    sums = [pyrtl.Const(0, 24)] * size
    for row in range(size):
        for column in range(size):
            left[row], top[column], sums[column] = cell(left[row], top[column], clear, shift, sums[column])
    out <<= pyrtl.concat_list(sums)


def inputs(cycle, a, b):
    return {"clear": int(cycle % 64 == 0), "shift": int(cycle % 64 >= 64 - size), "a": a, "b": b}


size = int(sys.argv[2])
array(size)
if sys.argv[1] == "print":
    pyrtl.output_to_verilog(sys.stdout)
else:
    cycles = int(sys.argv[3])
    begin = time.perf_counter()
    total = pyrtl.working_block().get_wirevector_by_name("total")
    trace = pyrtl.SimulationTrace(wires_to_track=[total])
    if sys.argv[1] == "simulate":
        simulation = pyrtl.FastSimulation(tracer=trace)
    else:
        simulation = pyrtl.CompiledSimulation(tracer=trace)
    preparing = time.perf_counter() - begin
    begin = time.perf_counter()
    if sys.argv[1] == "simulate":
        for cycle, a, b in operands(size, cycles):
            simulation.step(inputs(cycle, a, b))
    else:
        simulation.run([inputs(cycle, a, b) for cycle, a, b in operands(size, cycles)])
    seconds = time.perf_counter() - begin
    # The sums of the last cycle become visible in one more, whose operands do not matter.
    simulation.step(inputs(cycles, 0, 0))
    print(cycles / seconds, format(simulation.inspect("total"), "x"), preparing)
