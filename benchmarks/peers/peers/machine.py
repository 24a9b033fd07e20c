"""What a measurement depends on: processor, versions, other load."""

import importlib.metadata
import os
import platform
import re
import resource
import time
from pathlib import Path

RUNTIMES = {
    "onnxruntime": "ONNX Runtime",
    "openvino": "OpenVINO",
    "nncf": "NNCF",
    "ncnn": "ncnn",
    "opencv-python-headless": "OpenCV",
}
TELLING_FEATURES = ["avx2", "avx_vnni", "avx512_vnni", "avx512_bf16", "amx_int8", "asimd", "asimddp", "i8mm"]


def processor_features() -> set[str]:
    match = re.search(r"^(?:flags|Features)\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return set(match[1].split()) if match else set()


def has_vnni() -> bool:
    return bool(processor_features() & {"avx_vnni", "avx512_vnni"})


def machine() -> str:
    names = re.findall(r"^(?:model name|Model)\s*:\s*(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    features = [feature for feature in TELLING_FEATURES if feature in processor_features()]
    name = names[0] if names else platform.machine()
    return f"{name}, {os.cpu_count()} cores, {' '.join(features)}, Linux {platform.release()}"


def versions() -> str:
    return ", ".join(f"{name} {importlib.metadata.version(package)}" for package, name in RUNTIMES.items())


class OtherLoad:
    """How much of the processors' time programs other than this one's children used since it was made."""

    def __init__(self):
        self._start = self._now()

    def share(self) -> float:
        wall, busy, own = (now - start for now, start in zip(self._now(), self._start, strict=True))
        return max(0.0, busy - own) / (wall * os.cpu_count())

    @staticmethod
    def _now() -> tuple[float, float, float]:
        user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
        busy = (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.monotonic(), busy, children.ru_utime + children.ru_stime
