"""Embeds the pictures of a Spark DataFrame: ``pip install faceq[spark]``, PySpark 4 with Java 17.

    from pyspark.sql import SparkSession
    import faceq.spark

    spark = SparkSession.builder.getOrCreate()
    photos = spark.read.format("binaryFile").load("hdfs:///photos/*.jpg")
    faces = faceq.spark.embed(photos, "int8.gguf", "detector.gguf")
    faces.write.parquet("hdfs:///faces")

The executors need this package, as the driver does. Rows are those of `faceq.arrow`, whatever machine makes them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Iterator

from .analysis import FaceAnalysis
from .embedder import Embedder, Embedding
from .errors import Error, Status
from .extras import required
from .settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

pa = required("pyarrow", "spark")

# A DDL schema: Spark has no lists of a fixed size.
_COLUMNS = (
    "path string, face int, score float, box array<float>, landmarks array<float>, quality float, "
    "embedding array<{number}>, scale float, model string, reason string"
)

# One session for each Python worker: Spark keeps workers, and gives them one task after another.
_sessions: dict[tuple[object, ...], Embedding] = {}


def embed(
    pictures: DataFrame,
    model: str | os.PathLike[str],
    detector: str | os.PathLike[str] | None = None,
    *,
    all_faces: bool = True,
    int8: bool = False,
    settings: Settings | None = None,
    threads: int = 1,
    distribute: bool = True,
) -> DataFrame:
    """The faces in pictures, a row for each, and a row with a `reason` for each picture without one.

    pictures    has a column `path`, and where executors cannot read these paths the files' bytes in `content`
    model       an embedding model's file
    detector    a detector's file; aligned faces need none
    all_faces   whether all faces of each picture have rows, or only the largest
    int8        whether embeddings are quantised, see `faceq.arrow`
    threads     of each task; Spark runs as many tasks at once as it has cores, unless spark.task.cpus says otherwise
    distribute  whether Spark brings the two files to the executors; else they are at the same paths there
    """
    columns = set(pictures.columns)
    if "path" not in columns:
        raise Error(f"the table has no column path, but {', '.join(sorted(columns))}; rename the one with the paths")
    # Says what is wrong with the files before Spark starts a job, and what executors have to find.
    files = [os.path.abspath(os.fspath(file)) for file in (model, detector) if file is not None]
    with _open(files, settings, threads) as session:
        digests = (session.model_digest, session.detector_digest)
    names = [_distributed(pictures, file) for file in files] if distribute else files
    chosen = pictures.select("path", "content") if "content" in columns else pictures.select("path")
    return chosen.mapInArrow(
        _Worker(names, distribute, digests, settings, threads, all_faces, int8).run,
        _COLUMNS.format(number="tinyint" if int8 else "float"),
    )


class _Worker:
    """What a Python worker does with the pictures of a task."""

    def __init__(
        self,
        files: list[str],
        are_distributed: bool,
        digests: tuple[str, str],
        settings: Settings | None,
        threads: int,
        all_faces: bool,
        int8: bool,
    ) -> None:
        self._files = files
        self._are_distributed = are_distributed
        self._digests = digests
        self._settings = settings
        self._threads = threads
        self._all_faces = all_faces
        self._int8 = int8

    def run(self, batches: Iterator[Any]) -> Iterator[Any]:
        from . import arrow

        session = self._session()
        for batch in batches:
            columns = batch.to_pydict()
            pictures = columns.get("content") or map(_local, columns["path"])
            sources = list(zip(columns["path"], pictures))
            for faces in arrow.embed(session, sources, all_faces=self._all_faces, int8=self._int8):
                yield _with_lists(faces)

    def _session(self) -> Embedding:
        key = (*self._files, *self._digests, self._settings, self._threads)
        session = _sessions.get(key)
        if session is None:
            files = self._files
            if self._are_distributed:
                from pyspark import SparkFiles

                files = [SparkFiles.get(name) for name in files]
            session = _open(files, self._settings, self._threads)
            if (session.model_digest, session.detector_digest) != self._digests:
                names = ", ".join(files)
                raise Error(f"{names}: these are another model or detector than the driver's", Status.OTHER_MODEL)
            _sessions[key] = session
        return session


def _open(files: list[str], settings: Settings | None, threads: int) -> Embedding:
    if len(files) == 1:
        return Embedder(files[0], settings=settings, threads=threads)
    return FaceAnalysis(files[0], files[1], settings=settings, threads=threads)


def _distributed(pictures: DataFrame, file: str) -> str:
    """Has Spark bring a file to each executor, and returns the name that it has there."""
    pictures.sparkSession.sparkContext.addFile(file)
    return os.path.basename(file)


def _local(path: str) -> str:
    """A path that Spark's sources have made a URI."""
    return path[5:] if path.startswith("file:/") else path


def _with_lists(faces: Any) -> Any:
    """The same rows with lists of any size, which is what Spark knows."""
    arrays = [
        column.cast(pa.list_(column.type.value_type)) if pa.types.is_fixed_size_list(column.type) else column
        for column in faces.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=faces.schema.names)
