"""Which pipelines are measured, and the networks that they take."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import nncf
import numpy as np
import onnx
import openvino
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from .. import onnxruntime_int8, openvino_models
from ..faces import digest
from ..float_model import FloatModel
from ..machine import has_vnni
from ..made_once import made_once
from ..onnx_export import OPSET, export_onnx
from .detectors import blob_of


@dataclass(frozen=True)
class Variant:
    name: str
    detector: list[str] | None = None
    """Which of the openers, and its files; nothing is faceq."""
    embedder: list[str] | None = None
    is_mix: bool = False
    """Whether it is not what somebody would take first: a detector without OpenCV."""


def peer_variants(
    detector_onnx: Path, model: FloatModel, faces: np.ndarray, photos: list[Path], folder: Path
) -> list[Variant]:
    """The first is the reference, in float. `faces` are the embedder's calibration inputs."""
    yunet = _detector_files(detector_onnx, photos, folder)
    exported = made_once(folder / "onnx", lambda new: export_onnx(model, new / "network.onnx")) / "network.onnx"
    calibrated = digest(faces)
    ort_int8 = made_once(
        folder / f"onnxruntime-int8-{calibrated}",
        lambda new: onnxruntime_int8.quantise(exported, faces, new / "network.onnx"),
    )
    openvino_int8 = made_once(
        folder / f"openvino-int8-{calibrated}",
        lambda new: openvino_models.quantise(exported, faces, new / "network.xml", has_vnni()),
    )
    opencv = ["opencv", str(detector_onnx)]
    ort = ["onnxruntime", str(ort_int8 / "network.onnx")]
    vino = ["openvino", str(openvino_int8 / "network.xml")]
    return [
        Variant("OpenCV + ONNX Runtime float", opencv, ["onnxruntime", str(exported)]),
        Variant("OpenCV + ONNX Runtime int8", opencv, ort),
        Variant("OpenCV + OpenVINO int8", opencv, vino),
        Variant("YuNet in ONNX Runtime float + OpenVINO int8", ["onnxruntime", yunet["float"]], vino, is_mix=True),
        Variant("YuNet in ONNX Runtime int8 + OpenVINO int8", ["onnxruntime", yunet["ort"]], vino, is_mix=True),
        Variant("YuNet in OpenVINO default precision + OpenVINO int8", ["openvino", yunet["float"]], vino, is_mix=True),
        Variant("YuNet in OpenVINO int8 + OpenVINO int8", ["openvino", yunet["nncf"]], vino, is_mix=True),
    ]


def _detector_files(detector_onnx: Path, photos: list[Path], folder: Path) -> dict[str, str]:
    blobs = [blob_of(cv2.imread(str(path))) for path in photos]
    calibrated = digest(np.concatenate([blob.reshape(-1) for blob in blobs]))
    dynamic = (
        made_once(folder / "yunet", lambda new: _of_any_size(detector_onnx, new / "network.onnx")) / "network.onnx"
    )
    ort = made_once(
        folder / f"yunet-onnxruntime-int8-{calibrated}", lambda new: _quantise_ort(dynamic, blobs, new / "network.onnx")
    )
    vino = made_once(
        folder / f"yunet-openvino-int8-{calibrated}", lambda new: _quantise_nncf(dynamic, blobs, new / "network.xml")
    )
    return {"float": str(dynamic), "ort": str(ort / "network.onnx"), "nncf": str(vino / "network.xml")}


def _of_any_size(file: Path, path: Path) -> None:
    network = onnx.version_converter.convert_version(onnx.load(file), OPSET)
    del network.graph.value_info[:]
    dimensions = network.graph.input[0].type.tensor_type.shape.dim
    dimensions[2].dim_param, dimensions[3].dim_param = "height", "width"
    for output in network.graph.output:
        output.type.tensor_type.shape.dim[1].dim_param = f"{output.name}_cells"
    onnx.save(network, path)


class _Pictures(CalibrationDataReader):
    def __init__(self, blobs: list[np.ndarray], name: str):
        self._remaining = iter([{name: blob} for blob in blobs])

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self._remaining, None)


def _quantise_ort(file: Path, blobs: list[np.ndarray], output: Path) -> None:
    """Convolutions only, as the embedder's, but by least and greatest values: pictures of several sizes have no
    percentiles in ONNX Runtime."""
    prepared = output.with_suffix(".prepared.onnx")
    quant_pre_process(file, prepared, skip_symbolic_shape=True)
    quantize_static(
        prepared, output, _Pictures(blobs, onnx.load(prepared).graph.input[0].name), quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv"], per_channel=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
        extra_options={"WeightSymmetric": True, "ActivationSymmetric": False},
    )  # fmt: skip
    prepared.unlink()


def _quantise_nncf(file: Path, blobs: list[np.ndarray], output: Path) -> None:
    overflow = nncf.OverflowFix.DISABLE if has_vnni() else nncf.OverflowFix.FIRST_LAYER
    quantised = nncf.quantize(
        openvino.Core().read_model(file), nncf.Dataset(blobs), preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(blobs), target_device=nncf.TargetDevice.CPU,
        advanced_parameters=nncf.AdvancedQuantizationParameters(overflow_fix=overflow),
    )  # fmt: skip
    openvino.save_model(quantised, output, compress_to_fp16=False)
