#!/usr/bin/env python3
"""Writes one small ONNX file for each form of an operator, and an archive with what the onnx package computes for it.

    onnx_operators.py FOLDER     writes FOLDER/NAME.onnx and FOLDER/answers.npz (NAME.x, NAME.y; nothing is compressed)
"""
import sys
import numpy as np, onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

random = np.random.default_rng(3)
SHAPE = [1, 3, 9, 7]
answers = {}


def write(name, nodes, tensors=(), opset=13, shape=SHAPE, positive=False):
    """`nodes` lead from x to y: (operator, inputs, outputs, attributes)."""
    made = [helper.make_node(kind, inputs, outputs, **attributes) for kind, inputs, outputs, attributes in nodes]
    weights = [numpy_helper.from_array(np.asarray(value), key) for key, value in dict(tensors).items()]
    value = lambda key, shape: helper.make_tensor_value_info(key, TensorProto.FLOAT, shape)
    graph = helper.make_graph(made, "test", [value("x", shape)], [helper.make_empty_tensor_value_info("y")], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 8
    onnx.save(model, f"{sys.argv[1]}/{name}.onnx")
    x = random.normal(size=shape).astype(np.float32)
    if positive:
        x = np.abs(x) + np.float32(0.1)
    answers[name + ".x"] = x
    answers[name + ".y"] = ReferenceEvaluator(model).run(None, {"x": x})[0]


def one(name, kind, tensors=(), opset=13, positive=False, **attributes):
    write(name, [(kind, ["x", *dict(tensors)], ["y"], attributes)], tensors, opset, positive=positive)


def floats(*shape):
    return random.normal(size=shape).astype(np.float32)


def integers(*values):
    return np.array(values, np.int64)


one("conv", "Conv", {"w": floats(4, 3, 3, 3), "b": floats(4)}, pads=[1, 0, 2, 1], strides=[2, 1])
one("conv_dilated", "Conv", {"w": floats(6, 1, 3, 3)}, group=3, dilations=[2, 2], pads=[2, 2, 2, 2])
one("conv_rectangular", "Conv", {"w": floats(2, 3, 1, 5)}, pads=[0, 2, 0, 2])
one("conv_same_upper", "Conv", {"w": floats(2, 3, 3, 3)}, auto_pad="SAME_UPPER", strides=[2, 2])
one("conv_same_lower", "Conv", {"w": floats(2, 3, 2, 2)}, auto_pad="SAME_LOWER", strides=[2, 2])
one("transposed", "ConvTranspose", {"w": floats(3, 2, 2, 2), "b": floats(2)}, strides=[2, 2])
one("transposed_padded", "ConvTranspose", {"w": floats(3, 2, 4, 4)}, strides=[2, 2], pads=[1, 1, 1, 1])
one("transposed_output", "ConvTranspose", {"w": floats(3, 2, 3, 3)}, strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1])
one("max_pool", "MaxPool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
one("max_pool_ceil", "MaxPool", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
one("average_pool", "AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
one("average_pool_counted", "AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1)
one("average_pool_ceil", "AveragePool", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
one("global_average", "GlobalAveragePool")
one("batch_norm", "BatchNormalization", opset=15, tensors={"s": floats(3), "b": floats(3), "m": floats(3), "v": np.abs(floats(3)) + 1}, epsilon=1e-3)
one("leaky", "LeakyRelu", alpha=0.3)
one("prelu", "PRelu", {"s": floats(3, 1, 1)})
one("hard_sigmoid", "HardSigmoid", alpha=0.25, beta=0.4)
one("hard_swish", "HardSwish", opset=14)
one("sigmoid", "Sigmoid")
one("softmax_old", "Softmax", opset=11, axis=2)
# The onnx package computes the new meaning, one axis, for old files too.
powers = np.exp(answers["softmax_old.x"])
answers["softmax_old.y"] = powers / powers.sum(axis=(2, 3), keepdims=True)
one("softmax_new", "Softmax", axis=1)
one("lp_normalisation", "LpNormalization", axis=1, p=2)
one("reduce_mean", "ReduceMean", axes=[1, -1], keepdims=0)
one("reduce_square", "ReduceSumSquare", axes=[2])
one("square_root", "Sqrt", positive=True)
one("divided", "Div", {"c": floats(1, 3, 1, 1)})
write("divides", [("Div", ["c", "x"], ["y"], {})], {"c": floats(3, 1, 1)}, positive=True)
write("subtracts", [("Sub", ["c", "x"], ["y"], {})], {"c": floats(3, 1, 1)})
one("power", "Pow", {"c": np.float32(2)})
one("transposed_axes", "Transpose", perm=[0, 2, 3, 1])
one("padded", "Pad", {"p": integers(0, 0, 1, 0, 0, 1, 2, 3), "v": np.float32(0.5)})
one("sliced", "Slice", {"s": integers(-1, 1), "e": integers(-9, 100), "a": integers(3, 2), "t": integers(-2, 3)})
one("reversed", "Slice", {"s": integers(100), "e": integers(-(2**63)), "a": integers(1), "t": integers(-1)})
one("resize_half_pixel", "Resize", {"r": floats(0), "s": np.array([1, 1, 2, 2], np.float32)})
one("resize_sizes", "Resize", {"r": floats(0), "s": floats(0), "n": integers(1, 3, 27, 21)},
    coordinate_transformation_mode="asymmetric", nearest_mode="floor")
write("flattened", [("Flatten", ["x"], ["f"], {"axis": 1}), ("Gemm", ["f", "w", "b"], ["y"], {"transB": 1, "alpha": 0.5, "beta": 2.0})],
      {"w": floats(5, 189), "b": floats(5)})
write("split", [("Split", ["x", "n"], ["a", "b"], {"axis": 2}), ("ReduceMean", ["a"], ["c"], {"axes": [2]}), ("Mul", ["b", "c"], ["y"], {})],
      {"n": integers(4, 5)})
write("gate", [("ReduceMean", ["x"], ["m"], {"axes": [2, 3]}), ("Conv", ["m", "w"], ["g"], {}), ("Sigmoid", ["g"], ["s"], {}), ("Mul", ["s", "x"], ["y"], {})],
      {"w": floats(3, 3, 1, 1)})
write("normalised", [("Flatten", ["x"], ["f"], {}), ("ReduceL2", ["f"], ["l"], {"axes": [1]}), ("Clip", ["l", "e"], ["c"], {}),
                     ("Shape", ["f"], ["n"], {}), ("Expand", ["c", "n"], ["d"], {}), ("Div", ["f", "d"], ["y"], {})], {"e": np.float32(1e-12)})
write("weights_in_graph", [("Transpose", ["w"], ["v"], {"perm": [1, 0, 2, 3]}), ("Mul", ["v", "s"], ["u"], {}), ("Conv", ["x", "u"], ["y"], {})],
      {"w": floats(3, 2, 3, 3), "s": floats(2, 1, 1, 1)})
np.savez(sys.argv[1] + "/answers.npz", **answers)
