"""Converts an ONNX network to ncnn's format with pnnx, and quantises it where ncnn's tools are at hand."""

import importlib.util
import subprocess
from pathlib import Path

from .errors import PeersError
from .float_model import Input


def convert(onnx_file: Path, form: Input, folder: Path) -> None:
    """Writes network.param and network.bin."""
    # The program in the pnnx package needs no PyTorch, but its Python wrapper imports it.
    pnnx = Path(importlib.util.find_spec("pnnx").submodule_search_locations[0]) / "pnnx"
    network = folder / "network.onnx"
    network.symlink_to(onnx_file.resolve())  # pnnx writes beside its input
    shape = f"inputshape=[1,3,{form.height},{form.width}]"
    _run(pnnx, network.name, shape, "fp16=0", cwd=folder)
    wanted = {"network.ncnn.param": "network.param", "network.ncnn.bin": "network.bin"}
    for file in folder.iterdir():
        if file.name in wanted:
            file.rename(folder / wanted[file.name])
        else:
            file.unlink()


def quantise(float_folder: Path, faces: list[Path], form: Input, tools: Path, folder: Path) -> None:
    """Writes network.param and network.bin, with activation ranges chosen by Kullback-Leibler divergence."""
    (folder / "faces.txt").write_text("".join(f"{face.resolve()}\n" for face in faces))
    network = [str((float_folder / name).resolve()) for name in ("network.param", "network.bin")]
    scales = [1 / deviation for deviation in form.deviation]
    _run(
        tools / "ncnn2table", *network, "faces.txt", "network.table",
        f"mean={form.mean}".replace(" ", ""), f"norm={scales}".replace(" ", ""),
        f"shape=[{form.width},{form.height},3]",
        f"pixel={form.channels.upper()}", "thread=2", "method=kl", cwd=folder,
    )  # fmt: skip
    _run(tools / "ncnn2int8", *network, "network.param", "network.bin", "network.table", cwd=folder)


def _run(program: Path, *arguments: str, cwd: Path) -> None:
    result = subprocess.run([str(program.resolve()), *arguments], cwd=cwd, capture_output=True, text=True)
    if result.returncode != 0:
        raise PeersError(f"{program.name} failed: {(result.stderr or result.stdout).strip()[-300:]}")
