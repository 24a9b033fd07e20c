from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import Error, Status
from .library import lib


def vector(embedding: ArrayLike | None, size: int | None = None) -> NDArray[np.float32]:
    """An embedding as the library takes it. Copies only what is no row of float32 yet."""
    if embedding is None:
        raise Error("there is no embedding, as of a face that was only detected, or that has a fault")
    try:
        array: NDArray[Any] = np.asarray(embedding)
    except ValueError:
        raise Error("this is no embedding; give a row of numbers") from None
    if array.dtype.kind not in "fiu" or array.ndim != 1:
        raise Error(f"an array of {array.dtype} of the shape {list(array.shape)} is no embedding; give a row of numbers")
    if size is not None and len(array) != size:
        raise Error(f"the embedding has {len(array)} components, but the model's have {size}")
    return np.ascontiguousarray(array, dtype=np.float32)


def compare(a: ArrayLike, b: ArrayLike) -> float:
    """The cosine of two embeddings, −1…1: about 0 for different people."""
    first, second = vector(a), vector(b)
    if len(first) != len(second):
        raise Error(
            f"embeddings of {len(first)} and of {len(second)} components cannot be compared; embed both with one model"
        )
    cosine = ctypes.c_float()
    status = lib.faceq_compare(first.ctypes.data, second.ctypes.data, len(first), ctypes.byref(cosine))
    if status:
        raise Error("these are no embeddings", Status(status))
    return cosine.value
