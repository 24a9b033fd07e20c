"""Runs the faceq program."""

import json
import subprocess
from pathlib import Path

import numpy as np

from .errors import PeersError


class Faceq:
    def __init__(self, program: Path):
        self._program = program

    def bench(self, model: Path, threads: int, runs: int) -> dict:
        return json.loads(self._run("bench", model, "--json", "--threads", threads, "--runs", runs))

    def embed(self, model: Path, faces: list[Path], output: Path) -> np.ndarray:
        """Unit vectors, [face][component]; they pass through the NumPy file `output`."""
        self._run("embed", model, *faces, "--aligned", "--output", output)
        return np.load(output)

    def embed_photos(
        self, model: Path, detector: Path, listing: Path, output: Path, threads: int
    ) -> tuple[np.ndarray, str]:
        """The embeddings of all faces in the photos that a file lists, and the table of whose they are."""
        files = ["--list", listing, "--detector", detector, "--output", output]
        self._run("embed", model, "--all-faces", "--threads", threads, *files)
        return np.load(output), output.with_suffix(".csv").read_text()

    def detect(self, detector: Path, listing: Path) -> list[dict]:
        return json.loads(self._run("detect", "--list", listing, "--detector", detector, "--json"))

    def insist_on_a_pair(self, float_model: Path, int8_model: Path) -> None:
        calibration = self._information(int8_model)["calibration"]
        if calibration is None:
            raise PeersError(f"{int8_model} is no int8 model; make one with faceq calibrate.")
        if calibration["float_digest"] != self._information(float_model)["digest"]:
            raise PeersError(f"{int8_model} was not made of {float_model}; name the float model that it was made of.")

    def version(self, model: Path) -> str:
        """The revision of its source, and the instruction set it chooses here."""
        facts = self.bench(model, threads=1, runs=1)
        return f"faceq {facts['revision']} ({facts['isa']})"

    def _information(self, model: Path) -> dict:
        return json.loads(self._run("info", model, "--json"))

    def _run(self, *arguments) -> str:
        command = [str(self._program), *map(str, arguments)]
        try:
            result = subprocess.run(command, capture_output=True, text=True)
        except OSError as error:
            raise PeersError(f"{self._program} cannot be run ({error.strerror}); build faceq again.") from error
        if result.returncode != 0:
            raise PeersError(f"faceq {arguments[0]} failed: {result.stderr.strip()}")
        return result.stdout
