"""The network in every form that is measured."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import ncnn_models, onnxruntime_int8, openvino_models
from .faces import digest
from .float_model import FloatModel
from .machine import has_vnni
from .made_once import made_once
from .onnx_export import export_onnx, with_one_picture


@dataclass(frozen=True)
class Variant:
    name: str
    opener: str
    """Which of `runtimes.OPENERS` opens it; "faceq" is run as a program."""
    files: list[Path]

    def megabytes(self) -> float:
        return sum(file.stat().st_size for file in self.files) / 1e6


FACEQ = "faceq"


def faceq_variants(float_file: Path, int8_file: Path) -> list[Variant]:
    return [Variant("faceq int8", FACEQ, [int8_file]), Variant("faceq float", FACEQ, [float_file])]


def export(model: FloatModel, onnx_file: Path | None, folder: Path) -> Variant:
    """The network as ONNX: the file that it was imported from, where that is named, else written from the model."""
    if onnx_file is None:
        made = made_once(folder / "onnx", lambda new: export_onnx(model, new / "network.onnx"))
    else:
        made = made_once(folder / "published-onnx", lambda new: with_one_picture(onnx_file, new / "network.onnx"))
    return Variant("ONNX Runtime float", "onnxruntime", [made / "network.onnx"])


def peer_variants(
    exported: Variant, model: FloatModel, paths: list[Path], faces: np.ndarray, folder: Path, ncnn_tools: Path | None
) -> list[Variant]:
    """Converts and quantises; `faces` are the pictures at `paths`, to calibrate with."""
    onnx_file = exported.files[0]
    calibrated = digest(faces)
    ort_int8 = made_once(
        folder / f"onnxruntime-int8-{calibrated}",
        lambda new: onnxruntime_int8.quantise(onnx_file, faces, new / "network.onnx"),
    )
    openvino_float = made_once(
        folder / "openvino-float", lambda new: openvino_models.convert(onnx_file, new / "network.xml")
    )
    openvino_int8 = made_once(
        folder / f"openvino-int8-{calibrated}",
        lambda new: openvino_models.quantise(onnx_file, faces, new / "network.xml", has_vnni()),
    )
    ncnn_float = made_once(folder / "ncnn-float", lambda new: ncnn_models.convert(onnx_file, model.input, new))

    variants = [
        Variant("OpenVINO int8", "openvino", _files(openvino_int8, "xml", "bin")),
        Variant("ONNX Runtime int8", "onnxruntime", _files(ort_int8, "onnx")),
        Variant("OpenVINO float", "openvino", _files(openvino_float, "xml", "bin")),
        Variant("OpenVINO default precision", "openvino-default", _files(openvino_float, "xml", "bin")),
        exported,
        Variant("ncnn float", "ncnn", _files(ncnn_float, "param", "bin")),
    ]
    if ncnn_tools is not None:
        ncnn_int8 = made_once(
            folder / f"ncnn-int8-{calibrated}",
            lambda new: ncnn_models.quantise(ncnn_float, paths, model.input, ncnn_tools, new),
        )
        variants.insert(2, Variant("ncnn int8", "ncnn", _files(ncnn_int8, "param", "bin")))
    return variants


def _files(folder: Path, *suffixes: str) -> list[Path]:
    return [folder / f"network.{suffix}" for suffix in suffixes]
