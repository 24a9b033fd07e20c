"""Converts an ONNX network to OpenVINO's format, and quantises it with NNCF."""

from pathlib import Path

import nncf
import numpy as np
import openvino


def convert(onnx_file: Path, output: Path) -> None:
    openvino.save_model(openvino.Core().read_model(onnx_file), output, compress_to_fp16=False)


def quantise(onnx_file: Path, faces: np.ndarray, output: Path, has_vnni: bool) -> None:
    """Post-training quantisation, symmetric weights and unsymmetric activations, ranges averaged over the faces: of
    NNCF's recipes the one that drifts least on IR-SE50."""
    # NNCF takes half the range of the first layer's weights, lest VPMADDUBSW saturate; VNNI does not saturate.
    overflow = nncf.OverflowFix.DISABLE if has_vnni else nncf.OverflowFix.FIRST_LAYER
    quantised = nncf.quantize(
        openvino.Core().read_model(onnx_file),
        nncf.Dataset([face[None] for face in faces]),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(faces),
        target_device=nncf.TargetDevice.CPU,
        advanced_parameters=nncf.AdvancedQuantizationParameters(overflow_fix=overflow),
    )
    openvino.save_model(quantised, output, compress_to_fp16=False)
