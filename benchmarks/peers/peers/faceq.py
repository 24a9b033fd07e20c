"""Runs the faceq program."""

import json
import subprocess
from pathlib import Path

import numpy as np

from .errors import PeersError


class Faceq:
    def __init__(self, program: Path):
        self._program = program
        if not program.is_file():
            raise PeersError(
                f"There is no faceq at {program}; build it with swift build -c release --product faceq, or name it with --faceq."
            )

    def information(self, model: Path) -> dict:
        return json.loads(self._run("info", model, "--json"))

    def bench(self, model: Path, threads: int, runs: int) -> dict:
        return json.loads(self._run("bench", model, "--json", "--threads", threads, "--runs", runs))

    def embed(self, model: Path, faces: list[Path], output: Path) -> np.ndarray:
        """Unit vectors, [face][component]; they pass through the NumPy file `output`."""
        self._run("embed", model, *faces, "--aligned", "--output", output)
        return np.load(output)

    def _run(self, *arguments) -> str:
        command = [str(self._program), *map(str, arguments)]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            raise PeersError(f"faceq {arguments[0]} failed: {result.stderr.strip()}")
        return result.stdout
