"""Writes a float model as ONNX, in the form in which PyTorch exports these networks."""

import re
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper, version_converter

from .errors import PeersError
from .float_model import FloatModel, Node

INPUT, OUTPUT = "input", "embedding"
OPSET = 17


def export_onnx(model: FloatModel, path: Path) -> None:
    """The input is 1×3×height×width; the output is 1×size, not yet divided by its length."""
    graph = _Graph(model)
    for node in model.nodes:
        graph.add(node)
    onnx_model = graph.model()
    onnx.checker.check_model(onnx_model)
    onnx.save(onnx_model, path)


def with_one_picture(file: Path, path: Path) -> None:
    """Writes a network that was published as ONNX for a batch of one, in the opset that quantised ones are written in."""
    network = onnx.load(file)
    if network.opset_import[0].version < OPSET:
        network = version_converter.convert_version(network, OPSET)
    for value in [*network.graph.input[:1], *network.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_value = 1
    onnx.save(network, path)


class _Graph:
    """Collects nodes and weights. A value of the listing has a name of ONNX's."""

    def __init__(self, model: FloatModel):
        self._source = model
        self._nodes = []
        self._weights = []
        self._values = {}
        self._last = INPUT
        self._size = 0

    def add(self, node: Node) -> None:
        match node.kind:
            case "image":
                value = INPUT
            case "convolution":
                value = self._activated(node, self._convolution(node))
            case "linear":
                value = self._activated(node, self._linear(node))
            case "affine":
                value = self._activated(node, self._affine(node))
            case "copy":
                value = self._activated(node, self._operand(node.operands))
            case "add":
                value = self._activated(node, self._sum(node))
            case "gate":
                value = self._gate(node)
            case "global average":
                value = self._node("GlobalAveragePool", node.name, self._operand(node.operands))
            case "normalise":  # what the comparison does for every runtime
                value = self._operand(node.operands)
            case _:
                raise PeersError(
                    f"{self._source.path}: {node.kind} has no ONNX form here; name the file it came from with --onnx."
                )
        self._values[node.value] = self._last = value

    def model(self) -> onnx.ModelProto:
        image = [1, 3, self._source.input.height, self._source.input.width]
        self._nodes.append(helper.make_node("Identity", [self._last], [OUTPUT], name=OUTPUT))
        graph = helper.make_graph(
            self._nodes,
            self._source.architecture,
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, image)],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, self._size])],
            self._weights,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)

    def _operand(self, text: str) -> str:
        """The value that `%3` or `subsample 2 %3` is."""
        found = re.search(r"(?:(subsample|upsample) ?(\d*) )?(%\d+)", text)
        value = self._values[found[3]]
        match found[1]:
            case None:
                return value
            case "subsample":
                strides = [int(found[2])] * 2
                return self._node("MaxPool", f"{value}.subsample", value, kernel_shape=[1, 1], strides=strides)
            case other:
                raise PeersError(f"{self._source.path}: {other} has no ONNX form here; name its file with --onnx.")

    def _convolution(self, node: Node) -> str:
        weights = self._source.tensor(f"{node.name}.weight").transpose(0, 3, 1, 2)  # to [out][in][row][column]
        inputs = self._operand(node.operands)
        padding = re.search(r"padding (\d+)(?: (\d+) (\d+) (\d+))?", node.operands)
        sides = [int(side or padding[1]) for side in padding.groups()] if padding else [0] * 4
        groups = len(weights) if node.has("depthwise") else node.number("groups", 1)
        return self._conv(node.name, inputs, weights, [node.number("stride", 1)] * 2, sides, groups)

    def _linear(self, node: Node) -> str:
        flat = self._node("Flatten", f"{node.name}.flatten", self._operand(node.operands), axis=1)
        weights = self._source.tensor(f"{node.name}.weight").transpose(0, 3, 1, 2)  # flattened in the order C, H, W
        self._size = len(weights)
        matrix = self._weight(f"{node.name}.weight", weights.reshape(len(weights), -1))
        bias = self._weight(f"{node.name}.bias", self._source.tensor(f"{node.name}.bias"))
        return self._node("Gemm", node.name, flat, matrix, bias, transB=1)

    def _affine(self, node: Node) -> str:
        """A BatchNormalization: its statistics are in scale and shift."""
        scale = self._source.tensor(f"{node.name}.scale")
        weights = [
            self._weight(f"{node.name}.scale", scale),
            self._weight(f"{node.name}.shift", self._source.tensor(f"{node.name}.shift")),
            self._weight(f"{node.name}.mean", np.zeros_like(scale)),
            self._weight(f"{node.name}.variance", np.ones_like(scale)),
        ]
        return self._node("BatchNormalization", node.name, self._operand(node.operands), *weights, epsilon=0.0)

    def _sum(self, node: Node) -> str:
        """`BASE, BRANCH` or `BASE, BRANCH · GATE`."""
        base, branch = node.operands.split(",")[:2]
        branch, _, gate = branch.partition("·")
        value = self._operand(branch)
        if gate:
            value = self._node("Mul", f"{node.name}.gated", value, self._operand(gate))
        return self._node("Add", f"{node.name}.add", value, self._operand(base))

    def _gate(self, node: Node) -> str:
        gate = self._node("GlobalAveragePool", f"{node.name}.mean", self._operand(node.operands))
        for part, activation in (("reduce", "Relu"), ("expand", "Sigmoid")):
            matrix = self._source.tensor(f"{node.name}.{part}")
            gate = self._conv(f"{node.name}.{part}", gate, matrix[:, :, None, None])
            gate = self._node(activation, f"{node.name}.{activation}", gate)
        return gate

    def _conv(
        self, name: str, value: str, weights: np.ndarray, strides=(1, 1), padding=(0, 0, 0, 0), groups: int = 1
    ) -> str:
        operands = [self._weight(f"{name}.weight", weights)]
        bias = next((bias for bias in (f"{name}.bias", f"{name}_bias") if self._source.has(bias)), None)
        if bias is not None:
            operands.append(self._weight(bias, self._source.tensor(bias)))
        shape = {"kernel_shape": list(weights.shape[2:]), "strides": list(strides), "pads": list(padding)}
        return self._node("Conv", name, value, *operands, group=groups, **shape)

    def _activated(self, node: Node, value: str) -> str:
        if node.has("prelu"):
            slopes = self._source.tensor(f"{node.name}.slope").reshape(-1, 1, 1)
            return self._node("PRelu", f"{node.name}.prelu", value, self._weight(f"{node.name}.slope", slopes))
        if node.has("relu"):
            return self._node("Relu", f"{node.name}.relu", value)
        if clamp := re.search(r"clamp ([-−\d.]+)…([-−\d.]+)", node.operands):
            bounds = [np.float32(bound.replace("−", "-")) for bound in clamp.groups()]
            low, high = (self._weight(f"{node.name}.{end}", b) for end, b in zip(("low", "high"), bounds))
            return self._node("Clip", f"{node.name}.clip", value, low, high)
        if leaky := re.search(r"leaky ([\d.]+)", node.operands):
            return self._node("LeakyRelu", f"{node.name}.leaky", value, alpha=float(leaky[1]))
        return value

    def _weight(self, name: str, values: np.ndarray) -> str:
        self._weights.append(numpy_helper.from_array(np.array(values, order="C"), name))
        return name

    def _node(self, kind: str, name: str, *inputs: str, **attributes) -> str:
        output = f"{name}.output"
        self._nodes.append(helper.make_node(kind, inputs, [output], name=name, **attributes))
        return output
