"""Makes directed golden vectors of uint8 with LiteRT's reference kernels.

The models are those of generate.py with uint8 in place of int8: bytes and zero points are 128 more, weights have a zero point
anywhere in 0...255 and one scale. TensorFlow Lite Micro does not run them.

    pip install ai-edge-litert tflite_micro tflite flatbuffers numpy
    python generate_uint8.py DIRECTORY [CASES-PER-OPERATOR] [SEED]
"""

import pathlib
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

import generate
from generate import INT8, INT32, Maker, model_bytes, store

UINT8 = 3
generate.OPERATORS.update({"RELU6": 21, "RELU_N1_TO_1": 20})
WEIGHTED = ["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"]
OPERATORS = WEIGHTED + [
    "AVERAGE_POOL_2D", "MAX_POOL_2D", "ADD", "SUB", "MUL", "ADD_REPEATED", "MEAN_AXES", "SUM", "REDUCE_MAX", "REDUCE_MIN", "MAXIMUM", "MINIMUM", "PRELU",
    "SOFTMAX", "LOGISTIC", "TANH", "HARD_SWISH", "RELU", "RELU6", "RELU_N1_TO_1", "LEAKY_RELU",
]


def case(operator, maker):
    """Tensors, options, inputs and outputs of one model."""
    name = "RELU" if operator in ("RELU6", "RELU_N1_TO_1") else operator
    while True:
        tensors, options, inputs, outputs = getattr(maker, name)()
        if operator not in WEIGHTED or len(tensors[1].scales) == 1:
            break
    for position, tensor in enumerate(tensors):
        if tensor.type != INT8:
            continue
        tensor.type = UINT8
        tensor.zero_points = [zero + 128 for zero in tensor.zero_points]
        if tensor.data is not None:
            tensor.data = tensor.data.view(np.uint8) ^ 0x80
        if position == 1 and operator in WEIGHTED:
            tensor.zero_points = [maker.pick(0, 128, 255, maker.i(0, 255))]
    if operator in WEIGHTED:
        x, weights, y = tensors[0], tensors[1], tensors[outputs[0]]
        # Weights reach twice as far: so does the output.
        y.scales = [np.float32(float(y.scales[0]) * maker.pick(1, 2))]
        if len(tensors) > 3:
            tensors[2].scales, tensors[2].zero_points = [np.float32(x.scales[0]) * np.float32(weights.scales[0])], [0]
    return tensors, options, inputs, outputs


def write(directory, operator, maker, samples=3):
    tensors, options, inputs, outputs = case(operator, maker)
    supplied = sorted({t for t in inputs if t >= 0 and tensors[t].data is None})
    raw = model_bytes(tensors, operator, options, inputs, outputs, supplied)
    interpreter = Interpreter(model_content=raw, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    input_data, output_data = b"", b""
    for _ in range(samples):
        for position, tensor in enumerate(supplied):
            value = maker.bytes(tuple(tensors[tensor].shape)).view(np.uint8) ^ 0x80
            interpreter.set_tensor(interpreter.get_input_details()[position]["index"], value)
            input_data += value.tobytes()
        interpreter.invoke()
        output_data += interpreter.get_tensor(interpreter.get_output_details()[0]["index"]).tobytes()
    store(directory, raw, tensors, supplied, outputs, input_data, output_data, samples, f"directed uint8 {operator}", "ref")


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[1])
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    for number, operator in enumerate(OPERATORS):
        maker = Maker(seed * 1000 + number)
        for index in range(2 * cases if operator in WEIGHTED else cases):
            write(root / f"uint8_{operator.lower()}_{index}", operator, maker)
