"""Measures variants: each measurement is a process of its own."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .errors import PeersError
from .faceq import Faceq
from .rounds import Counted, Process, Round, Rounds
from .variants import FACEQ, Variant

THREADS = (1, 2)


@dataclass(frozen=True)
class Timing:
    """Of one variant on one number of threads, over all rounds."""

    medians: list[float]
    """Milliseconds: each round's process's median."""
    minimum: float
    peak_mebibytes: float
    idle_mebibytes: float
    """Of the peak, what the process had before it opened the network: Python and NumPy, or nothing."""

    @property
    def median(self) -> float:
        return statistics.median(self.medians)

    def over(self, other: "Timing") -> tuple[float, float]:
        """How many times as long as the other: the median of the rounds' ratios, and the ratio of the minima."""
        ratios = [ours / theirs for ours, theirs in zip(self.medians, other.medians, strict=True)]
        return statistics.median(ratios), self.minimum / other.minimum


def embed(variant: Variant, faceq: Faceq, paths: list[Path], inputs_file: Path, output: Path) -> np.ndarray:
    """Embeddings of unit length, [face][component]; the faces are given as pictures and as the networks' inputs."""
    if variant.opener == FACEQ:
        embeddings = faceq.embed(variant.files[0], paths, output)
    else:
        _worker(variant, "embed", 2, output, inputs_file)
        embeddings = np.load(output)
    embeddings = embeddings.astype(np.float64)
    return embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)


def measure_latency(
    variants: list[Variant], faceq: Faceq, rounds: int, runs: int, inputs_file: Path, progress: Callable[[str], None]
) -> tuple[dict[tuple[str, int], Timing], Counted]:
    """By name and number of threads, and the rounds that count. Every round runs every variant once on each number of
    threads, so that other load hits all of them."""
    measured = Rounds(rounds)
    while not measured.are_enough:
        processes: Round = {}
        for variant in variants:
            for threads in THREADS:
                progress(f"Round {measured.measured + 1}, {rounds} wanted: {variant.name}, threads: {threads}")
                if variant.opener == FACEQ:
                    result = faceq.bench(variant.files[0], threads, runs)
                else:
                    result = json.loads(_worker(variant, "time", threads, runs, inputs_file))
                processes[variant.name, threads] = result
        measured.add(processes)
    counted = measured.counted()
    return {key: _summary([processes[key] for processes in counted.rounds]) for key in counted.rounds[0]}, counted


def _summary(processes: list[Process]) -> Timing:
    return Timing(
        medians=[process["median_ms"] for process in processes],
        minimum=min(process["min_ms"] for process in processes),
        peak_mebibytes=max(process["peak_rss_mib"] for process in processes),
        idle_mebibytes=min(process.get("idle_rss_mib", 0) for process in processes),
    )


def _worker(variant: Variant, task: str, threads: int, argument: int | Path, inputs_file: Path) -> str:
    """The last line that the worker printed."""
    arguments = [task, variant.opener, threads, argument, inputs_file, *variant.files]
    command = [sys.executable, "-m", "peers.worker", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        raise PeersError(f"{variant.name} failed: {result.stderr.strip()[-300:]}")
    return result.stdout.strip().rpartition("\n")[2]
