"""Embeds the pictures of a Ray dataset: ``pip install faceq[ray]``.

    import ray, faceq.ray

    photos = ray.data.read_binary_files("s3://photos", include_paths=True)
    faces = faceq.ray.embed(photos, "int8.gguf", "detector.gguf", concurrency=8)
    faces.write_parquet("s3://faces")

The workers need this package, and the two files at the same paths. Rows are those of `faceq.arrow`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from . import arrow
from .analysis import FaceAnalysis
from .embedder import Embedder, Embedding
from .extras import required
from .settings import Settings

if TYPE_CHECKING:
    from ray.data import Dataset

pa = required("pyarrow", "ray")


def embed(
    pictures: Dataset,
    model: str | os.PathLike[str],
    detector: str | os.PathLike[str] | None = None,
    *,
    all_faces: bool = True,
    int8: bool = False,
    settings: Settings | None = None,
    threads: int = 1,
    concurrency: Any = 1,
    batch_size: int = 64,
) -> Dataset:
    """The faces in pictures, a row for each, and a row with a `reason` for each picture without one.

    pictures     has a column `path`, and where workers cannot read these paths the files' bytes in `bytes`
    concurrency  how many actors there are, each with a session of `threads` threads, as `Dataset.map_batches` has it
    """
    return pictures.map_batches(
        Actor,
        fn_constructor_args=(os.path.abspath(model), detector and os.path.abspath(detector)),
        fn_constructor_kwargs={"all_faces": all_faces, "int8": int8, "settings": settings, "threads": threads},
        batch_format="pyarrow",
        batch_size=batch_size,
        concurrency=concurrency,
        num_cpus=threads,
    )


class Actor:
    """A session that embeds one batch after another."""

    def __init__(
        self,
        model: str,
        detector: str | None,
        *,
        all_faces: bool = True,
        int8: bool = False,
        settings: Settings | None = None,
        threads: int = 1,
    ) -> None:
        self._session: Embedding
        if detector is None:
            self._session = Embedder(model, settings=settings, threads=threads)
        else:
            self._session = FaceAnalysis(model, detector, settings=settings, threads=threads)
        self._all_faces = all_faces
        self._int8 = int8

    def __call__(self, pictures: Any) -> Any:
        columns = pictures.to_pydict()
        sources = list(zip(columns["path"], columns.get("bytes") or columns["path"]))
        faces = list(arrow.embed(self._session, sources, all_faces=self._all_faces, int8=self._int8))
        schema = arrow.schema(self._session.embedding_size, self._int8)
        return pa.Table.from_batches(faces, schema=schema)
