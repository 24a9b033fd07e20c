from __future__ import annotations

import ctypes
import os
import warnings
from typing import NamedTuple

from numpy.typing import ArrayLike

from . import library
from .embedder import Embedding
from .embeddings import vector
from .errors import Error
from .handle import Handle
from .library import lib

IDENTIFYING_COSINE = 0.4
"""The cosine from which on ``faceq identify`` says that a face is a person's."""


class Match(NamedTuple):
    """The two people most like a face, and the cosines with the mean of their embeddings; None and −1 for nobody."""

    person: str | None
    cosine: float
    runner_up: str | None
    runner_up_cosine: float


class Bank(Handle):
    """The faces of people, bound to the model that embedded them.

        with faceq.Bank("people.bank", embedder) as bank:
            bank.enrol("Ada", embedder.embed("ada.jpg")[0], photo="ada.jpg")
            bank.save()
            match = bank.identify(embedder.embed("visitor.jpg")[0])

    Reads the file at `path`, or begins an empty bank where there is none. What was not saved is forgotten. Warns where
    another detector than the model's found the faces: cosines between faces of two detectors are a little smaller.
    """

    def __init__(self, path: str | os.PathLike[str], model: Embedding) -> None:
        if not isinstance(model, Embedding):
            raise Error(f"a bank needs an Embedder or a FaceAnalysis, and not a {type(model).__name__}")
        self.path = os.fspath(path)
        pointer = ctypes.c_void_p()
        model._call(lib.faceq_bank_open, _text(os.fsencode(self.path), "the path"), ctypes.byref(pointer))
        assert pointer.value
        super().__init__(pointer.value, lib.faceq_bank_close, lib.faceq_bank_message)
        self._size = model.embedding_size
        if model.detector_digest and self.detector_digest not in ("", model.detector_digest):
            warnings.warn(
                f"the faces in {self.path} were found by another detector (digest {self.detector_digest}), whose cosines "
                "with this one's are smaller; use that detector, or enrol the photos into a new bank",
                stacklevel=2,
            )

    @property
    def detector_digest(self) -> str:
        """The `detector_digest` of what found the faces; empty where the bank names none."""
        with self._lock:
            digest: bytes = lib.faceq_bank_detector(self._open_pointer())
        return digest.decode()

    @property
    def people(self) -> dict[str, int]:
        """How many embeddings each person has, in the order of names."""
        people: dict[str, int] = {}
        with self._lock:
            for index in range(lib.faceq_bank_people(self._open_pointer())):
                person = library.PersonStruct(ctypes.sizeof(library.PersonStruct))
                self._call(lib.faceq_bank_person, index, ctypes.byref(person))
                people[person.name.decode()] = person.photos
        return people

    def enrol(self, person: str, embedding: ArrayLike | None, photo: str = "") -> None:
        """Adds an embedding of a person; the same one is not added twice. `photo` says what it is from, for people."""
        components = vector(embedding, self._size)
        self._call(
            lib.faceq_bank_enrol, _text(person, "the name"), _text(photo, "the photo"), components.ctypes.data
        )

    def remove(self, person: str) -> int:
        """Removes a person with all embeddings, and says how many these were."""
        removed = ctypes.c_size_t()
        self._call(lib.faceq_bank_remove, _text(person, "the name"), ctypes.byref(removed))
        return removed.value

    def identify(self, embedding: ArrayLike | None) -> Match:
        """Who is most like a face; the caller decides from which cosine on it is that person."""
        components = vector(embedding, self._size)
        match = library.MatchStruct(ctypes.sizeof(library.MatchStruct))
        self._call(lib.faceq_bank_identify, components.ctypes.data, ctypes.byref(match))
        return Match(
            match.person.decode() or None, match.cosine, match.runner_up.decode() or None, match.runner_up_cosine
        )

    def save(self) -> None:
        """Writes the bank to its file, all of it or nothing."""
        self._call(lib.faceq_bank_save)


def _text(text: str | bytes, what: str) -> bytes:
    try:
        encoded = text if isinstance(text, bytes) else text.encode()
    except (AttributeError, UnicodeEncodeError):
        raise Error(f"{what} is no text that can be written in UTF-8") from None
    if b"\0" in encoded:
        raise Error(f"{what} has a zero in it")
    return encoded
