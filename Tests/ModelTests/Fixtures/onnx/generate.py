"""Makes small networks of ONNX operators with golden vectors of ONNX Runtime's CPU provider, its default optimizations on.

Each network is of one kind of operators and of one type; it has a few inputs and an output for every operator. Scales are random,
some of them powers of two, so that halves occur.

    pip install onnx onnxruntime numpy
    python generate.py DIRECTORY [KIND ...]
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

SAMPLES = 3
MICROSOFT = "com.microsoft"


class Network:
    """A network that grows operator by operator, and what is known of its tensors."""

    def __init__(self, kind, unsigned):
        self.random = np.random.default_rng(sum(map(ord, kind)) * 2 + unsigned)
        self.type = np.uint8 if unsigned else np.int8
        self.code = TensorProto.UINT8 if unsigned else TensorProto.INT8
        self.low, self.high = (0, 255) if unsigned else (-128, 127)
        self.nodes, self.constants, self.inputs, self.outputs, self.shapes, self.count = [], [], [], [], {}, 0

    def name(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def constant(self, value):
        name = self.name("c")
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, operator, inputs, outputs=1, domain="", **attributes):
        names = [self.name("t") for _ in range(outputs)]
        self.nodes.append(helper.make_node(operator, inputs, names, domain=domain, **attributes))
        return names if outputs > 1 else names[0]

    def scale(self, low=0.01, high=0.1):
        power = self.random.integers(3) == 0
        value = 2.0 ** self.random.integers(round(np.log2(low)), round(np.log2(high)) + 1) if power else self.random.uniform(low, high)
        return np.float32(value)

    def zero(self):
        return int(self.random.choice([self.low, self.random.integers(self.low, self.high + 1)]))

    def pair(self, scale=None, zero=None):
        """Constants of a scale and a zero point; scale and zero point."""
        scale = np.float32(self.scale() if scale is None else scale)
        zero = self.zero() if zero is None else zero
        return [self.constant(scale), self.constant(self.type(zero))], scale, zero

    def input(self, shape, pair=None):
        """A graph input and its scale and zero point."""
        name = self.name("x")
        self.inputs.append((name, shape))
        return name, (pair or self.pair())

    def real(self, tensor, pair):
        return self.node("DequantizeLinear", [tensor] + pair[0])

    def quantize(self, real, pair=None, output=True):
        name = self.node("QuantizeLinear", [real] + (pair or self.pair())[0])
        if output:
            self.outputs.append(name)
        return name

    def output(self, name):
        self.outputs.append(name)
        return name

    def fitting(self, low, high):
        """A scale and zero point for numbers between two."""
        low, high = min(low, 0), max(high, 0)
        scale = np.float32((high - low) / 255 * self.random.uniform(0.8, 1.2))
        return self.pair(scale, int(np.clip(self.low - round(low / scale), self.low, self.high)))

    def write(self, directory, operator_set=17):
        values = [helper.make_tensor_value_info(n, self.code, s) for n, s in self.inputs]
        graph = helper.make_graph(self.nodes, "g", values, [helper.make_tensor_value_info(n, self.code, None) for n in self.outputs], self.constants)
        sets = [helper.make_opsetid("", operator_set), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=sets, ir_version=8, producer_name="")
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        raw = model.SerializeToString()
        session = onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
        inputs, outputs, results = b"", b"", []
        for _ in range(SAMPLES):
            feeds = {n: self.random.integers(self.low, self.high + 1, s).astype(self.type) for n, s in self.inputs}
            results = session.run(self.outputs, feeds)
            inputs += b"".join(feeds[n].tobytes() for n, _ in self.inputs)
            outputs += b"".join(r.tobytes() for r in results)

        def entries(named):
            result, offset = [], 0
            for name, size in named:
                result.append({"name": name, "offset": offset, "nbytes": size})
                offset += size
            return result, offset

        ins, input_stride = entries([(n, int(np.prod(s))) for n, s in self.inputs])
        outs, output_stride = entries([(n, r.size) for n, r in zip(self.outputs, results)])
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "model.onnx").write_bytes(raw)
        (directory / "inputs.bin").write_bytes(inputs)
        (directory / "outputs.bin").write_bytes(outputs)
        (directory / "manifest.json").write_text(json.dumps({
            "format": "accel-golden-1", "model": "model.onnx", "sha256": hashlib.sha256(raw).hexdigest(), "description": directory.name,
            "oracle_kind": "onnxruntime", "n": SAMPLES, "inputs": ins, "input_stride": input_stride, "outputs": outs,
            "output_stride": output_stride}))


def functions(net):
    """Functions of one byte, one after the other, and with numbers."""
    def case(low, high, make, signed=True):
        zero = int(net.random.integers(net.low + 60, net.high - 60)) if signed else net.low
        x, pair = net.input([256], net.pair(net.scale(), zero))
        net.quantize(make(net.real(x, pair)), net.fitting(low, high))
    case(0, 6, lambda r: net.node("Relu", [r]))
    case(-1, 4, lambda r: net.node("Clip", [r, net.constant(np.float32(-0.7)), net.constant(np.float32(3.3))]))
    case(0, 1, lambda r: net.node("Sigmoid", [r]))
    case(-1, 1, lambda r: net.node("Tanh", [r]))
    case(0, 1, lambda r: net.node("HardSigmoid", [r], alpha=0.21, beta=0.45))
    case(-0.5, 5, lambda r: net.node("HardSwish", [r]))
    case(-1, 5, lambda r: net.node("LeakyRelu", [r], alpha=0.15))
    case(-1, 5, lambda r: net.node("Elu", [r], alpha=1.25))
    case(-2, 5, lambda r: net.node("Selu", [r]))
    case(-2, 5, lambda r: net.node("Celu", [r], alpha=1.5))
    case(0, 5, lambda r: net.node("Softplus", [r]))
    case(-1, 1, lambda r: net.node("Softsign", [r]))
    case(-1, 1, lambda r: net.node("Erf", [r]))
    case(0, 9, lambda r: net.node("Exp", [r]))
    case(0, 6, lambda r: net.node("Abs", [r]))
    case(-5, 5, lambda r: net.node("Neg", [r]))
    case(-5, 5, lambda r: net.node("Round", [r]))
    case(0, 6, lambda r: net.node("ThresholdedRelu", [r], alpha=0.8))
    case(0, 4, lambda r: net.node("Sqrt", [r]), signed=False)
    case(-5, 3, lambda r: net.node("Log", [r]), signed=False)
    case(0, 30, lambda r: net.node("Reciprocal", [r]), signed=False)
    case(-5, 5, lambda r: r)
    case(-0.5, 5, lambda r: net.node("Mul", [r, net.node("Sigmoid", [r])]))
    case(-5, 5, lambda r: net.node("Div", [net.node("Sub", [net.node("Mul", [r, net.constant(np.float32(1.7))]), net.constant(np.float32(0.3))]),
                                           net.constant(np.float32(1.1))]))
    case(-1, 3, lambda r: net.node("Max", [net.node("Min", [r, net.constant(np.float32(2.5))]), net.constant(np.float32(-0.9))]))
    for operator, attributes in [("Sigmoid", {}), ("LeakyRelu", {"alpha": 0.3})]:
        x, pair = net.input([256])
        out = net.fitting(0, 1) if operator == "Sigmoid" else net.fitting(-3, 5)
        net.output(net.node("QLinear" + operator, [x] + pair[0] + out[0], domain=MICROSOFT, **attributes))
    x, pair = net.input([256], net.pair(net.scale(), 7))
    limits = [net.constant(net.type(net.low + 30)), net.constant(net.type(net.high - 40))]
    net.output(net.node("Clip", [net.quantize(net.real(x, pair), pair, output=False)] + limits))


def sums(net):
    """Sums and differences of two tensors, by operators on integers and on real numbers."""
    def case(operator, first=(1, 4, 6, 6), second=(1, 4, 6, 6), behind=None, zero=None, linear=False):
        x, xs = net.input(list(first))
        y, ys = net.input(list(second))
        reach = 128 * (xs[1] + ys[1])
        out = net.pair(np.float32(reach / 128 * net.random.uniform(0.4, 1)) if net.random.integers(2) else net.scale(0.05, 0.2), zero)
        if linear:
            return net.output(net.node("QLinear" + operator, [x] + xs[0] + [y] + ys[0] + out[0], domain=MICROSOFT))
        real = net.node(operator, [net.real(x, xs), net.real(y, ys)])
        return net.quantize(net.node(behind, [real]) if behind else real, out)
    case("Add", (1, 8, 16, 16), (1, 8, 16, 16))
    case("Add", (1, 8, 16, 16), (1, 8, 16, 16), linear=True)
    case("Add", behind="Relu", zero=net.low + 40)
    case("Add", behind="Relu", zero=net.low)
    case("Sub")
    case("Add", second=(1, 4, 1, 1), linear=True)
    case("Add", first=(1, 4, 1, 1), linear=True)
    case("Add", first=(6,))
    x, xs = net.input([1, 4, 6, 6])
    constant, cs = net.constant(net.random.integers(net.low, net.high + 1, (4, 1, 1)).astype(net.type)), net.pair()
    net.quantize(net.node("Add", [net.real(x, xs), net.real(constant, cs)]))


def products(net):
    """Products of two tensors, and of a tensor and a quantized number."""
    def case(first=(1, 4, 6, 6), second=(1, 4, 6, 6), linear=False):
        x, xs = net.input(list(first))
        y, ys = net.input(list(second))
        out = net.pair(np.float32(2 ** 14 * xs[1] * ys[1] / 128 * net.random.uniform(0.4, 1)))
        if linear:
            return net.output(net.node("QLinearMul", [x] + xs[0] + [y] + ys[0] + out[0], domain=MICROSOFT))
        return net.quantize(net.node("Mul", [net.real(x, xs), net.real(y, ys)]), out)
    case((1, 8, 16, 16), (1, 8, 16, 16))
    case((1, 8, 16, 16), (1, 8, 16, 16), linear=True)
    case(second=(1, 4, 1, 1))
    case(first=(1, 4, 1, 1), linear=True)
    x, xs = net.input([1, 4, 6, 6])
    number, ns = net.constant(net.type(net.high - 20)), net.pair()
    net.quantize(net.node("Mul", [net.real(x, xs), net.real(number, ns)]))
    x, xs = net.input([1, 4, 6, 6])
    for last in (True, False):
        feature, pair = net.input([1, 4, 6, 6])
        if last:
            feature = net.quantize(net.node("MaxPool", [net.real(feature, pair)], kernel_shape=[1, 1]), pair, output=False)
        constant, cs = net.constant(net.random.integers(net.low, net.high + 1, (4, 1, 1)).astype(net.type)), net.pair()
        out = net.pair(np.float32(2 ** 14 * pair[1] * cs[1] / 128))
        net.output(net.node("QLinearMul", [constant] + cs[0] + [feature] + pair[0] + out[0], domain=MICROSOFT))
    sigmoid = net.pair(1 / 256, net.low)
    gate = net.real(net.quantize(net.node("Sigmoid", [net.real(x, xs)]), sigmoid, output=False), sigmoid)
    net.quantize(net.node("Mul", [net.real(x, xs), gate]))


def image(net, shape=(1, 4, 6, 6), channels_last=True):
    """Real numbers of a feature, behind a MaxPool that puts channels last, or not."""
    x, pair = net.input(list(shape))
    real = net.real(x, pair)
    if channels_last:
        real = net.real(net.quantize(net.node("MaxPool", [real], kernel_shape=[1, 1]), pair, output=False), pair)
    return real, pair


def movements(net):
    """What only moves bytes, of tensors with channels last and with channels first."""
    def integers(*values):
        return net.constant(np.array(values, np.int64))
    for last in (True, False):
        real, pair = image(net, channels_last=last)
        net.quantize(net.node("Slice", [real, integers(1, -5), integers(2 ** 62, -1), integers(1, 3), integers(2, 1)]), pair)
        net.quantize(net.node("Slice", [real, integers(-1, 4), integers(-2 ** 62, 1), integers(2, 3), integers(-1, -2)]), pair)
        for part in net.node("Split", [real, integers(1, 3)], outputs=2, axis=1):
            net.quantize(part, pair)
        for part in net.node("Split", [real], outputs=3, axis=-1):
            net.quantize(part, pair)
        net.quantize(net.node("Pad", [real, integers(0, 1, 2, 0, 0, 0, 1, 3)]), pair)
        net.quantize(net.node("Pad", [real, integers(0, 0, 1, 1, 0, 0, 1, 1), net.constant(np.float32(1.3))]), net.pair(net.scale(0.02, 0.1)))
        net.quantize(net.node("Pad", [real, integers(0, 0, 2, 1, 0, 0, 1, 2)], mode="reflect"), pair)
        net.quantize(net.node("Gather", [real, integers(3, 0, -2)], axis=1), pair)
        net.quantize(net.node("DepthToSpace", [real], blocksize=2), pair)
        net.quantize(net.node("SpaceToDepth", [real], blocksize=3), pair)
        net.quantize(net.node("Transpose", [net.node("Relu", [real])], perm=[0, 3, 1, 2]), pair)
        net.output(net.node("Pad", [net.quantize(real, pair, output=False), integers(0, 0, 1, 0, 0, 0, 0, 1)]))


def resizes(net):
    """Nearest neighbours by every rule that ONNX has."""
    for transformation in ("half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners"):
        for nearest in ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"):
            real, pair = image(net, (1, 2, 5, 4))
            sizes = [1, 2, int(net.random.integers(3, 12)), int(net.random.integers(3, 12))]
            net.quantize(net.node("Resize", [real, "", "", net.constant(np.array(sizes, np.int64))], mode="nearest", nearest_mode=nearest,
                                  coordinate_transformation_mode=transformation), pair)
    real, pair = image(net, (1, 2, 5, 4))
    net.quantize(net.node("Resize", [real, "", net.constant(np.array([1, 1, 2, 2], np.float32))], mode="nearest", nearest_mode="floor",
                          coordinate_transformation_mode="asymmetric"), pair)


def joined(net):
    """Tensors side by side, of one scale and of several."""
    for axis in (1, 3):
        for last in (True, False):
            first, pair = image(net, channels_last=last)
            second, other = image(net, (1, 3, 6, 6) if axis == 1 else (1, 4, 6, 2))
            net.quantize(net.node("Concat", [first, second], axis=axis))
            net.quantize(net.node("Concat", [first, first, second], axis=axis), other)
            net.quantize(net.node("Concat", [net.node("Relu", [first]), second], axis=axis), pair)
    x, xs = net.input([1, 4, 6])
    y, ys = net.input([1, 2, 6])
    net.output(net.node("QLinearConcat", net.pair()[0] + [x] + xs[0] + [y] + ys[0], domain=MICROSOFT, axis=1))
    net.quantize(net.node("Concat", [net.real(x, xs), net.real(y, ys)], axis=-2))


def maxima(net):
    """Maximum pools with every padding."""
    for pads, kernel, strides in (((0, 0, 0, 0), (2, 2), (2, 2)), ((1, 1, 1, 1), (3, 3), (2, 2)), ((0, 1, 1, 0), (2, 3), (1, 2)), ((2, 2, 2, 2), (5, 5), (1, 1))):
        real, pair = image(net, (1, 3, 7, 8), channels_last=False)
        net.quantize(net.node("MaxPool", [real], kernel_shape=kernel, strides=strides, pads=pads), pair)
    real, pair = image(net, (1, 3, 7, 8))
    net.quantize(net.node("MaxPool", [net.node("Relu", [real])], kernel_shape=[2, 2]), pair)


def means(net):
    """Average pools, and means whose rounding no order of their sums decides."""
    def pool(kernel, strides, pads=(0, 0, 0, 0), linear=False, same=False):
        x, pair = net.input([1, 3, 9, 8])
        out = pair if same else net.pair(np.float32(pair[1] * net.random.uniform(0.4, 1)))
        attributes = {"kernel_shape": kernel, "strides": strides, "pads": pads, "count_include_pad": int(any(pads))}
        if linear:
            net.output(net.node("QLinearAveragePool", [x] + pair[0] + out[0], domain=MICROSOFT, **attributes))
        else:
            net.quantize(net.node("AveragePool", [net.real(x, pair)], **attributes), out)
    pool((2, 2), (2, 2))
    pool((2, 2), (2, 2), same=True)
    pool((3, 3), (1, 1), (1, 1, 1, 1), same=True)
    pool((3, 2), (2, 1), linear=True)
    pool((5, 5), (1, 1), (2, 2, 2, 2), linear=True, same=True)
    for axes, keeps in (((2, 3), 1), ((-1, -2), 0), ((3,), 1)):
        real, pair = image(net, (1, 4, 5, 5), channels_last=keeps == 1)
        net.quantize(net.node("ReduceMean", [real], axes=axes, keepdims=keeps), pair)
    real, pair = image(net, (1, 4, 5, 5))
    net.quantize(net.node("GlobalAveragePool", [real]))


def transposed(net):
    """Transposed convolutions with every padding."""
    cases = (((2, 2), (2, 2), (0, 0, 0, 0), (0, 0)), ((3, 3), (2, 2), (1, 1, 1, 1), (1, 1)), ((4, 4), (2, 2), (1, 1, 1, 1), (0, 0)),
             ((3, 2), (1, 2), (1, 0, 0, 1), (0, 0)), ((3, 3), (3, 2), (0, 1, 2, 0), (1, 0)))
    for kernel, strides, pads, more in cases:
        real, pair = image(net, (1, 3, 4, 5))
        weights = net.random.integers(-127, 128, (3, 2) + kernel).astype(np.int8)
        scales = net.random.uniform(0.001, 0.01, 2).astype(np.float32)
        zeros = net.constant(np.zeros(2, np.int8))
        constant = net.node("DequantizeLinear", [net.constant(weights), net.constant(scales), zeros], axis=1)
        unit = net.constant(np.float32(pair[1]) * scales)
        bias = net.node("DequantizeLinear", [net.constant(net.random.integers(-3000, 3000, 2).astype(np.int32)), unit], axis=0)
        y = net.node("ConvTranspose", [real, constant, bias], kernel_shape=kernel, strides=strides, pads=pads, output_padding=more)
        net.quantize(y, net.pair(np.float32(3 * 255 * 60 * pair[1] * scales.max() / 128)))


def columns(net):
    """Features of three dimensions, as networks for sound have them."""
    def convolution(x, pair, inputs, outputs, size, groups=1, output=True, **attributes):
        weights = net.random.integers(-63, 64, (outputs, inputs // groups, size)).astype(np.int8)
        scale = net.scale(0.002, 0.02)
        unit = net.constant(pair[1] * scale)
        bias = net.node("DequantizeLinear", [net.constant(net.random.integers(-900, 900, outputs).astype(np.int32)), unit])
        out = net.pair(np.float32(255 * 40 * (inputs // groups * size) ** 0.5 * pair[1] * scale / 128))
        real = net.real(x, pair)
        y = net.node("Conv", [real, net.node("DequantizeLinear", [net.constant(weights), net.constant(scale), net.constant(np.int8(0))]), bias],
                     group=groups, **attributes)
        return net.quantize(y, out, output=output), out
    x, pair = net.input([1, 3, 16])
    first, a = convolution(x, pair, 3, 4, 5, strides=[2], pads=[2, 2])
    second, b = convolution(first, a, 4, 4, 3, groups=4, pads=[1, 1])
    third, c = convolution(second, b, 4, 4, 2, dilations=[2], pads=[0, 3], output=False)
    net.quantize(net.node("Slice", [net.real(third, c)] + [net.constant(np.array([v])) for v in (0, 7, 2)]), c)
    constant = net.constant(net.random.integers(net.low, net.high + 1, (4, 1)).astype(net.type))
    net.quantize(net.node("Add", [net.real(first, a), net.real(second, b)]))
    net.quantize(net.node("Add", [net.real(first, a), net.real(constant, net.pair())]))
    net.quantize(net.node("MaxPool", [net.real(first, a)], kernel_shape=[3], strides=[2], pads=[1, 1]), a)
    net.quantize(net.node("AveragePool", [net.real(first, a)], kernel_shape=[3]), a)
    net.quantize(net.node("GlobalAveragePool", [net.real(second, b)]))
    net.quantize(net.node("Concat", [net.real(first, a), net.real(second, b)], axis=1))
    net.quantize(net.node("Tanh", [net.real(second, b)]), net.pair(1 / 128, net.low + 128))


KINDS = {"functions": functions, "sums": sums, "products": products, "movements": movements, "resizes": resizes,
         "joined": joined, "maxima": maxima, "means": means, "transposed": transposed, "columns": columns}

if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    for kind in sys.argv[2:] or KINDS:
        for unsigned in (False, True):
            network = Network(kind, unsigned)
            KINDS[kind](network)
            network.write(root / f"{kind}_{'u8' if unsigned else 's8'}")
