"""Takes photos to embeddings on one thread, in a process of its own. Told what to do as JSON, and prints JSON.

python -m peers.pipeline.worker '{"detector": […], "embedder": […], "input": {…}, "photos": […], "answers": FILE}'

Without "answers" it warms up, says that it is ready, waits for a line, and measures.
"""

import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np

from .. import runtimes
from . import detectors
from .alignment import aligned

cv2.setNumThreads(1)


class Pipeline:
    def __init__(self, task: dict):
        opener, *files = task["detector"]
        self._detect = detectors.OPENERS[opener]([Path(file) for file in files])
        opener, *files = task["embedder"]
        self._embed = runtimes.OPENERS[opener]([Path(file) for file in files], 1)
        self._swap = task["input"]["channels"] == "rgb"
        mean, deviation = (np.float32(task["input"][key]).reshape(1, 3, 1, 1) for key in ("mean", "deviation"))
        self._scale, self._shift = 1 / deviation, -mean / deviation

    def run(self, path: str) -> tuple[detectors.Faces, list[np.ndarray | None]]:
        """The faces in a photo, and of each the embedding, of unit length, or nothing."""
        photo = cv2.imread(path)
        faces = self._detect(photo)
        return faces, [self._embedding(photo, points) for points in faces.points]

    def _embedding(self, photo: np.ndarray, points: np.ndarray) -> np.ndarray | None:
        face = aligned(photo, points)
        if face is None:
            return None
        blob = cv2.dnn.blobFromImage(face, swapRB=self._swap) * self._scale + self._shift
        embedding = np.asarray(self._embed(blob)).reshape(-1)
        return embedding / np.linalg.norm(embedding)


def main() -> None:
    task = json.loads(sys.argv[1])
    pipeline = Pipeline(task)
    if "answers" in task:
        return save(pipeline, task["photos"], task["answers"])
    for path in 2 * sorted(set(task["photos"])):
        pipeline.run(path)
    print("ready", flush=True)
    sys.stdin.readline()
    start = time.monotonic()
    for path in task["photos"]:
        pipeline.run(path)
    print(json.dumps({"start": start, "end": time.monotonic()}))


def save(pipeline: Pipeline, photos: list[str], file: str) -> None:
    answers = []
    for path in photos:
        faces, embeddings = pipeline.run(path)
        for index, embedding in enumerate(embeddings):
            answers.append(
                {
                    "photo": path,
                    "box": faces.boxes[index].tolist(),
                    "score": float(faces.scores[index]),
                    "points": faces.points[index].tolist(),
                    "embedding": None if embedding is None else embedding.tolist(),
                }
            )
    Path(file).write_text(json.dumps(answers))


if __name__ == "__main__":
    main()
