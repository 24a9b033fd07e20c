"""Embeds an aligned face; scripts/test-python runs this under QEMU, where pytest would take too long.

    arm.py MODEL FACE EMBEDDING     EMBEDDING, a .npy file, is what the command gives
"""

import platform
import sys

import faceq
import numpy as np

model, face, expected = sys.argv[1:]
with faceq.Embedder(model) as embedder:
    row = embedder.embed(face)
    embedder.self_test()
    if row.tobytes() != np.load(expected).tobytes():
        sys.exit("the embedding is not the command's")
    print(f"{platform.machine()}, Python {platform.python_version()}, {embedder.instruction_set}: the command's bytes")
