"""The classic demo: which of these faces are of one person?

    python3 portraits.py int8.gguf detector.gguf FOLDER

Finds the largest face in each photo of the folder, and prints the cosine of every pair.
"""

# %% What is needed
import sys
from pathlib import Path

import faceq
import numpy as np

model, detector, folder = sys.argv[1:]
photos = sorted(path for path in Path(folder).iterdir() if path.suffix.lower() in {".jpg", ".jpeg", ".png"})

# %% From photos to embeddings: all cores share the photos
analysis = faceq.FaceAnalysis(model, detector)
results = dict(zip(photos, analysis.embed_each(photos)))
for path, result in results.items():
    if isinstance(result, faceq.Error):
        print(f"left out: {result}")
faces = {path.stem: result for path, result in results.items() if not isinstance(result, faceq.Error)}

# %% Embeddings are of unit length, so their products are the cosines
rows = np.array(list(faces.values()))
cosines = rows @ rows.T
width = max(map(len, faces))
print(" " * width, *(f"{name:>{width}}" for name in faces))
for name, row in zip(faces, cosines):
    print(f"{name:>{width}}", *(f"{cosine:{width}.2f}" for cosine in row))

# %% Who is who: from a cosine of about 0.4 on it is one person
for a in range(len(faces)):
    for b in range(a):
        if cosines[a, b] >= faceq.IDENTIFYING_COSINE:
            print(f"{list(faces)[b]} and {list(faces)[a]} are one person, cosine {cosines[a, b]:.2f}")

# %% One photo more closely: every face, largest first
for face in analysis.get(photos[-1], faulty=True):
    print(face.bbox.round().astype(int), f"score {face.det_score:.2f}, quality {face.quality:.2f}", face.fault or "")
