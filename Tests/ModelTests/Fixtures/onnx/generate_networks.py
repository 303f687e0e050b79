"""Makes small networks as people have them: float32 networks that ONNX Runtime's quantize_static quantized, with golden vectors.

    pip install onnx onnxruntime numpy
    python generate_networks.py DIRECTORY
"""

import hashlib
import json
import pathlib
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

SAMPLES = 2


class Float:
    """A float32 network that grows operator by operator."""

    def __init__(self, shape, seed):
        self.random = np.random.default_rng(seed)
        self.shape, self.nodes, self.constants, self.count = shape, [], [], 0

    def constant(self, value):
        self.count += 1
        name = f"c{self.count}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, operator, inputs, **attributes):
        self.count += 1
        name = f"{operator.lower()}{self.count}"
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def convolution(self, x, inputs, outputs, size=3, stride=1, groups=1):
        weights = self.random.normal(0, (2 / (inputs // groups * size * size)) ** 0.5, (outputs, inputs // groups, size, size)).astype(np.float32)
        bias = self.random.normal(0, 0.1, outputs).astype(np.float32)
        pads = [size // 2] * 4
        return self.node("Conv", [x, self.constant(weights), self.constant(bias)], kernel_shape=[size, size], strides=[stride] * 2, pads=pads, group=groups)

    def product(self, x, inputs, outputs):
        weights = self.random.normal(0, inputs ** -0.5, (outputs, inputs)).astype(np.float32)
        return self.node("Gemm", [x, self.constant(weights), self.constant(self.random.normal(0, 0.1, outputs).astype(np.float32))], transB=1)

    def model(self, output):
        ends = [[helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)], [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)]]
        graph = helper.make_graph(self.nodes, "g", *ends, self.constants)
        return onnx.shape_inference.infer_shapes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name=""))


def residual(net):
    """A residual network with a stem, a shortcut, and a classifier."""
    x = net.node("Relu", [net.convolution("x", 3, 6, stride=2)])
    x = net.node("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    y = net.convolution(net.node("Relu", [net.convolution(x, 6, 6)]), 6, 6)
    x = net.node("Relu", [net.node("Add", [y, x])])
    y = net.convolution(net.node("Relu", [net.convolution(x, 6, 8, stride=2)]), 8, 8)
    x = net.node("Relu", [net.node("Add", [y, net.convolution(x, 6, 8, size=1, stride=2)])])
    return net.product(net.node("Flatten", [net.node("GlobalAveragePool", [x])]), 8, 4)


def mobile(net):
    """Inverted residuals with HardSwish and squeeze-and-excite."""
    x = net.node("HardSwish", [net.convolution("x", 3, 4, stride=2)])
    y = net.node("Clip", [net.convolution(x, 4, 8, size=1), net.constant(np.float32(0)), net.constant(np.float32(6))])
    y = net.node("HardSwish", [net.convolution(y, 8, 8, groups=8)])
    gate = net.node("Relu", [net.convolution(net.node("GlobalAveragePool", [y]), 8, 4, size=1)])
    gate = net.node("HardSigmoid", [net.convolution(gate, 4, 8, size=1)], alpha=1 / 6, beta=0.5)
    x = net.node("Add", [net.convolution(net.node("Mul", [y, gate]), 8, 4, size=1), x])
    return net.product(net.node("Flatten", [net.node("AveragePool", [x], kernel_shape=[4, 4], strides=[4, 4])]), 4 * 4, 3)


def detector(net):
    """SiLU, a split and a concatenation, a path down and up again."""
    def silu(x):
        return net.node("Mul", [x, net.node("Sigmoid", [x])])
    x = silu(net.convolution("x", 3, 8, stride=2))
    net.count += 1
    first, second = f"first{net.count}", f"second{net.count}"
    net.nodes.append(helper.make_node("Split", [x, net.constant(np.array([4, 4], np.int64))], [first, second], axis=1, name="split"))
    y = net.node("Add", [second, silu(net.convolution(second, 4, 4))])
    x = silu(net.convolution(net.node("Concat", [first, second, y], axis=1), 12, 8, size=1))
    down = net.node("LeakyRelu", [net.convolution(x, 8, 8, stride=2)], alpha=0.1)
    pool = net.node("MaxPool", [down], kernel_shape=[5, 5], pads=[2, 2, 2, 2], strides=[1, 1])
    up = net.node("Resize", [net.node("Concat", [down, pool], axis=1), "", net.constant(np.array([1, 1, 2, 2], np.float32))], mode="nearest",
                  nearest_mode="floor", coordinate_transformation_mode="asymmetric")
    return net.convolution(net.node("Concat", [up, x], axis=1), 24, 5, size=1)


class Reader(CalibrationDataReader):
    def __init__(self, samples):
        self.samples = iter(samples)

    def get_next(self):
        sample = next(self.samples, None)
        return None if sample is None else {"x": sample}


def write(directory, build, format, activation, per_channel):
    net = Float([1, 3, 16, 16], sum(map(ord, build.__name__)))
    samples = [net.random.normal(0, 1, net.shape).astype(np.float32) for _ in range(8)]
    with tempfile.TemporaryDirectory() as place:
        source, target = f"{place}/float.onnx", f"{place}/quantized.onnx"
        onnx.save(net.model(build(net)), source)
        # Weights of 7 bits: with 8, ONNX Runtime's kernels for x86-64 without VNNI saturate sums of two products.
        quantize_static(
            source, target, Reader(samples), quant_format=format, activation_type=activation, weight_type=QuantType.QInt8, per_channel=per_channel,
            reduce_range=True)
        model = onnx.load(target)
    model.producer_name = model.producer_version = ""
    raw = model.SerializeToString()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
    outputs = [session.run(None, {"x": sample})[0] for sample in samples[:SAMPLES]]
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "model.onnx").write_bytes(raw)
    (directory / "inputs.bin").write_bytes(b"".join(sample.tobytes() for sample in samples[:SAMPLES]))
    (directory / "outputs.bin").write_bytes(b"".join(output.tobytes() for output in outputs))
    sizes = samples[0].nbytes, outputs[0].nbytes
    (directory / "manifest.json").write_text(json.dumps({
        "format": "accel-golden-1", "model": "model.onnx", "sha256": hashlib.sha256(raw).hexdigest(), "description": directory.name,
        "oracle_kind": "onnxruntime", "n": SAMPLES, "inputs": [{"name": "x", "offset": 0, "nbytes": sizes[0]}], "input_stride": sizes[0],
        "outputs": [{"name": session.get_outputs()[0].name, "offset": 0, "nbytes": sizes[1]}], "output_stride": sizes[1]}))


if __name__ == "__main__":
    s8 = ("qdq_s8", QuantFormat.QDQ, QuantType.QInt8, True)
    u8 = ("qop_u8", QuantFormat.QOperator, QuantType.QUInt8, False)
    # Without operators on integers for HardSwish, that form would have means of float32.
    both = ("qdq_u8", QuantFormat.QDQ, QuantType.QUInt8, False)
    for build, forms in ((residual, (s8, u8)), (mobile, (s8, both)), (detector, (s8, u8))):
        for form, *rest in forms:
            write(pathlib.Path(sys.argv[1]) / f"network_{build.__name__}_{form}", build, *rest)
