"""Reads faceq's float model files (.gguf): the graph's listing and its tensors."""

import re
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

from .errors import PeersError


@dataclass(frozen=True)
class Input:
    """What the network is fed: (pixel − mean) / deviation, three each, channels in the order `channels`."""

    height: int
    width: int
    channels: str
    mean: list[float]
    deviation: list[float]


@dataclass(frozen=True)
class Node:
    """A line of the listing: `%1 = convolution %0 → 64, 3×3, padding 1, prelu  stem.0`."""

    value: str
    kind: str
    operands: str
    """What stands between the kind and the name."""
    name: str

    def number(self, word: str, otherwise: int) -> int:
        found = re.search(rf"\b{word} (\d+)", self.operands)
        return int(found[1]) if found else otherwise

    def has(self, word: str) -> bool:
        return re.search(rf", {word}\b", self.operands) is not None


KINDS = ["global average", "max pool", "average pool", "transposed convolution", "depth to space", r"\w+"]
LINE = re.compile(rf"(%\d+) = ({'|'.join(KINDS)})(.*?)(?:  +(\S+))?$")
IMAGE = re.compile(r" (\d+)×(\d+) (rgb|bgr)(?: (?:\(x − (?P<mean>[^)]+)\)|x)(?: / (?P<deviation>.+))?)?$")


class FloatModel:
    """The listing and the tensors of a float model file."""

    def __init__(self, path: Path):
        self.path = path
        try:
            self._reader = gguf.GGUFReader(path)
        except Exception as error:  # the reader raises whatever it stumbles over
            raise PeersError(f"{path} is no GGUF file ({error}); make the model with faceq import.") from error
        self._tensors = {tensor.name: tensor for tensor in self._reader.tensors}
        precision = self._value("faceq.precision")
        if precision != "float32":
            raise PeersError(f"{path} is an {precision} model; name the float model that it was calibrated from.")
        self.architecture: str = self._value("faceq.architecture")
        lines = [line for line in self._value("faceq.graph").splitlines() if line.startswith("%")]
        matches = [LINE.match(line) for line in lines]
        if not all(matches):
            raise PeersError(f"{path} has a graph that is not read here; make the model again with faceq import.")
        self.nodes = [Node(match[1], match[2], match[3], match[4] or "") for match in matches]
        self.input = self._input()

    def has(self, name: str) -> bool:
        return name in self._tensors

    def tensor(self, name: str) -> np.ndarray:
        if name not in self._tensors:
            raise PeersError(f"{self.path} has no tensor {name}; make the model again with faceq import.")
        return np.array(self._tensors[name].data, dtype=np.float32)

    def _input(self) -> Input:
        image = IMAGE.match(self.nodes[0].operands)
        if self.nodes[0].kind != "image" or image is None:
            raise PeersError(f"{self.path} has an image that is not read here; make the model again with faceq import.")
        return Input(
            height=int(image[1]), width=int(image[2]), channels=image[3],
            mean=_three(image["mean"] or "0"), deviation=_three(image["deviation"] or "1"),
        )  # fmt: skip

    def _value(self, key: str):
        field = self._reader.get_field(key)
        if field is None:
            raise PeersError(f"{self.path} has no key {key}; make the model again with faceq import.")
        return field.contents()


def _three(text: str) -> list[float]:
    """A number that stands for all three channels, or `[a, b, c]`."""
    values = [float(number) for number in text.strip("[] ").split(",")]
    return values if len(values) == 3 else values * 3
