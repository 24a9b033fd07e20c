from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..extras import required
from ..gallery import Gallery
from .index import Candidate, Index

_PORTION = 1000


class Qdrant(Index):
    """People in a collection of Qdrant, whose points have the payload person and model.

    where       the URL of a server, "http://localhost:6333", or a folder, which one process at a time can open
    collection  its name; made by `load`
    exact       whether everybody is compared; a folder always does that
    """

    def __init__(self, where: str | os.PathLike[str], collection: str = "people", *, exact: bool = False) -> None:
        self._qdrant = required("qdrant_client", "qdrant")
        place = os.fspath(where)
        is_server = "://" in place
        self._client: Any = self._qdrant.QdrantClient(**({"url": place} if is_server else {"path": place}))
        self._collection = collection
        self._exact = exact

    @property
    def name(self) -> str:
        return f"the collection {self._collection}"

    def model(self) -> str | None:
        if not self._client.collection_exists(self._collection):
            return None
        points, _ = self._client.scroll(self._collection, limit=1, with_payload=["model"])
        return str(points[0].payload["model"]) if points else None

    def close(self) -> None:
        self._client.close()

    def _size(self) -> int:
        return int(self._client.get_collection(self._collection).config.params.vectors.size)

    def _load(self, gallery: Gallery) -> None:
        models = self._qdrant.models
        self._client.create_collection(
            self._collection,
            vectors_config=models.VectorParams(size=gallery.size, distance=models.Distance.DOT),
        )
        try:
            for start in range(0, len(gallery), _PORTION):
                names = gallery.names[start : start + _PORTION]
                self._client.upsert(
                    self._collection,
                    models.Batch(
                        ids=list(range(start, start + len(names))),
                        vectors=gallery.templates[start : start + _PORTION].tolist(),
                        payloads=[{"person": name, "model": gallery.model} for name in names],
                    ),
                )
        except BaseException:
            self._client.delete_collection(self._collection)
            raise

    def _nearest(self, embedding: NDArray[np.float32], count: int) -> list[Candidate]:
        found = self._client.query_points(
            self._collection,
            query=embedding.tolist(),
            limit=count,
            with_payload=["person"],
            search_params=self._qdrant.models.SearchParams(exact=self._exact),
        ).points
        return [Candidate(point.payload["person"], float(point.score)) for point in found]
