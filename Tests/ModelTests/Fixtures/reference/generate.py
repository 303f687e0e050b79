"""Makes directed golden vectors with TensorFlow Lite for Microcontrollers.

Each directory beside this file holds one single-operator model in the format accel-golden-1:
random shapes, zero points at the rails, and above all scales that are powers of two, because
only those make rounding ties. The outputs come from the tflite_micro package's interpreter.

    pip install tflite_micro tflite flatbuffers numpy
    python generate.py DIRECTORY [CASES-PER-OPERATOR] [SEED]
"""

import hashlib
import json
import pathlib
import sys

import flatbuffers
import numpy as np
import tflite
from tflite_micro.python.tflite_micro import runtime

OPERATORS = {
    "CONV_2D": 3, "DEPTHWISE_CONV_2D": 4, "FULLY_CONNECTED": 9, "ADD": 0, "MUL": 18, "AVERAGE_POOL_2D": 1,
    "MAX_POOL_2D": 17, "MEAN": 40, "PAD": 34, "SOFTMAX": 25, "RELU": 19, "LOGISTIC": 14, "TANH": 28,
    "HARD_SWISH": 117, "SUB": 41, "LEAKY_RELU": 98, "ABS": 101, "QUANTIZE": 114, "CONV_2D_GROUPED": 3, "TRANSPOSE_CONV": 67,
    "STRIDED_SLICE": 45, "RESIZE_NEAREST_NEIGHBOR": 97, "MIRROR_PAD": 100, "SPACE_TO_BATCH_ND": 38, "BATCH_TO_SPACE_ND": 37,
    "ADD_REPEATED": 0, "SUB_REPEATED": 41, "MUL_REPEATED": 18, "SQUARED_DIFFERENCE": 99,
    "MEAN_AXES": 40, "SUM": 74, "REDUCE_MAX": 82, "REDUCE_MIN": 89, "MAXIMUM": 55, "MINIMUM": 57, "PRELU": 54,
    "RESIZE_BILINEAR": 23, "ELU": 111, "RSQRT": 76, "BATCH_MATMUL": 126, "FULLY_CONNECTED_COMPUTED": 9,
}
INT8, INT16, INT32 = 9, 7, 2


class Tensor:
    def __init__(self, name, shape, type=INT8, scales=(), zero_points=(), dimension=0, data=None, variable=False):
        self.name, self.shape, self.type, self.variable = name, list(shape), type, variable
        self.scales, self.zero_points, self.dimension, self.data = scales, zero_points, dimension, data


def model_bytes(tensors, operator, options, inputs, outputs, graph_inputs):
    """A model of one operator as a TFLite flatbuffer. `options` is (type, slots) with (slot, kind, value)."""
    b = flatbuffers.Builder(1024)

    def vector(values, kind):
        size = {"i": 4, "f": 4, "q": 8, "o": 4, "B": 1}[kind]
        b.StartVector(size, len(values), size)
        for v in reversed(values):
            {"i": b.PrependInt32, "f": b.PrependFloat32, "q": b.PrependInt64, "o": b.PrependUOffsetTRelative,
             "B": b.PrependByte}[kind](v)
        return b.EndVector()

    def table(slots):
        b.StartObject(max([s for s, _, _ in slots], default=-1) + 1)
        for slot, kind, value in slots:
            {"o": lambda: b.PrependUOffsetTRelativeSlot(slot, value, 0), "i": lambda: b.PrependInt32Slot(slot, value, 0),
             "I": lambda: b.PrependUint32Slot(slot, value, 0), "b": lambda: b.PrependInt8Slot(slot, value, 0),
             "f": lambda: b.PrependFloat32Slot(slot, value, 0.0)}[kind]()
        return b.EndObject()

    buffers = [table([])]
    entries = []
    for t in tensors:
        buffer = 0
        if t.data is not None:
            raw = t.data.tobytes()
            b.StartVector(1, len(raw), 16)
            b.head = b.head - len(raw)
            b.Bytes[b.head:b.head + len(raw)] = raw
            buffer = len(buffers)
            buffers.append(table([(0, "o", b.EndVector())]))
        slots = [(0, "o", vector(t.shape, "i")), (1, "b", t.type), (2, "I", buffer), (3, "o", b.CreateString(t.name))]
        if len(t.scales):
            scales, zeros = vector([float(s) for s in t.scales], "f"), vector([int(z) for z in t.zero_points], "q")
            slots.append((4, "o", table([(2, "o", scales), (3, "o", zeros), (6, "i", t.dimension)])))
        if t.variable:
            slots.append((5, "b", 1))
        entries.append(table(slots))
    code = OPERATORS[operator]
    opcode = table([(0, "b", min(code, 127)), (3, "i", code), (2, "i", 1)])
    op = [(1, "o", vector(inputs, "i")), (2, "o", vector(outputs, "i"))]
    if options:
        op += [(3, "b", options[0]), (4, "o", table(options[1]))]
    op = table(op)
    graph = table([(0, "o", vector(entries, "o")), (1, "o", vector(graph_inputs, "i")),
                   (2, "o", vector(outputs, "i")), (3, "o", vector([op], "o")), (4, "o", b.CreateString("main"))])
    root = table([(0, "I", 3), (1, "o", vector([opcode], "o")), (2, "o", vector([graph], "o")),
                  (4, "o", vector(buffers, "o"))])
    b.Finish(root, file_identifier=b"TFL3")
    return bytes(b.Output())


class Maker:
    def __init__(self, seed):
        self.r = np.random.default_rng(seed)

    def i(self, low, high):
        return int(self.r.integers(low, high + 1))

    def pick(self, *values):
        return values[self.i(0, len(values) - 1)]

    def zero(self):
        return self.pick(-128, 127, 0, self.i(-128, 127))

    def scale(self, low=-8, high=0):
        """A power of two half of the time."""
        exponent = self.i(low, high)
        return np.float32(2.0 ** exponent) if self.i(0, 1) else np.float32(2.0 ** exponent * self.r.uniform(0.5, 1))

    def bytes(self, shape):
        mode = self.i(0, 3)
        if mode == 0:
            return self.r.choice(np.array([-128, 127], np.int8), shape)
        return self.r.integers(-128, 128, shape).astype(np.int8)

    def activation(self):
        return self.pick(0, 0, 1, 2, 3)

    def window(self, size):
        padding = self.pick(0, 1)
        k = self.i(1, min(5, size))
        dilation = self.i(1, 3) if (k - 1) * 3 + 1 <= size or padding == 0 else 1
        extent = (k - 1) * dilation + 1
        return k, self.i(1, 3), dilation, extent

    def spatial(self, padding, size, extent, stride):
        return -(-size // stride) if padding == 0 else (size - extent) // stride + 1

    def accumulating(self, channels, sx, sy_range, count):
        """Weight scales, output scale and biases of a layer that sums `count` products."""
        per_channel = self.i(0, 2) > 0
        sw = np.array([self.scale(-9, -2) for _ in range(channels if per_channel else 1)], np.float32)
        # Outputs that fill the range: steps of about the standard deviation of the sum divided by 40.
        typical = float(sx) * float(np.max(sw)) * 128 * 60 * np.sqrt(count) / 40
        exponent = int(np.round(np.log2(typical))) + self.i(*sy_range)
        sy = np.float32(2.0 ** exponent * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        limit = int(128 * 60 * np.sqrt(count)) * self.pick(1, 1, 4) + 1
        bias = self.r.integers(-limit, limit + 1, channels).astype(np.int32)
        return sw, sy, bias

    def CONV_2D(self, depthwise=False):
        n, h, w, c = self.pick(1, 1, 2), self.i(1, 9), self.i(1, 9), self.i(1, 9)
        padding = self.pick(0, 1)
        geometry = []
        for size in (h, w):
            k = self.i(1, min(5, size) if padding else 5)
            dilation = self.i(1, 3)
            if padding and (k - 1) * dilation + 1 > size:
                dilation = 1
            geometry.append((k, self.i(1, 3), dilation))
        (kh, stride_h, dil_h), (kw, stride_w, dil_w) = geometry
        oh = self.spatial(padding, h, (kh - 1) * dil_h + 1, stride_h)
        ow = self.spatial(padding, w, (kw - 1) * dil_w + 1, stride_w)
        multiplier = self.pick(1, 1, 2, 3) if depthwise else 0
        o = c * multiplier if depthwise else self.i(1, 9)
        sx = self.scale()
        sw, sy, bias = self.accumulating(o, sx, (-2, 2), kh * kw * (1 if depthwise else c))
        zx = self.zero()
        weights = self.bytes((1, kh, kw, o) if depthwise else (o, kh, kw, c))
        tensors = [
            Tensor("x", (n, h, w, c), INT8, [sx], [zx]),
            Tensor("w", weights.shape, INT8, sw, [0] * len(sw), 3 if depthwise and len(sw) > 1 else 0, weights),
            Tensor("b", (o,), INT32, (sx.astype(np.float64) * sw).astype(np.float32), [0] * len(sw), 0, bias),
            Tensor("y", (n, oh, ow, o), INT8, [sy], [self.zero()]),
        ]
        if depthwise:
            slots = [(0, "b", padding), (1, "i", stride_w), (2, "i", stride_h), (3, "i", multiplier),
                     (4, "b", self.activation()), (5, "i", dil_w), (6, "i", dil_h)]
            return tensors, (2, slots), [0, 1, 2], [3]
        slots = [(0, "b", padding), (1, "i", stride_w), (2, "i", stride_h), (3, "b", self.activation()),
                 (4, "i", dil_w), (5, "i", dil_h)]
        return tensors, (1, slots), [0, 1, 2], [3]

    def DEPTHWISE_CONV_2D(self):
        return self.CONV_2D(depthwise=True)

    def FULLY_CONNECTED(self):
        rows, c, o = self.pick(1, 3), self.i(1, 70), self.i(1, 12)
        sx = self.scale()
        sw, sy, bias = self.accumulating(o, sx, (-2, 2), c)
        weights = self.bytes((o, c))
        zero = 0
        if len(sw) == 1 and self.i(0, 3) == 0:
            zero = self.i(-3, 3)
            weights = np.clip(weights, -120, 120).astype(np.int8)
        tensors = [
            Tensor("x", (rows, c), INT8, [sx], [self.zero()]),
            Tensor("w", weights.shape, INT8, sw, [zero] * len(sw), 0, weights),
            Tensor("b", (o,), INT32, (sx.astype(np.float64) * sw).astype(np.float32), [0] * len(sw), 0, bias),
            Tensor("y", (rows, o), INT8, [sy], [self.zero()]),
        ]
        with_bias = self.i(0, 4) > 0
        if not with_bias:
            tensors.pop(2)
        return tensors, (8, [(0, "b", self.activation())]), [0, 1, 2] if with_bias else [0, 1, -1], \
            [3 if with_bias else 2]

    def elementwise(self, options, output_scale):
        shape = (1, self.i(1, 5), self.i(1, 6), self.i(1, 7))
        kind = self.pick("two", "two", "twice", "channel", "scalar")
        s1, s2 = self.scale(), self.scale()
        x = Tensor("x", shape, INT8, [s1], [self.zero()])
        if kind == "two":
            other = Tensor("x2", shape, INT8, [s2], [self.zero()])
        elif kind == "channel":
            other = Tensor("c", shape[3:], INT8, [s2], [self.zero()], data=self.bytes(shape[3:]))
        elif kind == "scalar":
            other = Tensor("c", (), INT8, [s2], [self.zero()], data=self.bytes(()))
        if kind == "twice":
            tensors, inputs = [x], [0, 0]
            s2 = s1
        else:
            tensors, inputs = [x, other], [0, 1] if self.i(0, 1) or kind == "two" else [1, 0]
        sy = output_scale(float(s1), float(s2))
        if options == 21 and self.i(0, 1):
            # A factor that is a tie's only when the product or the quotient is rounded to float32.
            s1, s2 = np.float32(self.r.uniform(0.001, 0.1)), np.float32(self.r.uniform(0.001, 0.1))
            sy = np.float32(float(s1) * float(s2) / self.pick(2.0 ** -6, 1.5 * 2.0 ** -7, 2.0 ** -8))
            x.scales = [s1]
            if kind != "twice":
                other.scales = [s2]
        tensors.append(Tensor("y", shape, INT8, [sy], [self.zero()]))
        return tensors, (options, [(0, "b", self.activation())]), inputs, [len(tensors) - 1]

    def ADD(self):
        return self.elementwise(11, lambda a, b: np.float32(
            2.0 ** (np.round(np.log2(max(a, b))) + self.i(-1, 2)) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1))))

    def SUB(self):
        tensors, (_, slots), inputs, outputs = self.ADD()
        return tensors, (28, slots), inputs, outputs

    def MUL(self):
        return self.elementwise(21, lambda a, b: np.float32(
            2.0 ** (np.round(np.log2(a * b)) + self.i(3, 8)) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1))))

    def repeated(self, operator):
        """Two computed tensors, one of which repeats along some dimensions, or misses the outer ones."""
        tensors, options, _, _ = getattr(self, operator)()
        shape = tensors[0].shape
        small = [size if self.i(0, 1) else 1 for size in shape]
        if self.i(0, 2) == 0:
            small = small[self.i(0, 3):]
        other = Tensor("x2", small, INT8, tensors[-2].scales, [self.zero()])
        return [tensors[0], other, tensors[-1]], options, [0, 1] if self.i(0, 1) else [1, 0], [2]

    def ADD_REPEATED(self):
        return self.repeated("ADD")

    def SUB_REPEATED(self):
        return self.repeated("SUB")

    def MUL_REPEATED(self):
        return self.repeated("MUL")

    def SQUARED_DIFFERENCE(self):
        tensors, _, inputs, outputs = self.ADD() if self.i(0, 1) else self.ADD_REPEATED()
        scale = max(float(tensors[i].scales[0]) for i in inputs)
        tensors[outputs[0]].scales = [np.float32(2.0 ** (np.round(2 * np.log2(scale)) + self.i(2, 8)) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))]
        return tensors, (76, []), inputs, outputs

    def pool(self):
        n, h, w, c = self.pick(1, 1, 2), self.i(1, 9), self.i(1, 9), self.i(1, 9)
        padding = self.pick(0, 1)
        kh, kw = self.i(1, h if padding else 6), self.i(1, w if padding else 6)
        sh, sw = self.i(1, 3), self.i(1, 3)
        scale, zero = self.scale(), self.zero()
        shape = (n, self.spatial(padding, h, kh, sh), self.spatial(padding, w, kw, sw), c)
        tensors = [Tensor("x", (n, h, w, c), INT8, [scale], [zero]), Tensor("y", shape, INT8, [scale], [zero])]
        return tensors, (5, [(0, "b", padding), (1, "i", sw), (2, "i", sh), (3, "i", kw), (4, "i", kh),
                             (5, "b", self.activation())]), [0], [1]

    AVERAGE_POOL_2D = pool
    MAX_POOL_2D = pool

    def MEAN(self):
        n, h, w, c = self.pick(1, 1, 2), self.i(1, 9), self.i(1, 9), self.i(1, 9)
        keep = self.i(0, 1)
        sx = self.scale()
        sy = np.float32(float(sx) * (2.0 ** self.i(-4, 1)) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        axes = np.array(self.pick([1, 2], [2, 1], [-3, -2]), np.int32)
        tensors = [Tensor("x", (n, h, w, c), INT8, [sx], [self.zero()]), Tensor("axes", (2,), INT32, data=axes),
                   Tensor("y", (n, 1, 1, c) if keep else (n, c), INT8, [sy], [self.zero()])]
        return tensors, (27, [(0, "b", keep)]), [0, 1], [2]

    def PAD(self):
        rank = self.i(1, 4)
        shape = [self.i(1, 4) for _ in range(rank)]
        amounts = self.r.integers(0, 4, (rank, 2)).astype(np.int32)
        scale, zero = self.scale(), self.zero()
        tensors = [Tensor("x", shape, INT8, [scale], [zero]), Tensor("p", (rank, 2), INT32, data=amounts),
                   Tensor("y", [int(s + a + b) for s, (a, b) in zip(shape, amounts)], INT8, [scale], [zero])]
        return tensors, (22, []), [0, 1], [2]

    def SOFTMAX(self):
        shape = [self.i(1, 4), self.pick(1, 2, 3, 10, 12, 37, 100, self.i(1, 300))]
        scale = np.float32(2.0 ** self.i(-12, 4) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        beta = self.pick(1.0, 1.0, 0.5, 2.0, float(np.float32(self.r.uniform(0.1, 3))))
        tensors = [Tensor("x", shape, INT8, [scale], [self.zero()]), Tensor("y", shape, INT8, [1 / 256], [-128])]
        return tensors, (9, [(0, "f", beta)]), [0], [1]

    def tie_quotient(self):
        """Scales whose quotient makes ties, exactly or, more telling, only after rounding to float32."""
        sy = self.scale()
        if self.i(0, 2) == 0:
            return np.float32(float(sy) * self.r.uniform(0.3, 3)), sy
        while True:
            sy = np.float32(self.r.uniform(0.001, 0.1))
            ratio = self.pick(0.5, 1.5, 0.75, 1.25, 0.625, 2.5)
            sx = np.float32(float(sy) * ratio)
            if float(sx / sy) == ratio and float(sx) / float(sy) != ratio:
                return sx, sy

    def RELU(self):
        shape = (1, self.i(1, 4), self.i(8, 16), self.i(8, 16))
        sx, sy = self.tie_quotient()
        return [Tensor("x", shape, INT8, [sx], [self.zero()]), Tensor("y", shape, INT8, [sy], [self.zero()])], None, \
            [0], [1]

    ABS = RELU
    QUANTIZE = RELU

    def LEAKY_RELU(self):
        tensors, _, inputs, outputs = self.RELU()
        return tensors, (75, [(0, "f", self.pick(0.0, 0.1, 0.25, 0.5, 1.5, float(self.r.uniform(0, 1))))]), inputs, outputs

    def CONV_2D_GROUPED(self):
        groups, depth, h, w = self.i(2, 4), self.i(1, 4), self.i(1, 6), self.i(1, 6)
        o, kh, kw = groups * self.i(1, 3), self.i(1, 3), self.i(1, 3)
        sx = self.scale()
        sw, sy, bias = self.accumulating(o, sx, (-2, 2), kh * kw * depth)
        weights = self.bytes((o, kh, kw, depth))
        stride = self.i(1, 2)
        shape = (1, self.spatial(0, h, kh, stride), self.spatial(0, w, kw, stride), o)
        tensors = [
            Tensor("x", (1, h, w, groups * depth), INT8, [sx], [self.zero()]),
            Tensor("w", weights.shape, INT8, sw, [0] * len(sw), 0, weights),
            Tensor("b", (o,), INT32, (sx.astype(np.float64) * sw).astype(np.float32), [0] * len(sw), 0, bias),
            Tensor("y", shape, INT8, [sy], [self.zero()]),
        ]
        return tensors, (1, [(0, "b", 0), (1, "i", stride), (2, "i", stride), (3, "b", self.activation()), (4, "i", 1),
                             (5, "i", 1)]), [0, 1, 2], [3]

    def TRANSPOSE_CONV(self):
        n, h, w, c, o = self.pick(1, 1, 2), self.i(1, 5), self.i(1, 5), self.i(1, 6), self.i(1, 6)
        padding = self.pick(0, 1)
        kernel, stride = (self.i(1, 5), self.i(1, 5)), (self.i(1, 3), self.i(1, 3))

        def result(size, k, s):
            return size * s - self.i(0, s - 1) if padding == 0 else (size - 1) * s + k + self.i(0, s - 1)

        shape = (n, result(h, kernel[0], stride[0]), result(w, kernel[1], stride[1]), o)
        sx = self.scale()
        sw, sy, bias = self.accumulating(o, sx, (-2, 2), kernel[0] * kernel[1] * c)
        weights = self.bytes((o, *kernel, c))
        tensors = [
            Tensor("shape", (4,), INT32, data=np.array(shape, np.int32)),
            Tensor("w", weights.shape, INT8, sw, [0] * len(sw), 0, weights),
            Tensor("x", (n, h, w, c), INT8, [sx], [self.zero()]),
            Tensor("b", (o,), INT32, (sx.astype(np.float64) * sw).astype(np.float32), [0] * len(sw), 0, bias),
            Tensor("y", shape, INT8, [sy], [self.zero()]),
        ]
        if self.i(0, 3) == 0:
            tensors.pop(3)
        return tensors, (49, [(0, "b", padding), (1, "i", stride[1]), (2, "i", stride[0]), (3, "b", self.activation())]), \
            list(range(len(tensors) - 1)), [len(tensors) - 1]

    def moved(self, shape, result, constants, options):
        """An operator that only moves bytes: its input, its constants, its output."""
        scale, zero = self.scale(), self.zero()
        tensors = [Tensor("x", shape, INT8, [scale], [zero])]
        for number, values in enumerate(constants):
            values = np.array(values, np.int32)
            tensors.append(Tensor(f"c{number}", values.shape, INT32, data=values))
        tensors.append(Tensor("y", result, INT8, [scale], [zero]))
        return tensors, options, list(range(len(tensors) - 1)), [len(tensors) - 1]

    def STRIDED_SLICE(self):
        while True:
            rank = self.i(1, 4)
            shape = [self.i(1, 7) for _ in range(rank)]
            begin, end = ([self.i(-s - 2, s + 2) for s in shape] for _ in range(2))
            stride = [self.pick(-3, -2, -1, 1, 1, 1, 2, 3) for _ in shape]
            begin_mask, end_mask = self.i(0, 2 ** rank - 1) & self.i(0, 15), self.i(0, 2 ** rank - 1) & self.i(0, 15)
            shrink = self.i(0, 2 ** rank - 1) & self.i(0, 15) & self.i(0, 15)
            slices = []
            for d in range(rank):
                if shrink >> d & 1:
                    begin[d], begin_mask = self.i(-shape[d], shape[d] - 1), begin_mask & ~(1 << d)
                    stride[d] = 1
                    slices.append(begin[d])
                else:
                    slices.append(slice(None if begin_mask >> d & 1 else begin[d], None if end_mask >> d & 1 else end[d], stride[d]))
            result = np.zeros(shape)[tuple(slices)].shape
            if 0 not in result:
                masks = [(0, "i", begin_mask), (1, "i", end_mask), (4, "i", shrink)]
                return self.moved(shape, result, [begin, end, stride], (32, masks))

    def RESIZE_NEAREST_NEIGHBOR(self):
        shape, size = (1, self.i(1, 9), self.i(1, 9), self.i(1, 3)), [self.i(1, 20), self.i(1, 20)]
        options = (74, [(0, "b", self.i(0, 1)), (1, "b", self.i(0, 1))])
        return self.moved(shape, (1, *size, shape[3]), [size], options)

    def MIRROR_PAD(self):
        shape = [self.i(2, 5) for _ in range(self.i(1, 4))]
        mode = self.i(0, 1)
        amounts = [[self.i(0, s - 1 + mode) for _ in range(2)] for s in shape]
        return self.moved(shape, [s + a + b for s, (a, b) in zip(shape, amounts)], [amounts], (77, [(0, "b", mode)]))

    def blocks(self, most):
        block, size = [self.i(1, 3), self.i(1, 3)], [self.i(1, 4), self.i(1, 4)]
        amounts = [[self.i(0, min(b * s - 1, most)), 0] for b, s in zip(block, size)]
        images, depth = self.i(1, 2), self.i(1, 3)
        large = (images, *[b * s - a for b, s, (a, _) in zip(block, size, amounts)], depth)
        return block, amounts, large, (images * block[0] * block[1], *size, depth)

    def SPACE_TO_BATCH_ND(self):
        # Not padded: the interpreter takes the padding's value from memory that nobody has written.
        block, amounts, large, small = self.blocks(0)
        return self.moved(large, small, [block, amounts], (25, []))

    def BATCH_TO_SPACE_ND(self):
        block, amounts, large, small = self.blocks(5)
        return self.moved(small, large, [block, amounts], (24, []))

    def reduction(self, rescales):
        shape = [self.i(1, 5) for _ in range(self.i(1, 6))]
        axes = [int(a) for a in self.r.choice(len(shape), self.i(1, len(shape)), replace=False)]
        keep = self.i(0, 1)
        result = [1 if d in axes else s for d, s in enumerate(shape) if keep or d not in axes]
        count = int(np.prod([shape[a] for a in axes]))
        sx, zx = self.scale(), self.zero()
        sy, zy = sx, zx
        if rescales:
            low = -4 if rescales == "MEAN" else 0
            sy = np.float32(float(sx) * (2.0 ** self.i(low, low + 5)) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
            zy = self.zero()
        numbers = np.array([a - len(shape) if self.i(0, 1) else a for a in axes], np.int32)
        tensors = [Tensor("x", shape, INT8, [sx], [zx]), Tensor("axes", numbers.shape, INT32, data=numbers),
                   Tensor("y", result, INT8, [sy], [zy])]
        return tensors, (27, [(0, "b", keep)]), [0, 1], [2]

    def MEAN_AXES(self):
        return self.reduction("MEAN")

    def SUM(self):
        return self.reduction("SUM")

    def REDUCE_MAX(self):
        return self.reduction(None)

    REDUCE_MIN = REDUCE_MAX

    def MAXIMUM(self):
        shape = (1, self.i(1, 5), self.i(1, 6), self.i(1, 7))
        scale, zero = self.scale(), self.zero()
        operand = self.pick(shape, shape[3:], (shape[2], 1), (1, shape[1], 1, 1), ())
        data = None if operand == shape and self.i(0, 1) else self.bytes(operand)
        tensors = [Tensor("x", shape, INT8, [scale], [zero]), Tensor("o", operand, INT8, [scale], [zero], data=data),
                   Tensor("y", shape, INT8, [scale], [zero])]
        return tensors, (39, []), [0, 1] if self.i(0, 1) or data is None else [1, 0], [2]

    MINIMUM = MAXIMUM

    def PRELU(self):
        shape = (1, self.i(1, 5), self.i(1, 6), self.i(1, 7))
        sx, sa = self.scale(), self.scale(-9, -5)
        sy = np.float32(float(sx) * 2.0 ** self.i(-2, 1) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        if self.i(0, 2) == 0:
            # A factor that is a tie's only when the product or the quotient is rounded to float32.
            sx, sa = np.float32(self.r.uniform(0.001, 0.1)), np.float32(self.r.uniform(0.001, 0.1))
            sy = np.float32(float(sx) * float(sa) / self.pick(2.0 ** -6, 1.5 * 2.0 ** -7, 2.0 ** -8))
        factors = self.bytes(self.pick((1, 1, shape[3]), (shape[3],), (1,)))
        zero = self.pick(-128, self.zero())
        tensors = [Tensor("x", shape, INT8, [sx], [self.zero()]), Tensor("a", factors.shape, INT8, [sa], [zero], data=factors),
                   Tensor("y", shape, INT8, [sy], [self.zero()])]
        return tensors, None, [0, 1], [2]

    def RESIZE_BILINEAR(self):
        shape, size = (1, self.i(1, 9), self.i(1, 9), self.i(1, 3)), [self.i(1, 20), self.i(1, 20)]
        flag = self.i(0, 2)
        return self.moved(shape, (1, *size, shape[3]), [size], (15, [(2, "b", flag == 1), (3, "b", flag == 2)]))

    def ELU(self):
        shape = (1, self.i(1, 4), self.i(8, 16), self.i(8, 16))
        sx = self.scale(-8, -1)
        sy = np.float32(float(sx) * 2.0 ** self.i(-3, 2) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        return [Tensor("x", shape, INT8, [sx], [self.zero()]), Tensor("y", shape, INT8, [sy], [self.zero()])], None, \
            [0], [1]

    def RSQRT(self):
        shape = (1, self.i(1, 4), self.i(8, 16), self.i(8, 16))
        sx = self.scale()
        sy = np.float32(2.0 ** -self.i(2, 8) / np.sqrt(sx) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        return [Tensor("x", shape, INT8, [sx], [-128]), Tensor("y", shape, INT8, [sy], [self.zero()])], None, [0], [1]

    def product(self, first, second, output, depth, options, bias=None):
        sx, sw = self.scale(), self.scale()
        # A tie of the rounding needs a quotient that is a power of two.
        sy = np.float32(float(sx) * float(sw) * 2.0 ** (np.round(np.log2(depth) / 2) + self.i(4, 7)) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        tensors = [Tensor("x", first, INT8, [sx], [self.zero()]), Tensor("w", second, INT8, [sw], [self.zero()]),
                   Tensor("y", output, INT8, [sy], [self.zero()])]
        if bias is None:
            return tensors, options, [0, 1], [2]
        tensors.append(Tensor("b", bias.shape, INT32, [np.float32(float(sx) * float(sw))], [0], data=bias))
        return tensors, options, [0, 1, 3], [2]

    def BATCH_MATMUL(self):
        rows, depth, columns = self.i(1, 6), self.i(1, 20), self.i(1, 18)
        adj_x, adj_y = self.i(0, 1), self.i(0, 1)
        first, second, leading = self.pick(([], [], []), ([2], [2], [2]), ([3, 2], [1, 2], [3, 2]), ([1, 2], [3, 1], [3, 2]), ([2], [], [2]))
        return self.product(
            first + ([depth, rows] if adj_x else [rows, depth]), second + ([columns, depth] if adj_y else [depth, columns]),
            leading + [rows, columns], depth, (101, [(0, "b", adj_x), (1, "b", adj_y)]))

    def FULLY_CONNECTED_COMPUTED(self):
        rows, depth, columns = self.i(1, 5), self.i(1, 40), self.i(1, 20)
        bias = self.r.integers(-3000, 3000, (columns,)).astype(np.int32) if self.i(0, 2) else None
        return self.product((rows, depth), (columns, depth), (rows, columns), depth, (8, [(0, "b", self.activation())]), bias)

    def sigmoid(self, output_scale, zero):
        shape = (1, self.i(1, 4), self.i(8, 16), self.i(8, 16))
        sx = np.float32(2.0 ** self.i(-9, 0) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        return [Tensor("x", shape, INT8, [sx], [self.zero()]), Tensor("y", shape, INT8, [output_scale], [zero])], None, \
            [0], [1]

    def LOGISTIC(self):
        return self.sigmoid(1 / 256, -128)

    def TANH(self):
        return self.sigmoid(1 / 128, 0)

    def HARD_SWISH(self):
        shape = (1, self.i(1, 4), self.i(8, 16), self.i(8, 16))
        sx = np.float32(2.0 ** self.i(-8, -2) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        sy = np.float32(float(sx) * 2.0 ** self.i(-3, 2) * (1 if self.i(0, 1) else self.r.uniform(0.5, 1)))
        return [Tensor("x", shape, INT8, [sx], [self.zero()]), Tensor("y", shape, INT8, [sy], [self.zero()])], None, \
            [0], [1]


def write(directory, operator, maker, samples=3):
    tensors, options, inputs, outputs = getattr(maker, operator)()
    supplied = sorted({t for t in inputs if t >= 0 and tensors[t].data is None})
    raw = model_bytes(tensors, operator, options, inputs, outputs, supplied)
    interpreter = runtime.Interpreter.from_bytes(raw, arena_size=1 << 20)
    input_data, output_data = b"", b""
    for _ in range(samples):
        for position, tensor in enumerate(supplied):
            value = maker.bytes(tuple(tensors[tensor].shape))
            interpreter.set_input(value, position)
            input_data += value.tobytes()
        interpreter.invoke()
        output_data += interpreter.get_output(0).tobytes()
    store(directory, raw, tensors, supplied, outputs, input_data, output_data, samples, f"directed {operator}", "tflm")


def store(directory, raw, tensors, supplied, outputs, input_data, output_data, samples, description, oracle, **more):
    """Writes one case: its model, `samples` inputs and outputs one after the other, and the manifest, perhaps with more in it."""

    def entries(indices):
        result, offset = [], 0
        for index in indices:
            count = int(np.prod(tensors[index].shape)) * (2 if tensors[index].type == INT16 else 1)
            result.append({"index": index, "offset": offset, "nbytes": count})
            offset += count
        return result, offset

    ins, input_stride = entries(supplied)
    outs, output_stride = entries(outputs)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "model.tflite").write_bytes(raw)
    (directory / "inputs.bin").write_bytes(input_data)
    (directory / "outputs.bin").write_bytes(output_data)
    (directory / "manifest.json").write_text(json.dumps({
        "format": "accel-golden-1", "model": "model.tflite", "sha256": hashlib.sha256(raw).hexdigest(),
        "description": description, "oracle_kind": oracle, "n": samples, "inputs": ins,
        "input_stride": input_stride, "outputs": outs, "output_stride": output_stride, **more}))


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    for number, operator in enumerate(OPERATORS):
        maker = Maker(seed * 1000 + number)
        for case in range(cases):
            write(root / f"{operator.lower()}_{case}", operator, maker)
