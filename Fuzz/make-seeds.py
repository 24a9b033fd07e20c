#!/usr/bin/env python3
"""Writes the committed corpora of checkpoints and ONNX files anew, with what the tests make such files with.

    make-seeds.py     needs PyPI's numpy and onnx
"""
import io
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import numpy as np

fuzz = pathlib.Path(__file__).resolve().parent
scripts = fuzz.parent / "Tests/CheckpointTests/Scripts"


def run(script, *arguments):
    subprocess.run([sys.executable, "-B", scripts / script, *map(str, arguments)], check=True)


def keep(target, name, data):
    folder = fuzz / "Corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)

    def small(form):
        path = folder / f"{form}.npz"
        run("checkpoints.py", "small", form, path)
        return path.read_bytes()

    for form in ["legacy", "legacy3", "legacy4"]:
        keep("legacy", form, small(form))
    for form in ["zip", "zip4", "zip64", "npz"]:
        keep("zip", form, small(form))
    keep("safetensors", "small", small("safetensors"))
    for form in ["zip", "zip4"]:
        small(form)
        with zipfile.ZipFile(folder / f"{form}.npz") as archive:
            keep("pickle", form, archive.read("any name/data.pkl"))
    for name, array in [("vector", np.arange(5, dtype=np.float32)), ("matrix", np.ones((2, 3))), ("half", np.ones(3, np.float16))]:
        data = io.BytesIO()
        np.save(data, array)
        keep("npy", name, data.getvalue())
        keep("npz", name, data.getvalue())
    operators = folder / "operators"
    operators.mkdir()
    run("onnx_operators.py", operators)
    for path in sorted(operators.glob("*.onnx")):
        if path.stat().st_size <= 2048:
            keep("onnx", path.stem, path.read_bytes())
