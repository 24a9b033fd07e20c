from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import Error, Status
from ..extras import required
from ..gallery import Gallery
from .index import Candidate, Index


class Faiss(Index):
    """People in a file of FAISS, and their names beside it in a file that ends in .json.

    path    of the file
    kind    as FAISS's index factory says it: "Flat" compares everybody exactly, "HNSW32" and "IVF4096,SQ8" do not
    """

    def __init__(self, path: str | os.PathLike[str], kind: str = "Flat") -> None:
        self._faiss = required("faiss", "faiss")
        self._path = Path(path)
        self._names_path = Path(f"{self._path}.json")
        self._kind = kind
        self._index: Any = None
        self._facts: dict[str, Any] = {}
        if self._names_path.exists():
            self._facts = json.loads(self._names_path.read_text(encoding="utf-8"))
            self._index = self._faiss.read_index(str(self._path))
            if self._index.ntotal != len(self._facts["names"]):
                raise Error(
                    f"{self._path} and {self._names_path} are not of one loading; load anew", Status.UNUSABLE_FILE
                )

    @property
    def name(self) -> str:
        return str(self._path)

    def model(self) -> str | None:
        return self._facts.get("model")

    def close(self) -> None:
        self._index = None

    def _size(self) -> int:
        return int(self._index.d)

    def _load(self, gallery: Gallery) -> None:
        faiss = self._faiss
        index = faiss.index_factory(gallery.size, self._kind, faiss.METRIC_INNER_PRODUCT)
        templates = np.ascontiguousarray(gallery.templates)
        if not index.is_trained:
            index.train(templates)
        index.add(templates)
        facts = {"model": gallery.model, "names": list(gallery.names)}
        temporary = [path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in (self._path, self._names_path)]
        try:
            faiss.write_index(index, str(temporary[0]))
            temporary[1].write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
            os.replace(temporary[0], self._path)
            # The file that says that there are people is the last.
            os.replace(temporary[1], self._names_path)
        finally:
            for path in temporary:
                path.unlink(missing_ok=True)
        self._index, self._facts = index, facts

    def _nearest(self, embedding: NDArray[np.float32], count: int) -> list[Candidate]:
        cosines, rows = self._index.search(embedding[None], count)
        names = self._facts["names"]
        return [Candidate(names[row], float(cosine)) for row, cosine in zip(rows[0], cosines[0]) if row >= 0]
