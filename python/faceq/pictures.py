"""Pictures of other packages, as the library takes them."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Iterable, Iterator, Union

import numpy as np
from numpy.typing import NDArray

from . import library
from .errors import Error, Status

Picture = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, "NDArray[np.uint8]", Any]
"""A path; the bytes of a JPEG or PNG file; an array [height, width], [height, width, 3] (BGR) or [height, width, 4]
(BGRA) of 8 bits, as OpenCV has them; or a picture of PIL."""

_IMAGE_SIZE = ctypes.sizeof(library.Image)
_FORMATS_OF_ARRAYS = {1: library.GREY, 3: library.BGR, 4: library.BGRA}


def image(picture: Picture) -> tuple[library.Image, object]:
    """The struct for a picture, and what has to live as long as the struct is used."""
    if isinstance(picture, np.ndarray):
        return _image_of_array(picture, _FORMATS_OF_ARRAYS)
    if isinstance(picture, (str, os.PathLike)):
        path = os.fsencode(picture)
        if not path or b"\0" in path:
            raise Error(f"{os.fsdecode(path)!r} is no path; give that of a JPEG or PNG file")
        return library.Image(_IMAGE_SIZE, library.FILE, 0, 0, _address(path)), path
    if isinstance(picture, (bytes, bytearray, memoryview)):
        data = picture if isinstance(picture, bytes) else bytes(picture)
        if not data:
            raise Error("the picture has no bytes", Status.UNUSABLE_PICTURE)
        return library.Image(_IMAGE_SIZE, library.ENCODED, 0, 0, _address(data), len(data)), data
    if hasattr(picture, "mode") and hasattr(picture, "convert") and hasattr(picture, "size"):
        return _image_of_pil(picture)
    raise Error(
        f"a {type(picture).__name__} is no picture; give a path, the bytes of a file, an array of 8 bits, or a picture "
        "of PIL"
    )


def is_one(pictures: object) -> bool:
    """Whether this is one picture, and not several."""
    if isinstance(pictures, np.ndarray):
        return pictures.ndim < 4
    return isinstance(pictures, (str, os.PathLike, bytes, bytearray, memoryview)) or hasattr(pictures, "convert")


def batches(pictures: Iterable[Picture]) -> Iterator[tuple[ctypes.Array[library.Image], list[object]]]:
    """Pictures in portions that are embedded at once, so that a generator's pictures are not all in memory."""
    structs: list[library.Image] = []
    owners: list[object] = []
    pixels = 0
    for picture in pictures:
        struct, owner = image(picture)
        structs.append(struct)
        owners.append(owner)
        pixels += struct.size
        if len(structs) == 256 or pixels >= 1 << 27:
            yield (library.Image * len(structs))(*structs), owners
            structs, owners, pixels = [], [], 0
    if structs:
        yield (library.Image * len(structs))(*structs), owners


def _address(data: bytes) -> int | None:
    return ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value


def _image_of_array(array: NDArray[Any], formats: dict[int, int]) -> tuple[library.Image, object]:
    if array.dtype != np.uint8:
        raise Error(f"the picture is an array of {array.dtype}; give 8 bits (uint8), 0…255")
    shape = array.shape
    channels = 1 if array.ndim == 2 else shape[2] if array.ndim == 3 else 0
    if channels not in formats:
        raise Error(
            f"an array of the shape {list(shape)} is no picture; give [height, width], [height, width, 3] or "
            "[height, width, 4]"
        )
    height, width = shape[:2]
    if not (1 <= height < 1 << 31 and 1 <= width < 1 << 31):
        raise Error(f"the picture has {width}×{height} pixels; give one with some")
    row = width * channels
    # Rows may have something between them, as in a part of a larger picture; pixels may not.
    if not array.flags.c_contiguous:
        strides = array.strides
        if strides[1] != channels or (array.ndim == 3 and strides[2] != 1) or strides[0] < row:
            array = np.ascontiguousarray(array)
    row_bytes = array.strides[0] if height > 1 else row
    size = (height - 1) * row_bytes + row
    return library.Image(_IMAGE_SIZE, formats[channels], width, height, array.ctypes.data, size, row_bytes), array


def _image_of_pil(picture: Any) -> tuple[library.Image, object]:
    mode = picture.mode
    if mode not in ("L", "RGB", "RGBA"):
        if mode not in ("1", "P", "PA", "LA", "La", "RGBa", "RGBX", "CMYK", "YCbCr", "LAB", "HSV"):
            raise Error(f"the picture has the mode {mode}, which is not 8 bits; convert it to RGB")
        picture = picture.convert("RGB")
    formats = {1: library.GREY, 3: library.RGB, 4: library.RGBA}
    return _image_of_array(np.asarray(picture), formats)
