"""Made-up galleries: random unit vectors, some of which have a twin."""

from __future__ import annotations

import faceq
import numpy as np
from numpy.typing import NDArray

TWIN_COSINE = 0.75


def made_up(people: int, size: int, model: str, seed: int = 7) -> faceq.Gallery:
    """A gallery in which person 2i + 1 is the twin of person 2i, for the first tenth of all people."""
    random = np.random.default_rng(seed)
    templates = unit(random.standard_normal((people, size), np.float32))
    twins = np.arange(0, people // 10 // 2 * 2, 2)
    templates[twins + 1] = beside(templates[twins], TWIN_COSINE, random)
    return faceq.Gallery([f"person {row:08d}" for row in range(people)], templates, model)


def visitors(gallery: faceq.Gallery, count: int, seed: int = 8) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Embeddings of people who have twins, and their rows: a face of somebody has a cosine of 0.9 with the template."""
    random = np.random.default_rng(seed)
    rows = random.integers(0, len(gallery) // 10 // 2 * 2, count)
    return beside(gallery.templates[rows], 0.9, random), rows


def beside(vectors: NDArray[np.float32], cosine: float, random: np.random.Generator) -> NDArray[np.float32]:
    """Unit vectors that have this cosine with each of `vectors`."""
    other = random.standard_normal(vectors.shape, np.float32)
    other = unit(other - (other * vectors).sum(1, keepdims=True) * vectors)
    return unit(cosine * vectors + np.float32((1 - cosine * cosine) ** 0.5) * other)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
