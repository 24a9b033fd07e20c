"""What pipelines answer, and how far they agree."""

import csv
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Agreement:
    faces: int
    common: int
    """Faces that the reference has, too."""
    landmarks: float
    """Median distance of their points, in per cent of the distance between the eyes."""
    embedded: int
    cosine: float
    """Mean, over faces that both embed."""
    least_cosine: float


def agreement(answers: list[dict], reference: list[dict]) -> Agreement:
    pairs = [
        (best, other)
        for other in reference
        if (best := max(answers, key=lambda answer: _overlap(answer, other), default=None)) is not None
        and _overlap(best, other) >= 0.5
    ]
    distances, cosines = [], []
    for one, other in pairs:
        ours, theirs = np.array(one["points"]), np.array(other["points"])
        eyes = np.linalg.norm(theirs[1] - theirs[0])
        distances.append(np.linalg.norm(ours - theirs, axis=1).mean() / eyes * 100)
        if one["embedding"] is not None and other["embedding"] is not None:
            cosines.append(float(np.dot(one["embedding"], other["embedding"])))
    return Agreement(
        faces=len(answers),
        common=len(pairs),
        landmarks=float(np.median(distances)) if distances else float("nan"),
        embedded=sum(answer["embedding"] is not None for answer in answers),
        cosine=float(np.mean(cosines)) if cosines else float("nan"),
        least_cosine=min(cosines, default=float("nan")),
    )


def faceq_answers(detected: list[dict], rows: np.ndarray, table: str) -> list[dict]:
    """From the JSON of `faceq detect`, and the rows and the table of `faceq embed --all-faces`."""
    lines = csv.DictReader(table.splitlines())
    embeddings = {(line["path"], line["face"]): rows[int(line["row"])].tolist() for line in lines if line["row"]}
    answers = []
    for photo in detected:
        for index, face in enumerate(photo["faces"]):
            left, top, right, bottom = face["box"]
            answers.append(
                {
                    "photo": photo["path"],
                    "box": [left, top, right - left, bottom - top],
                    "points": face["landmarks"],
                    "embedding": embeddings.get((photo["path"], str(index + 1))),
                }
            )
    return answers


def _overlap(one: dict, other: dict) -> float:
    """The common area by that of both together."""
    if one["photo"] != other["photo"]:
        return 0
    (ax, ay, aw, ah), (bx, by, bw, bh) = one["box"], other["box"]
    across = min(ax + aw, bx + bw) - max(ax, bx)
    down = min(ay + ah, by + bh) - max(ay, by)
    common = max(across, 0) * max(down, 0)
    return common / (aw * ah + bw * bh - common)
