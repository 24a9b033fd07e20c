"""How long embeddings of an aligned face take from Python, on one thread: see measure.

    calls.py MODEL CALLS
"""

import sys
import time

import faceq
import numpy as np

with faceq.Embedder(sys.argv[1], threads=1) as embedder:
    width, height = embedder.face_size or (112, 112)
    face = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    times = []
    for _ in range(int(sys.argv[2])):
        start = time.perf_counter_ns()
        embedder.embed(face)
        times.append(time.perf_counter_ns() - start)
    print(f"{min(times) / 1000:.1f}")
