"""Makes directed golden vectors of operators with state with TensorFlow Lite for Microcontrollers.

The samples of a case are consecutive inferences without a reset between them. The output is the operator's alone: what the
interpreter keeps is seen by what comes out later.

    pip install tflite_micro tflite flatbuffers numpy
    python generate_states.py DIRECTORY [CASES-PER-OPERATOR] [SEED]
"""

import pathlib
import sys

import numpy as np
from tflite_micro.python.tflite_micro import runtime

import generate
from generate import INT8, INT16, INT32, Maker, Tensor, model_bytes, store

OPERATORS = {"SVDF": 27, "UNIDIRECTIONAL_SEQUENCE_LSTM": 44}
generate.OPERATORS |= OPERATORS


class StateMaker(Maker):
    def small(self, shape):
        """Weights that are small half of the time."""
        return (self.bytes(shape).astype(np.int16) // self.pick(1, 16)).astype(np.int8)

    def SVDF(self):
        rank, units, depth, time = self.pick(1, 1, 2, 3), self.i(1, 5), self.i(1, 20), self.pick(1, 2, self.i(3, 12))
        filters = rank * units
        sx, sw, st = self.scale(), self.scale(-9, -4), self.scale(-17, -12)
        ss = np.float32(float(sx) * float(sw) * 2.0 ** -self.i(0, 6) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        # Sums within 32 bits: beyond, the reference is not defined.
        limit = min(32767, int(2 ** 31 / (32768 * rank * time * 1.1)))
        times = self.r.integers(-limit, limit + 1, (filters, time)).astype(np.int16)
        product = float(ss) * float(st)
        exponent = int(np.log2(product)) + self.i(18, 23) + int(np.log2(limit)) - 15
        sy = np.float32(2.0 ** exponent * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        bias = self.r.integers(-2 ** 24, 2 ** 24, units).astype(np.int32)
        tensors = [
            Tensor("x", (1, depth), INT8, [sx], [self.zero()]),
            Tensor("features", (filters, depth), INT8, [sw], [0], 0, self.small((filters, depth))),
            Tensor("times", (filters, time), INT16, [st], [0], 0, times),
            Tensor("bias", (units,), INT32, [np.float32(product)], [0], 0, bias),
            Tensor("state", (1, filters * time), INT16, [ss], [0], variable=True),
            Tensor("y", (1, units), INT8, [sy], [self.zero()]),
        ]
        # Without a bias the interpreter ends in a fault.
        return tensors, (6, [(0, "i", rank), (1, "b", self.activation())]), [0, 1, 2, 3, 4], [5]

    def UNIDIRECTIONAL_SEQUENCE_LSTM(self):
        time, depth, units, outermost = self.i(1, 12), self.i(1, 9), self.i(1, 8), self.i(0, 1)
        shape = (lambda n: (time, 1, n) if outermost else (1, time, n))
        sx, sh = self.scale(-7, -3), self.pick(np.float32(1 / 128), np.float32(self.r.uniform(0.5, 1) / 128))
        sc = np.float32(2.0 ** -self.pick(9, 10, 11, 11, 12, 13, 15))
        zh = self.pick(0, 0, self.zero())
        tensors = [Tensor("x", shape(depth), INT8, [sx], [self.zero()])]
        scales = [self.scale(-9, -5) for _ in range(8)]
        for gate in range(8):
            shape_of = (units, depth if gate < 4 else units)
            tensors.append(Tensor(f"w{gate}", shape_of, INT8, [scales[gate]], [0], 0, self.small(shape_of)))
        for gate in range(4):
            product = np.float32(float(sx) * float(scales[gate]))
            bias = self.r.integers(-1, 2, units) * self.r.uniform(0, 4, units) / float(product)
            tensors.append(Tensor(f"b{gate}", (units,), INT32, [product], [0], 0, bias.astype(np.int32)))
        tensors += [
            Tensor("h", (1, units), INT8, [sh], [zh], variable=True),
            Tensor("c", (1, units), INT16, [sc], [0], variable=True),
            Tensor("y", shape(units), INT8, [sh], [zh]),
        ]
        clip = self.pick(0.0, 0.0, float(self.r.uniform(0.1, 4)), 2.0 ** self.i(-3, 3))
        inputs = list(range(9)) + [-1] * 3 + list(range(9, 13)) + [-1] * 2 + [13, 14] + [-1] * 4
        return tensors, (71, [(0, "b", 4), (1, "f", clip), (3, "b", outermost)]), inputs, [15]


def write(directory, operator, maker, samples=4):
    tensors, options, inputs, outputs = getattr(maker, operator)()
    raw = model_bytes(tensors, operator, options, inputs, outputs, [0])
    interpreter = runtime.Interpreter.from_bytes(raw, arena_size=1 << 20)
    input_data, output_data = b"", b""
    for _ in range(samples):
        value = maker.bytes(tuple(tensors[0].shape))
        interpreter.set_input(value, 0)
        interpreter.invoke()
        input_data += value.tobytes()
        output_data += interpreter.get_output(0).tobytes()
    store(directory, raw, tensors, [0], outputs, input_data, output_data, samples, f"directed {operator}", "tflm", stateful=True)


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    for number, operator in enumerate(OPERATORS):
        maker = StateMaker(seed * 1000 + number)
        for case in range(cases):
            write(root / f"{operator.lower()}_{case}", operator, maker)
