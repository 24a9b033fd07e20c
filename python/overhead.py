"""What Python adds to a call, beside an embedding:

    python3 overhead.py int8.gguf [FACES_AT_ONCE]
"""

import ctypes
import statistics
import sys
import time
from typing import Callable

import faceq
import numpy as np
from faceq import session


class Nothing:
    """A library whose embeddings take no time: of two different pointers pthread_equal says 0, at once."""

    faceq_embed = ctypes.CDLL(None).pthread_equal
    faceq_embed.argtypes = session.lib.faceq_embed.argtypes


def microseconds(call: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs):
        start = time.perf_counter_ns()
        call()
        times.append((time.perf_counter_ns() - start) / 1000)
    return statistics.median(times)


embedder = faceq.Embedder(sys.argv[1], threads=1)
count = int(sys.argv[2]) if len(sys.argv) > 2 else 1
width, height = embedder.face_size or (112, 112)
faces = list(np.random.default_rng(1).integers(0, 256, (count, height, width, 3), np.uint8))
embedding = microseconds(lambda: embedder.embed(faces), 300)
library, session.lib = session.lib, Nothing  # type: ignore[assignment]
overhead = microseconds(lambda: embedder.embed(faces), 3000)
session.lib = library
print(f"{count} at once: {embedding:.0f} µs for a call on one thread, of which {overhead:.1f} µs are Python's")
