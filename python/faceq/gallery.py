from __future__ import annotations

import os
import sqlite3
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

import numpy as np
from numpy.typing import NDArray

from .errors import Error, Status


@dataclass(frozen=True)
class Gallery:
    """People as search engines want them: a name and a vector for each, by one model.

    names       in the order of the vectors
    templates   float32 [person][component], of unit length: the mean of a person's embeddings, brought back to length 1
    model       the model's digest
    """

    names: Sequence[str]
    templates: NDArray[np.float32]
    model: str

    def __post_init__(self) -> None:
        if self.templates.ndim != 2 or len(self.names) != len(self.templates):
            raise Error(f"{len(self.names)} names need [{len(self.names)}, d] vectors, not {list(self.templates.shape)}")
        if not self.model:
            raise Error("a gallery needs the digest of the model that its vectors are from, as Embedder.model_digest")

    def __len__(self) -> int:
        return len(self.names)

    @property
    def size(self) -> int:
        """Components of a vector."""
        return int(self.templates.shape[1])

    @classmethod
    def of_bank(cls, path: str | os.PathLike[str]) -> Gallery:
        """The people of a bank that has faces: one of the command, or one of this package and of faceq-board."""
        with open(path, "rb") as file:
            magic = file.read(16)
        if magic == b"SQLite format 3\0":
            return cls._of_faces(*_database(path))
        if magic[:4] == b"GGUF":
            return cls._of_faces(*_file(path))
        raise Error(f"{os.fspath(path)} is not a bank; name one that was enrolled or exported", Status.UNUSABLE_FILE)

    @classmethod
    def _of_faces(cls, people: Sequence[str], embeddings: NDArray[np.float32], model: str) -> Gallery:
        """- people: whose each embedding is."""
        names = sorted(set(people), key=lambda name: name.encode())
        rows = {name: row for row, name in enumerate(names)}
        templates = np.zeros((len(names), embeddings.shape[1]), np.float32)
        # One after another, as the search of faceq does it, so that sums are the same to the last bit.
        np.add.at(templates, np.array([rows[name] for name in people], np.intp), embeddings)
        lengths = np.sqrt((templates.astype(np.float64) ** 2).sum(axis=1, keepdims=True))
        scales = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0).astype(np.float32)
        return cls(names, templates * scales, model)


def _database(path: str | os.PathLike[str]) -> tuple[list[str], NDArray[np.float32], str]:
    with sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True) as database:
        try:
            (digest, size), = database.execute("SELECT digest, embedding_size FROM binding")
            rows = database.execute(
                "SELECT person.name, face.embedding FROM face JOIN person ON person.id = face.person ORDER BY face.id"
            ).fetchall()
        except (sqlite3.DatabaseError, ValueError):
            raise Error(
                f"{os.fspath(path)} is not a bank of this version; open it once with faceq bank list", Status.UNUSABLE_FILE
            ) from None
    data = b"".join(embedding for _, embedding in rows)
    if len(data) != 4 * size * len(rows):
        raise Error(f"{os.fspath(path)} is damaged; take a copy of it, or enrol again", Status.UNUSABLE_FILE)
    return [name for name, _ in rows], np.frombuffer(data, "<f4").reshape(-1, size), digest


def _file(path: str | os.PathLike[str]) -> tuple[list[str], NDArray[np.float32], str]:
    data = memoryview(Path(path).read_bytes())
    try:
        values, tensors = _gguf(data)
        people, digest = values["faceq.bank.people"], values["faceq.bank.digest"]
        size = values["faceq.bank.embedding_size"]
        if not people:
            return [], np.empty((0, size), np.float32), digest
        start = tensors["embeddings"]
        embeddings = np.frombuffer(data[start : start + 4 * size * len(people)], "<f4").reshape(len(people), size)
    except (KeyError, ValueError, struct.error, UnicodeDecodeError):
        raise Error(f"{os.fspath(path)} is not a bank, or damaged; export it again", Status.UNUSABLE_FILE) from None
    return people, embeddings, digest


_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9


def _gguf(data: memoryview) -> tuple[dict[str, Any], dict[str, int]]:
    """The metadata of a GGUF file, and where each tensor begins."""
    offset = 8

    def number(code: str) -> Any:
        nonlocal offset
        (value,) = struct.unpack_from("<" + code, data, offset)
        offset += struct.calcsize("<" + code)
        return value

    def text() -> str:
        nonlocal offset
        length = number("Q")
        offset += length
        if offset > len(data):
            raise ValueError
        return str(data[offset - length : offset], "utf-8")

    def value(kind: int) -> Any:
        nonlocal offset
        if kind == _STRING:
            return text()
        if kind != _ARRAY:
            return number(_NUMBERS[kind])
        element, count = number("I"), number("Q")
        if element == _STRING:
            return [text() for _ in range(count)]
        values = np.frombuffer(data, "<" + _NUMBERS[element], count, offset)
        offset += values.nbytes
        return values

    tensor_count, value_count = number("Q"), number("Q")
    values = {}
    for _ in range(value_count):
        key = text()
        values[key] = value(number("I"))
    places = {}
    for _ in range(tensor_count):
        name = text()
        dimensions = number("I")
        offset += 8 * dimensions + 4
        places[name] = number("Q")
    alignment = values.get("general.alignment", 32)
    start = -(-offset // alignment) * alignment
    return values, {name: start + place for name, place in places.items()}
