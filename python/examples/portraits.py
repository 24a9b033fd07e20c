"""The classic demo: which of these faces are of one person?

    python3 portraits.py int8.gguf detector.gguf PHOTO...

Finds the largest face in each photo, and prints the cosine of every pair.
"""

# %% What is needed
import sys
from pathlib import Path

import faceq
import numpy as np

model, detector, *photos = sys.argv[1:]

# %% From photos to embeddings: all cores share the photos
analysis = faceq.FaceAnalysis(model, detector)
results = dict(zip(photos, analysis.embed_each(photos)))
for path, result in results.items():
    if isinstance(result, faceq.Error):
        print(f"left out: {result}")
faces = {Path(path).stem: result for path, result in results.items() if not isinstance(result, faceq.Error)}

# %% Embeddings are of unit length, so their products are the cosines
rows = np.array(list(faces.values()))
cosines = rows @ rows.T
width = max(map(len, faces))
print(" " * (width + 3), *(f"{number:6}" for number in range(1, len(faces) + 1)))
for number, (name, row) in enumerate(zip(faces, cosines), 1):
    print(f"{number:2} {name:{width}}", *(f"{cosine:6.2f}" for cosine in row))

# %% Who is who: from a cosine of about 0.4 on it is one person
names = list(faces)
for a, b in zip(*np.nonzero(np.triu(cosines >= faceq.IDENTIFYING_COSINE, 1))):
    print(f"{names[a]} and {names[b]} are one person, cosine {cosines[a, b]:.2f}")

# %% The last photo more closely: every face, largest first
for face in analysis.get(photos[-1], faulty=True):
    print(face.bbox.round().astype(int), f"score {face.det_score:.2f}, quality {face.quality:.2f}", face.fault or "")
