"""Runs one network in a process of its own, so that its peak memory is its own, and prints what was measured as JSON.

python -m peers.worker time OPENER THREADS RUNS INPUTS.npy FILE…
python -m peers.worker embed OPENER THREADS OUTPUT.npy INPUTS.npy FILE…
"""

import json
import re
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from .runtimes import OPENERS

WARM_UP_RUNS = 6


def main() -> None:
    task, opener, threads, argument, inputs, *files = sys.argv[1:]
    faces = np.load(inputs)
    idle = peak_mebibytes()
    network = OPENERS[opener]([Path(file) for file in files], int(threads))
    if task == "embed":
        np.save(argument, np.stack([np.array(network(face[None])).reshape(-1) for face in faces]))
        return
    for index in range(WARM_UP_RUNS):
        network(faces[index % len(faces)][None])
    milliseconds = [time_one(network, faces[index % len(faces)][None]) for index in range(int(argument))]
    print(
        json.dumps(
            {
                "median_ms": statistics.median(milliseconds),
                "min_ms": min(milliseconds),
                "peak_rss_mib": peak_mebibytes(),
                "idle_rss_mib": idle,
            }
        )
    )


def time_one(network, face: np.ndarray) -> float:
    start = time.perf_counter()
    network(face)
    return (time.perf_counter() - start) * 1000


def peak_mebibytes() -> float:
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) / 1024


if __name__ == "__main__":
    main()
