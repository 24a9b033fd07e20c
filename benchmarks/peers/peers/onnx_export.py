"""Writes a float model as ONNX, in the form in which PyTorch exports these networks."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .errors import PeersError
from .float_model import FloatModel, Geometry

INPUT, OUTPUT = "input", "embedding"
OPSET = 17


def export_onnx(model: FloatModel, path: Path) -> None:
    """The input is 1×3×height×width; the output is 1×size, not yet divided by its length."""
    graph = _Graph(model)
    trunk = INPUT
    for name in model.chain("stem"):
        trunk = graph.unit(name, trunk)
    for index in range(model.value("faceq.blocks")):
        trunk = graph.block(f"blocks.{index}", trunk)
    for name in model.chain("tail"):
        trunk = graph.unit(name, trunk)
    onnx_model = graph.model(graph.head(trunk))
    onnx.checker.check_model(onnx_model)
    onnx.save(onnx_model, path)


class _Graph:
    """Collects nodes and weights; every function takes the name of its input and returns the name of its output."""

    def __init__(self, model: FloatModel):
        self._source = model
        self._nodes = []
        self._weights = []

    def unit(self, name: str, value: str) -> str:
        """Convolution, bias and, where it has one, PReLU."""
        weights = self._source.tensor(f"{name}.weight").transpose(0, 3, 1, 2)  # to [out][in][row][column]
        value = self._convolution(
            name, value, weights, self._source.geometry(name), self._source.tensor(f"{name}.bias")
        )
        if not self._source.has(f"{name}.slope"):
            return value
        slopes = self._source.tensor(f"{name}.slope").reshape(-1, 1, 1)
        return self._node("PRelu", f"{name}.prelu", value, self._weight(f"{name}.slope", slopes))

    def block(self, name: str, trunk: str) -> str:
        """trunk = shortcut(trunk) + gate · body(input(trunk))."""
        branch = self._affine(f"{name}.input", trunk)
        for unit in self._source.chain(f"{name}.body"):
            branch = self.unit(unit, branch)
        if self._source.has(f"{name}.se.reduce"):
            branch = self._squeeze_excite(f"{name}.se", branch)
        kind, *stride = self._source.value(f"faceq.{name}.shortcut").split()
        match kind:
            case "none":
                return branch
            case "identity":
                shortcut = trunk
            case "subsample":
                strides = [int(stride[0])] * 2
                shortcut = self._node("MaxPool", f"{name}.shortcut", trunk, kernel_shape=[1, 1], strides=strides)
            case "convolution":
                shortcut = self.unit(f"{name}.shortcut", trunk)
            case _:
                raise PeersError(f"{self._source.path}: {name} has the shortcut {kind}, which has no ONNX form here.")
        return self._node("Add", f"{name}.add", branch, shortcut)

    def head(self, value: str) -> str:
        value = self._affine("head.input", value)
        value = self._node("Flatten", "head.flatten", value, axis=1)
        weights = self._source.tensor("head.weight").transpose(0, 3, 1, 2)  # flattened in the order C, H, W
        matrix = self._weight("head.weight", weights.reshape(len(weights), -1))
        bias = self._weight("head.bias", self._source.tensor("head.bias"))
        return self._node("Gemm", "head", value, matrix, bias, transB=1)

    def model(self, output: str) -> onnx.ModelProto:
        size = self._source.value("faceq.embedding_size")
        image = [1, 3, self._source.input.height, self._source.input.width]
        self._nodes.append(helper.make_node("Identity", [output], [OUTPUT], name=OUTPUT))
        graph = helper.make_graph(
            self._nodes,
            self._source.architecture,
            [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, image)],
            [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, [1, size])],
            self._weights,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)

    def _affine(self, name: str, value: str) -> str:
        """The BatchNormalization in front of a convolution, if there is one: its statistics are in scale and shift."""
        if not self._source.has(f"{name}.scale"):
            return value
        scale = self._source.tensor(f"{name}.scale")
        weights = [
            self._weight(f"{name}.scale", scale),
            self._weight(f"{name}.shift", self._source.tensor(f"{name}.shift")),
            self._weight(f"{name}.mean", np.zeros_like(scale)),
            self._weight(f"{name}.variance", np.ones_like(scale)),
        ]
        return self._node("BatchNormalization", name, value, *weights, epsilon=0.0)

    def _squeeze_excite(self, name: str, value: str) -> str:
        gate = self._node("GlobalAveragePool", f"{name}.mean", value)
        gate = self._pointwise(f"{name}.reduce", gate)
        gate = self._node("Relu", f"{name}.relu", gate)
        gate = self._pointwise(f"{name}.expand", gate)
        gate = self._node("Sigmoid", f"{name}.sigmoid", gate)
        return self._node("Mul", f"{name}.gate", value, gate)

    def _pointwise(self, name: str, value: str) -> str:
        matrix = self._source.tensor(name)
        outputs, inputs = matrix.shape
        return self._convolution(
            name, value, matrix.reshape(outputs, inputs, 1, 1), Geometry(inputs, outputs, 1, 1, 1, 0, 1)
        )

    def _convolution(
        self, name: str, value: str, weights: np.ndarray, geometry: Geometry, bias: np.ndarray | None = None
    ) -> str:
        operands = [self._weight(f"{name}.weight", weights)]
        if bias is not None:
            operands.append(self._weight(f"{name}.bias", bias))
        return self._node(
            "Conv",
            name,
            value,
            *operands,
            kernel_shape=[geometry.kernel_height, geometry.kernel_width],
            strides=[geometry.stride] * 2,
            pads=[geometry.padding] * 4,
            group=geometry.groups,
        )

    def _weight(self, name: str, values: np.ndarray) -> str:
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, kind: str, name: str, *inputs: str, **attributes) -> str:
        output = f"{name}.output"
        self._nodes.append(helper.make_node(kind, inputs, [output], name=name, **attributes))
        return output
