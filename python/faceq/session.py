from __future__ import annotations

import ctypes
import os
from typing import Iterable, Iterator, Union

import numpy as np
from numpy.typing import NDArray

from . import library, pictures
from .errors import Error, Status
from .face import Face, face
from .handle import Handle
from .library import lib
from .pictures import Picture
from .settings import Settings, check_number

Model = Union[str, "os.PathLike[str]", bytes]
"""The path of a model file, or its bytes."""

_CAPACITY = 256


class Session(Handle):
    """What detectors, embedders and analyses have in common.

    Threads may share one, but their calls then wait for each other: make one for each thread, which share the models'
    memory. A call uses as many cores as `threads` says. After fork() a child process needs its own.
    """

    def __init__(
        self,
        models: Iterable[Model],
        settings: Settings | None = None,
        threads: int | None = None,
        instruction_set: str | None = None,
    ) -> None:
        if threads is not None:
            check_number(threads, 1, 256, "threads", whole=True)
        options = library.Options(
            ctypes.sizeof(library.Options), threads or 0, None if instruction_set is None else instruction_set.encode()
        )
        pointer = ctypes.c_void_p()
        status = lib.faceq_session_create(ctypes.byref(options), ctypes.byref(pointer))
        if status or not pointer.value:
            raise Error("there is no memory for a session", Status(status or Status.OUT_OF_MEMORY))
        super().__init__(pointer.value, lib.faceq_session_close, lib.faceq_message)
        self.settings = settings or Settings()
        try:
            for model in models:
                self._add(model)
        except BaseException:
            self.close()
            raise

    @property
    def settings(self) -> Settings:
        """How faces are looked for, and which are embedded; may be set."""
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._settings, self._settings_struct = settings, settings.struct()

    def _add(self, model: Model) -> None:
        if isinstance(model, bytes):
            self._call(lib.faceq_open_memory, model, len(model))
        elif isinstance(model, (str, os.PathLike)):
            self._call(lib.faceq_open, os.fsencode(model))
        else:
            raise Error(f"a {type(model).__name__} is no model; give the path of a model file, or its bytes")
        info = self._info()
        self.embedding_size = info.embedding_size
        self._has_detector = bool(info.has_detector)
        self.face_size = (info.face_width, info.face_height) if info.embedding_size else None

    embedding_size: int = 0
    """Components of an embedding; 0 without a model."""
    face_size: tuple[int, int] | None = None
    """Width and height of an aligned face that the model wants, in pixels."""
    _has_detector = False

    @property
    def threads(self) -> int:
        """How many threads share the work of a call."""
        return int(self._info().threads)

    @property
    def instruction_set(self) -> str:
        """With what it computes."""
        name: bytes = self._info().instruction_set
        return name.decode()

    @property
    def is_stand_in(self) -> bool:
        """Whether the model was never trained, and identifies nobody."""
        return bool(self._info().is_stand_in)

    @property
    def model_digest(self) -> str:
        """32 hexadecimal digits that stand for all that decides the embeddings; empty without a model."""
        digest: bytes = self._info().model_digest
        return digest.decode()

    @property
    def detector_digest(self) -> str:
        """As `model_digest`, of the detector; empty without one."""
        digest: bytes = self._info().detector_digest
        return digest.decode()

    def self_test(self) -> None:
        """Raises an error where this machine does not compute what the models were calibrated to give, bit for bit."""
        self._call(lib.faceq_self_test)

    def align(self, picture: Picture, kps: NDArray[np.float32], side: int = 112) -> NDArray[np.uint8]:
        """A face as models want it: RGB, uint8 [side, side, 3]. `kps` are its landmarks [5, 2], `side` is 16…1024."""
        landmarks = np.ascontiguousarray(kps, dtype=np.float32)
        if landmarks.shape != (5, 2):
            raise Error(f"landmarks have the shape [5, 2], but these have {list(landmarks.shape)}")
        check_number(side, 16, 1024, "side", whole=True)
        struct, owner = pictures.image(picture)
        rgb = np.empty((side, side, 3), np.uint8)
        self._call(lib.faceq_align, ctypes.byref(struct), landmarks.ctypes.data, side, rgb.ctypes.data)
        del owner
        return rgb

    def _info(self) -> library.Info:
        info = library.Info(ctypes.sizeof(library.Info))
        self._call(lib.faceq_session_info, ctypes.byref(info))
        return info

    def _faces(self, picture: Picture, embeds: bool) -> list[Face]:
        """The faces in a picture, largest first."""
        struct, owner = pictures.image(picture)
        found, embeddings, count = self._detect(struct, embeds, _CAPACITY)
        if count > _CAPACITY:
            found, embeddings, count = self._detect(struct, embeds, count)
        del owner
        return [
            face(found[index], None if embeddings is None else embeddings[index].copy())
            for index in range(count)
        ]

    def _detect(
        self, struct: library.Image, embeds: bool, capacity: int
    ) -> tuple[ctypes.Array[library.FoundFace], NDArray[np.float32] | None, int]:
        found = (library.FoundFace * capacity)()
        found[0].struct_size = ctypes.sizeof(library.FoundFace)
        embeddings = np.empty((capacity, self.embedding_size), np.float32) if embeds else None
        count = ctypes.c_size_t()
        self._call(
            lib.faceq_detect,
            ctypes.byref(struct),
            ctypes.byref(self._settings_struct),
            ctypes.byref(found),
            None if embeddings is None else embeddings.ctypes.data,
            capacity,
            ctypes.byref(count),
        )
        return found, embeddings, count.value

    def _embed(self, several: Iterable[Picture]) -> Iterator[tuple[NDArray[np.float32], list[Error | None]]]:
        """Embeddings of pictures, portion by portion; zeros where a picture has an error."""
        for structs, owners in pictures.batches(several):
            embeddings = np.empty((len(structs), self.embedding_size), np.float32)
            statuses = (ctypes.c_int * len(structs))()
            with self._lock:
                try:
                    self._call(
                        lib.faceq_embed,
                        ctypes.byref(structs),
                        len(structs),
                        ctypes.byref(self._settings_struct),
                        embeddings.ctypes.data,
                        ctypes.byref(statuses),
                    )
                    errors: list[Error | None] = [None] * len(structs)
                except Error:
                    if not any(statuses):
                        raise
                    errors = [self._error(index, status) for index, status in enumerate(statuses)]
            del owners
            yield embeddings, errors

    def _error(self, index: int, status: int) -> Error | None:
        if not status:
            return None
        sentence: bytes = lib.faceq_image_message(self._pointer, index)
        return Error(sentence.decode("utf-8", "replace"), Status(status))
