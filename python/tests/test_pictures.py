"""One picture in all its forms gives the same bytes."""

from __future__ import annotations

import io
from pathlib import Path

import faceq
import numpy as np
import pytest
from PIL import Image


@pytest.fixture()
def rgb(faces: list[Path]) -> np.ndarray:
    return np.asarray(Image.open(faces[0]).convert("RGB"))


@pytest.fixture()
def expected(embedder: faceq.Embedder, faces: list[Path]) -> bytes:
    return embedder.embed(faces[0]).tobytes()


def test_paths_and_bytes(embedder: faceq.Embedder, faces: list[Path], expected: bytes) -> None:
    encoded = faces[0].read_bytes()
    for picture in [str(faces[0]), encoded, bytearray(encoded), memoryview(encoded)]:
        assert embedder.embed(picture).tobytes() == expected


def test_arrays_are_bgr(embedder: faceq.Embedder, rgb: np.ndarray, expected: bytes) -> None:
    bgr = np.ascontiguousarray(rgb[:, :, ::-1])
    assert embedder.embed(bgr).tobytes() == expected
    assert embedder.embed(rgb).tobytes() != expected
    alpha = np.full((112, 112, 1), 7, np.uint8)
    assert embedder.embed(np.concatenate([bgr, alpha], axis=2)).tobytes() == expected


def test_opencv(embedder: faceq.Embedder, faces: list[Path], expected: bytes) -> None:
    cv2 = pytest.importorskip("cv2")
    assert embedder.embed(cv2.imread(str(faces[0]))).tobytes() == expected


def test_pil(embedder: faceq.Embedder, rgb: np.ndarray, faces: list[Path], expected: bytes) -> None:
    picture = Image.fromarray(rgb)
    for form in [picture, picture.convert("RGBA"), Image.open(faces[0])]:
        assert embedder.embed(form).tobytes() == expected
    palette = picture.convert("P")
    assert embedder.embed(palette).tobytes() == embedder.embed(palette.convert("RGB")).tobytes()
    png = io.BytesIO()
    picture.save(png, "PNG")
    assert embedder.embed(png.getvalue()).tobytes() == expected


def test_grey(embedder: faceq.Embedder, rgb: np.ndarray) -> None:
    grey = np.ascontiguousarray(rgb[:, :, 1])
    expected = embedder.embed(np.stack([grey] * 3, axis=2)).tobytes()
    for form in [grey, grey[:, :, None], Image.fromarray(grey)]:
        assert embedder.embed(form).tobytes() == expected


def test_strides(embedder: faceq.Embedder, rgb: np.ndarray, expected: bytes) -> None:
    bgr = np.ascontiguousarray(rgb[:, :, ::-1])
    large = np.zeros((150, 200, 3), np.uint8)
    large[11:123, 50:162] = bgr
    doubled = np.repeat(bgr, 2, axis=1)
    views = [
        rgb[:, :, ::-1],
        large[11:123, 50:162],
        np.asfortranarray(bgr),
        bgr[::-1].copy()[::-1],
        bgr[:, ::-1].copy()[:, ::-1],
        doubled[:, ::2],
        np.concatenate([bgr, bgr[:, :, :1]], axis=2)[:, :, :3],
    ]
    for view in views:
        assert embedder.embed(view).tobytes() == expected
    read_only = bgr.copy()
    read_only.flags.writeable = False
    assert embedder.embed(read_only).tobytes() == expected


def test_rows_are_not_copied(rgb: np.ndarray) -> None:
    from faceq import pictures

    large = np.zeros((150, 200, 3), np.uint8)
    struct, owner = pictures.image(large[11:123, 50:162])
    assert struct.data == large.ctypes.data + 11 * 600 + 150
    assert (struct.row_bytes, struct.size) == (600, 111 * 600 + 336)
    assert np.shares_memory(owner, large)


@pytest.mark.parametrize(
    "picture, sentence",
    [
        (np.zeros((112, 112, 3), np.float32), "float32"),
        (np.zeros((112, 112, 2), np.uint8), r"\[112, 112, 2\]"),
        (np.zeros((0, 112, 3), np.uint8), "112×0"),
        (np.zeros(7, np.uint8), r"\[7\]"),
        (b"", "no bytes"),
        ("", "no path"),
        ("a\0b", "no path"),
        (3, "int is no picture"),
        (None, "NoneType is no picture"),
        (Image.new("F", (112, 112)), "mode F"),
        (b"no JPEG", "JPEG"),
        ("/nowhere/a.jpg", "/nowhere/a.jpg"),
        (np.zeros((50, 60, 3), np.uint8), "detector"),
    ],
)
def test_wrong_pictures(embedder: faceq.Embedder, picture: object, sentence: str) -> None:
    with pytest.raises(faceq.Error, match=sentence):
        embedder.embed([picture])
