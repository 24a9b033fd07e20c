"""Measures photos per second."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import PeersError
from ..faceq import Faceq
from ..float_model import Input
from .variants import Variant

THREADS = (1, 2)


@dataclass(frozen=True)
class Job:
    """What every variant does."""

    faceq: Faceq
    detector: Path
    model: Path
    input: Input
    photos: list[str]
    """Some many times over."""
    folder: Path


@dataclass(frozen=True)
class Rates:
    """Photos per second of one variant on one number of threads, in each round."""

    rates: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.rates)

    def over(self, other: "Rates") -> float:
        """How many times as fast as the other: the median of the rounds' ratios."""
        return statistics.median(ours / theirs for ours, theirs in zip(self.rates, other.rates, strict=True))


def measure(
    variants: list[Variant], job: Job, rounds: int, progress: Callable[[str], None]
) -> dict[tuple[str, int], Rates]:
    """By name and number of threads. Every round measures every variant, so that other load hits all of them."""
    rates: dict[tuple[str, int], list[float]] = {}
    for number in range(rounds):
        for variant in variants:
            for threads in THREADS:
                seconds = _faceq(job, threads) if variant.detector is None else _peer(variant, job, threads)
                rate = len(job.photos) / seconds
                progress(f"Round {number + 1} of {rounds}: {variant.name}, threads: {threads}: {rate:.1f} photos/s")
                rates.setdefault((variant.name, threads), []).append(rate)
    return {key: Rates(value) for key, value in rates.items()}


def task(variant: Variant, network_input: Input, photos: list[str], **more: str) -> list[str]:
    """The command of a peer's process."""
    told = {"detector": variant.detector, "embedder": variant.embedder, "input": asdict(network_input),
            "photos": photos, **more}  # fmt: skip
    return [sys.executable, "-m", "peers.pipeline.worker", json.dumps(told)]


def _faceq(job: Job, threads: int) -> float:
    """Of the whole process: start, models, photos, files of results."""
    listing = job.folder / "photos.txt"
    listing.write_text("".join(f"{photo}\n" for photo in job.photos))
    start = time.monotonic()
    job.faceq.embed_photos(job.model, job.detector, listing, job.folder / "faceq.npy", threads)
    return time.monotonic() - start


def _peer(variant: Variant, job: Job, threads: int) -> float:
    """From the start of the first process, all of which are warm, to the end of the last; the photos are dealt out among
    processes of one thread each, which wait for nobody."""
    processes = [
        subprocess.Popen(
            task(variant, job.input, job.photos[first::threads]),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        for first in range(threads)
    ]
    for process in processes:
        while (line := process.stdout.readline()) and line.strip() != "ready":
            pass
    for process in processes:
        if process.poll() is None:
            process.stdin.write("go\n")
            process.stdin.flush()
    results = []
    for process in processes:
        output, errors = process.communicate()
        if process.returncode != 0:
            raise PeersError(f"{variant.name} failed: {errors.strip()[-300:]}")
        results.append(json.loads(output.strip().rpartition("\n")[2]))
    return max(result["end"] for result in results) - min(result["start"] for result in results)
