"""Reads faceq's float model files (.gguf)."""

from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np

from .errors import PeersError


@dataclass(frozen=True)
class Geometry:
    input_channels: int
    output_channels: int
    kernel_height: int
    kernel_width: int
    stride: int
    padding: int
    groups: int


@dataclass(frozen=True)
class Input:
    """What the network is fed: (pixel − 127.5) / divisor, channels in the order `channels`."""

    height: int
    width: int
    channels: str
    divisor: float


class FloatModel:
    """The keys and tensors of a float model file, by the names that faceq gives them."""

    def __init__(self, path: Path):
        self.path = path
        try:
            self._reader = gguf.GGUFReader(path)
        except Exception as error:  # the reader raises whatever it stumbles over
            raise PeersError(f"{path} is no GGUF file ({error}); make the model with faceq import.") from error
        self._tensors = {tensor.name: tensor for tensor in self._reader.tensors}
        precision = self.value("faceq.precision")
        if precision != "float32":
            raise PeersError(f"{path} is an {precision} model; name the float model that it was calibrated from.")
        self.architecture: str = self.value("faceq.architecture")
        self.input = Input(
            height=self.value("faceq.input.height"),
            width=self.value("faceq.input.width"),
            channels=self.value("faceq.input.channels"),
            divisor=self.value("faceq.input.divisor"),
        )

    def value(self, key: str):
        field = self._reader.get_field(key)
        if field is None:
            raise PeersError(f"{self.path} has no key {key}; make the model again with faceq import.")
        return field.contents()

    def has_geometry(self, prefix: str) -> bool:
        return self._reader.get_field(f"faceq.{prefix}.geometry") is not None

    def geometry(self, prefix: str) -> Geometry:
        return Geometry(*self.value(f"faceq.{prefix}.geometry"))

    def has(self, name: str) -> bool:
        return name in self._tensors

    def tensor(self, name: str) -> np.ndarray:
        if name not in self._tensors:
            raise PeersError(f"{self.path} has no tensor {name}; make the model again with faceq import.")
        return np.array(self._tensors[name].data, dtype=np.float32)

    def chain(self, prefix: str) -> list[str]:
        """PREFIX.0, PREFIX.1 … as far as the file has them."""
        names = []
        while self.has_geometry(f"{prefix}.{len(names)}"):
            names.append(f"{prefix}.{len(names)}")
        return names
