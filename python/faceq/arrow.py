"""Faces as Arrow tables and Parquet files, which DuckDB, Spark, pandas, Polars and Lance read: ``pip install faceq[arrow]``.

    import faceq, faceq.arrow

    with faceq.FaceAnalysis("int8.gguf", "detector.gguf") as analysis:
        faceq.arrow.write_parquet("faces.parquet", faceq.arrow.embed(analysis, ["a.jpg", "b.jpg"]))

A row is a face, or a picture without one, for which `reason` says why:

    path        string                      the picture
    face        int32                       1 for the largest face in the picture; null where none was found
    score       float32                     the detector's certainty, 0…1; null for an aligned face
    box         fixed_size_list<float32>[4] left, top, right, bottom in pixels; null for an aligned face
    landmarks   fixed_size_list<float32>[10] x, y of eyes, nose and corners of the mouth, as `Face.kps`; or null
    quality     float32                     0…1, as `Face.quality`; null for an aligned face
    embedding   fixed_size_list<float32>[d] of unit length; or of int8, to be multiplied by `scale`; null with a reason
    scale       float32                     1 for float32; null with a reason
    model       string                      `model_digest`: only embeddings of one model can be compared
    reason      string                      why there is no embedding, else null
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any, Iterable, Iterator, Sequence, Tuple, Union

import numpy as np
from numpy.typing import NDArray

from .analysis import FaceAnalysis
from .embedder import Embedding
from .errors import Error, Status
from .extras import required
from .face import Face
from .gallery import Gallery
from .pictures import Picture

pa = required("pyarrow", "arrow")

Source = Union[str, "os.PathLike[str]", Tuple[str, Picture]]
"""A path, or what is to stand for the path and the picture itself, a file's bytes for instance."""

_ABOUT_THE_PICTURE = (Status.UNUSABLE_PICTURE, Status.NO_FACE)
_ROWS = 256
_PEOPLE = 1 << 14


def schema(embedding_size: int, int8: bool = False) -> Any:
    """The schema of tables of faces; `int8` is that of quantised embeddings."""
    number = pa.int8() if int8 else pa.float32()
    return pa.schema(
        [
            pa.field("path", pa.string(), nullable=False),
            pa.field("face", pa.int32()),
            pa.field("score", pa.float32()),
            pa.field("box", pa.list_(pa.float32(), 4)),
            pa.field("landmarks", pa.list_(pa.float32(), 10)),
            pa.field("quality", pa.float32()),
            pa.field("embedding", pa.list_(number, embedding_size)),
            pa.field("scale", pa.float32()),
            pa.field("model", pa.string(), nullable=False),
            pa.field("reason", pa.string()),
        ]
    )


def embed(
    model: Embedding, pictures: Iterable[Source], *, all_faces: bool = True, int8: bool = False
) -> Iterator[Any]:
    """Record batches of the faces in pictures, in their order; memory does not grow with their number.

    model       a FaceAnalysis, or for aligned faces an Embedder
    all_faces   whether all faces of each picture have rows, or only the largest
    int8        whether embeddings are quantised, to a quarter of the bytes; their cosines change by about 0.001
    """
    rows = Rows(model.model_digest, model.embedding_size, int8)
    portion: list[tuple[str, Picture]] = []
    for source in pictures:
        portion.append(source if isinstance(source, tuple) else (os.fspath(source), source))
        if len(portion) == _ROWS:
            yield _batch(model, portion, all_faces, rows)
            portion = []
    if portion:
        yield _batch(model, portion, all_faces, rows)


def write_parquet(path: str | os.PathLike[str], batches: Iterable[Any]) -> int:
    """Writes record batches as a Parquet file, all of it or nothing, and says how many rows it has."""
    parquet = required("pyarrow.parquet", "arrow")
    batches = iter(batches)
    first = next(batches, None)
    if first is None:
        raise Error("there is nothing to write; give at least one picture or person")
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    rows = int(first.num_rows)
    try:
        # Embeddings do not compress.
        with parquet.ParquetWriter(temporary, first.schema, compression="zstd", use_dictionary=["model"]) as writer:
            writer.write_batch(first)
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return rows


def read_shards(folder: str | os.PathLike[str], *, int8: bool = False) -> Iterator[Any]:
    """Record batches of the shards that ``faceq embed --shards`` wrote, one for each shard, all of them complete."""
    folder = Path(folder)
    manifest = json.loads((folder / "shards.json").read_text())
    rows = Rows(manifest["model"], manifest["embedding_size"], int8)
    count = -(-manifest["images"] // manifest["images_per_shard"])
    for number in range(count):
        stem = folder / f"{number:05d}-{manifest['list'][:8]}"
        if not (stem.with_suffix(".csv").exists() and stem.with_suffix(".npy").exists()):
            raise Error(f"shard {number + 1} of {count} in {folder} is not complete; run the command again")
        embeddings = np.load(stem.with_suffix(".npy"), mmap_mode="r")
        with open(stem.with_suffix(".csv"), newline="", encoding="utf-8") as table:
            for line in csv.DictReader(table):
                face = int(line["face"]) if line["face"] else None
                if line["status"] == "embedded":
                    rows.add(line["path"], face, embedding=embeddings[int(line["row"])])
                else:
                    rows.add(line["path"], face, reason=line["reason"])
        yield rows.take()


def people(gallery: Gallery) -> Iterator[Any]:
    """Record batches of a gallery's people: `person`, `embedding`, a fixed_size_list<float32>, and `model`, the digest.

    faceq.arrow.write_parquet("people.parquet", faceq.arrow.people(faceq.Gallery.of_bank("people.bank")))
    """
    form = pa.schema(
        [
            pa.field("person", pa.string(), nullable=False),
            pa.field("embedding", pa.list_(pa.float32(), gallery.size), nullable=False),
            pa.field("model", pa.string(), nullable=False),
        ]
    )
    for start in range(0, len(gallery), _PEOPLE):
        names, templates = gallery.names[start : start + _PEOPLE], gallery.templates[start : start + _PEOPLE]
        embeddings = pa.FixedSizeListArray.from_arrays(pa.array(templates.reshape(-1)), type=form.field(1).type)
        columns = [pa.array(names, pa.string()), embeddings, pa.array([gallery.model] * len(names), pa.string())]
        yield pa.RecordBatch.from_arrays(columns, schema=form)


class Rows:
    """Rows of the schema that become a record batch."""

    def __init__(self, digest: str, embedding_size: int, int8: bool) -> None:
        self._digest = digest
        self._size = embedding_size
        self._int8 = int8
        self._columns: dict[str, list[Any]] = {name: [] for name in schema(1).names}

    def add(
        self,
        path: str,
        number: int | None = None,
        face: Face | None = None,
        embedding: NDArray[np.float32] | None = None,
        reason: str | None = None,
    ) -> None:
        stored: NDArray[Any] | None = embedding
        scale = None if embedding is None else 1.0
        if embedding is not None and self._int8:
            stored, scale = quantised(embedding)
        landmarks = None if face is None or face.kps is None else face.kps.reshape(-1)
        row = (
            path,
            number,
            None if face is None else face.det_score,
            None if face is None else face.bbox,
            landmarks,
            None if face is None else face.quality,
            stored,
            scale,
            self._digest,
            reason,
        )
        for column, value in zip(self._columns.values(), row):
            column.append(value)

    def take(self) -> Any:
        """A record batch of the rows since the last call."""
        form = schema(self._size, self._int8)
        arrays = []
        for field in form:
            values = self._columns[field.name]
            if pa.types.is_fixed_size_list(field.type):
                arrays.append(_lists(values, field.type))
            else:
                arrays.append(pa.array(values, field.type))
            values.clear()
        return pa.RecordBatch.from_arrays(arrays, schema=form)


def quantised(embedding: NDArray[np.float32]) -> tuple[NDArray[np.int8], float]:
    """An embedding in int8, −127…127, and the scale that it is to be multiplied by."""
    scale = float(np.abs(embedding).max()) / 127
    if scale == 0:
        return np.zeros(len(embedding), np.int8), 0.0
    return np.rint(embedding / scale).astype(np.int8), scale


def _lists(values: Sequence[NDArray[Any] | None], form: Any) -> Any:
    """Rows of numbers as an array of lists, without a Python object for each number."""
    number = form.value_type.to_pandas_dtype()
    flat = np.zeros((len(values), form.list_size), number)
    missing = np.zeros(len(values), bool)
    for index, value in enumerate(values):
        if value is None:
            missing[index] = True
        else:
            flat[index] = value
    return pa.FixedSizeListArray.from_arrays(pa.array(flat.reshape(-1)), type=form, mask=pa.array(missing))


def _batch(model: Embedding, portion: Sequence[tuple[str, Picture]], all_faces: bool, rows: Rows) -> Any:
    if isinstance(model, FaceAnalysis):
        for path, picture in portion:
            _add_faces(model, path, picture, all_faces, rows)
    else:
        for (path, _), result in zip(portion, _embed_each(model, portion)):
            if isinstance(result, Error):
                rows.add(path, reason=str(result))
            else:
                rows.add(path, 1, embedding=result)
    return rows.take()


def _embed_each(
    model: Embedding, portion: Sequence[tuple[str, Picture]]
) -> list[NDArray[np.float32] | Error]:
    results = model.embed_each([picture for _, picture in portion])
    for result in results:
        # What is wrong with a machine must not look like what is wrong with a picture.
        if isinstance(result, Error) and result.status not in _ABOUT_THE_PICTURE:
            raise result
    return results


def _add_faces(model: FaceAnalysis, path: str, picture: Picture, all_faces: bool, rows: Rows) -> None:
    try:
        faces = model.get(picture, faulty=True)
    except Error as error:
        if error.status not in _ABOUT_THE_PICTURE:
            raise
        rows.add(path, reason=str(error))
        return
    if not faces:
        rows.add(path, reason="it shows no face that could be found")
    for number, face in enumerate(faces if all_faces else faces[:1], start=1):
        if face.fault is None:
            rows.add(path, number, face, face.embedding)
        else:
            rows.add(path, number, face, reason=face.fault)
