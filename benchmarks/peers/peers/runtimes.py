"""Opens an exported network in each runtime. Imports nothing else: a process's memory is to be that of its runtime."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

Network = Callable[[np.ndarray], np.ndarray]
"""From one face, float32 1×3×height×width, to its embedding, not yet of unit length."""


def open_onnxruntime(files: list[Path], threads: int) -> Network:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(files[0], options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda face: session.run(None, {name: face})[0]


def open_openvino(files: list[Path], threads: int) -> Network:
    """In float32: OpenVINO's own choice is bfloat16 where the processor has it, which is another arithmetic."""
    return _open_openvino(files, threads, {"INFERENCE_PRECISION_HINT": "f32"})


def open_openvino_default(files: list[Path], threads: int) -> Network:
    return _open_openvino(files, threads, {})


def open_ncnn(files: list[Path], threads: int) -> Network:
    """In float32, as OpenVINO above."""
    import ncnn

    network = ncnn.Net()
    network.opt.num_threads = threads
    network.opt.use_fp16_packed = False
    network.opt.use_fp16_storage = False
    network.opt.use_fp16_arithmetic = False
    network.opt.use_bf16_storage = False
    network.load_param(str(files[0]))
    network.load_model(str(files[1]))

    def embed(face: np.ndarray) -> np.ndarray:
        extractor = network.create_extractor()
        extractor.input("in0", ncnn.Mat(face[0]))
        return np.array(extractor.extract("out0")[1])

    return embed


def _open_openvino(files: list[Path], threads: int, hints: dict[str, str]) -> Network:
    import openvino

    configuration = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY", **hints}
    request = openvino.Core().compile_model(files[0], "CPU", configuration).create_infer_request()
    return lambda face: request.infer({0: face})[0]


OPENERS = {
    "onnxruntime": open_onnxruntime,
    "openvino": open_openvino,
    "openvino-default": open_openvino_default,
    "ncnn": open_ncnn,
}
