from __future__ import annotations

from typing import Iterable

import numpy as np
from numpy.typing import NDArray

from . import pictures
from .errors import Error, Status
from .pictures import Picture
from .session import Model, Session
from .settings import Settings


class Embedding(Session):
    """What embedders and analyses have in common."""

    def embed(self, images: Picture | Iterable[Picture]) -> NDArray[np.float32]:
        """Embeddings, float32 [n, d], each of unit length: of aligned faces, or of the largest face in each photo.

        `images` are a list, a generator or an array [n, height, width, 3] of pictures, or one picture. All cores share
        them. Raises the error of the first picture that has one.
        """
        several: Iterable[Picture] = [images] if pictures.is_one(images) else images  # type: ignore[assignment]
        parts = []
        for embeddings, errors in self._embed(several):
            for error in errors:
                if error:
                    raise error
            parts.append(embeddings)
        if not parts:
            return np.empty((0, self.embedding_size), np.float32)
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def embed_each(self, images: Iterable[Picture]) -> list[NDArray[np.float32] | Error]:
        """For each picture its embedding, float32 [d], or the error that says why there is none."""
        results: list[NDArray[np.float32] | Error] = []
        for embeddings, errors in self._embed(images):
            results += [error or row for row, error in zip(embeddings, errors)]
        return results


class Embedder(Embedding):
    """Turns pictures into embeddings.

    model               an embedding model's file, or its bytes
    detector            a detector's file, or its bytes; aligned faces need none
    threads             1…256, the calling one included; None is one for each core
    instruction_set     one of `faceq.instruction_sets()`; None is the fastest
    """

    def __init__(
        self,
        model: Model,
        detector: Model | None = None,
        *,
        settings: Settings | None = None,
        threads: int | None = None,
        instruction_set: str | None = None,
    ) -> None:
        models = [model] if detector is None else [model, detector]
        super().__init__(models, settings, threads, instruction_set)
        if not self.embedding_size:
            self.close()
            raise Error("the model is a face detector; give an embedding model, too", Status.UNUSABLE_FILE)
