from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..embeddings import vector
from ..errors import Error, Status
from ..gallery import Gallery


class Candidate(NamedTuple):
    """A person, and the cosine of a face with the person's template."""

    person: str
    cosine: float


class Index(ABC):
    """People in a search engine, all by one model."""

    # The model's digest and the components of a vector, once they were asked for.
    _held: tuple[str, int] | None = None

    def load(self, gallery: Gallery) -> None:
        """Puts people into an index that has none."""
        if len(gallery) == 0:
            raise Error("the gallery has nobody; enrol people first")
        if self.model() is not None:
            raise Error(f"{self.name} has people already; choose another name, or remove that one first")
        self._load(gallery)

    def nearest(self, embedding: ArrayLike, model: str, count: int = 2) -> list[Candidate]:
        """The most similar people, the most similar first.

        model       the digest of the model that the embedding is from
        """
        if self._held is None:
            digest = self.model()
            if digest is None:
                raise Error(f"{self.name} has nobody; load a gallery first", Status.NOT_OPEN)
            self._held = (digest, self._size())
        loaded, size = self._held
        if loaded != model:
            raise Error(
                f"{self.name} has people by another model (digest {loaded}) than the embedding's ({model}); load a "
                "gallery of that model",
                Status.OTHER_MODEL,
            )
        row = vector(embedding, size)
        return self._nearest(row, count)

    @property
    @abstractmethod
    def name(self) -> str:
        """Which index it is, for people."""

    @abstractmethod
    def model(self) -> str | None:
        """The digest of the model that the people are by; None where there is nobody yet."""

    @abstractmethod
    def close(self) -> None:
        """Lets go of the engine; what was loaded stays."""

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def _size(self) -> int:
        """Components of a vector; asked only where there are people."""

    @abstractmethod
    def _load(self, gallery: Gallery) -> None: ...

    @abstractmethod
    def _nearest(self, embedding: NDArray[np.float32], count: int) -> list[Candidate]: ...
