"""What faceq is meant to reach beside its peers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """Time of `variant` over time of `peer`; `limit` is for one thread."""

    variant: str
    peer: str
    limit: float | None


IR_RATIOS = [
    Ratio("faceq int8", "OpenVINO int8", 0.75),
    Ratio("faceq int8", "ONNX Runtime int8", 0.45),
    Ratio("faceq float", "OpenVINO float", 1.0),
    Ratio("faceq int8", "faceq float", None),
]

MOBILEFACENET_RATIOS = [
    Ratio("faceq int8", "OpenVINO int8", None),
    Ratio("faceq int8", "ONNX Runtime int8", 1.0),
    Ratio("faceq int8", "ncnn int8", 1.0),
    Ratio("faceq int8", "ncnn float", 1.0),
    Ratio("faceq float", "ncnn float", 1.0),
    Ratio("faceq float", "ONNX Runtime float", 1.0),
    Ratio("faceq int8", "faceq float", None),
]

PUBLISHED_RATIOS = [
    Ratio("faceq int8", "OpenVINO int8", 0.65),
    Ratio("faceq int8", "OpenVINO default precision", 0.65),
    Ratio("faceq int8", "ONNX Runtime int8", None),
    Ratio("faceq float", "OpenVINO float", 1.0),
    Ratio("faceq float", "ONNX Runtime float", 1.0),
    Ratio("faceq float", "ncnn float", 1.0),
    Ratio("faceq int8", "faceq float", None),
]
"""Of networks that were imported from ONNX files."""

SCALING = 1.85
"""How many times faster faceq's int8 is meant to be on two threads than on one."""


def ratios(architecture: str) -> list[Ratio]:
    if architecture == "mobilefacenet":
        return MOBILEFACENET_RATIOS
    return IR_RATIOS if architecture.startswith("ir") else PUBLISHED_RATIOS
