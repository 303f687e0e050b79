"""Makes directed golden vectors of int16 activations with TensorFlow Lite for Microcontrollers.

The models are those of generate.py with activations of int16, whose zero points are 0, and with biases of int64, of int32 where the
interpreter adds in 32 bits then, or without. Weights stay int8. What only a host computes is in directories named host_….

    pip install tflite_micro tflite flatbuffers numpy
    python generate_int16.py DIRECTORY [CASES-PER-OPERATOR] [SEED]
"""

import pathlib
import sys

import numpy as np
from tflite_micro.python.tflite_micro import runtime

import generate
from generate import INT8, INT16, INT32, Maker, Tensor, model_bytes, store

INT64 = 4
WEIGHTED = ["CONV_2D", "CONV_2D_GROUPED", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"]
HOST = ["SOFTMAX"]
ELEMENTWISE = ["ADD", "MUL"]
OPERATORS = WEIGHTED + ["MAX_POOL_2D"] + HOST + ["LOGISTIC", "TANH"] + ELEMENTWISE


class WideMaker(Maker):
    def words(self, shape):
        mode = self.i(0, 3)
        if mode == 0:
            return self.r.choice(np.array([-32768, 32767], np.int16), shape)
        if mode == 1:
            return self.r.integers(-300, 300, shape).astype(np.int16)
        return self.r.integers(-32768, 32768, shape).astype(np.int16)

    def sigmoid(self, output_scale, zero):
        tensors, options, inputs, outputs = super().sigmoid(1 / 32768, 0)
        tensors[0].scales = [np.float32(2.0 ** self.i(-18, -5) * self.pick(1, self.r.uniform(0.5, 1)))]
        return tensors, options, inputs, outputs

    def pair(self, options, steps, lowest):
        """Two tensors of one shape, or one twice, and an output that is `steps` of them; its multiplier is less than 1."""
        shape = (1, self.i(1, 5), self.i(1, 6), self.i(1, 7))
        scales = [self.scale(lowest, -3)] * 2
        is_twice = self.i(0, 3) == 0
        if not is_twice and self.i(0, 2):
            scales[1] = np.float32(float(scales[0]) * 2.0 ** self.i(-6, 6) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        sy = np.float32(steps(*map(float, scales)))
        tensors = [Tensor("x", shape, INT8, [scales[0]], [0]), Tensor("z", shape, INT8, [scales[1]], [0]), Tensor("y", shape, INT8, [sy], [0])]
        if is_twice:
            return [tensors[0], tensors[2]], options, [0, 0], [1]
        return tensors, options, [0, 1], [2]

    def ADD(self):
        return self.pair((11, [(0, "b", self.activation())]), lambda a, b: max(a, b) * 2.0 ** self.i(-3, 3) * self.pick(1, self.r.uniform(0.5, 1)), -16)

    def MUL(self):
        return self.pair((21, [(0, "b", self.activation())]), lambda a, b: a * b * 2.0 ** self.i(1, 18) * self.pick(1, self.r.uniform(0.6, 1)), -8)

    def SOFTMAX(self):
        tensors, options, inputs, outputs = super().SOFTMAX()
        tensors[0].scales = [np.float32(2.0 ** self.i(-16, -2) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))]
        tensors[1].scales = [1 / 32768]
        return tensors, options, inputs, outputs


def case(operator, maker):
    """Tensors, options, inputs and outputs of one model."""
    tensors, options, inputs, outputs = getattr(maker, operator)()
    if operator in WEIGHTED:
        weights = tensors[1]
        weights.zero_points = [0] * len(weights.scales)
        x, y = tensors[0], tensors[outputs[0]]
        if len(tensors) > 3:
            bias, kind = tensors[2], maker.pick(*(["int64", "int64", "int32", "none"] if "DEPTH" not in operator else ["int64", "none"]))
            wide = bias.data.astype(np.int64) * maker.pick(1, 256)
            bias.type, bias.data = (INT64, wide) if kind == "int64" else (INT32, wide.astype(np.int32))
            if kind == "none":
                tensors.pop(2)
                inputs, outputs = inputs[:2], [2]
        # Scales of int16 are smaller; a fused limit is then inside of the range more often.
        shrink = 2.0 ** -maker.i(0, 8)
        x.scales, y.scales = [np.float32(float(x.scales[0]) * shrink)], [np.float32(float(y.scales[0]) * shrink)]
        if len(tensors) > 3:
            tensors[2].scales = (np.float64(x.scales[0]) * np.array(weights.scales, np.float64)).astype(np.float32)
    for tensor in tensors:
        if tensor.type == INT8 and tensor.data is None:
            tensor.type, tensor.zero_points = INT16, [0]
    return tensors, options, inputs, outputs


def write(directory, operator, maker, samples=3):
    tensors, options, inputs, outputs = case(operator, maker)
    supplied = sorted({t for t in inputs if t >= 0 and tensors[t].data is None})
    raw = model_bytes(tensors, operator, options, inputs, outputs, supplied)
    interpreter = runtime.Interpreter.from_bytes(raw, arena_size=1 << 20)
    input_data, output_data = b"", b""
    for _ in range(samples):
        for position, tensor in enumerate(supplied):
            value = maker.words(tuple(tensors[tensor].shape))
            interpreter.set_input(value, position)
            input_data += value.tobytes()
        interpreter.invoke()
        output_data += interpreter.get_output(0).tobytes()
    store(directory, raw, tensors, supplied, outputs, input_data, output_data, samples, f"directed int16 {operator}", "tflm")


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    for number, operator in enumerate(OPERATORS):
        maker = WideMaker(seed * 1000 + number)
        for index in range(2 * cases if operator in WEIGHTED + ELEMENTWISE else cases):
            write(root / f"{'host_' if operator in HOST else ''}int16_{operator.lower()}_{index}", operator, maker)
