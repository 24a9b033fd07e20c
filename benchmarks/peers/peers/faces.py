"""Finds aligned faces, and makes of their pixels what the networks are fed."""

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from .errors import PeersError
from .float_model import Input

SUFFIXES = {".jpg", ".jpeg", ".png"}


def find_faces(folder: Path, limit: int | None) -> list[Path]:
    """The images below the folder, sorted; where there are more than `limit`, so many, evenly spread."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise PeersError(f"{folder} holds no JPEG or PNG image; name a folder of aligned faces.")
    if limit is None or len(paths) <= limit:
        return paths
    return [paths[index] for index in np.linspace(0, len(paths) - 1, limit).astype(int)]


def load_inputs(paths: list[Path], form: Input) -> np.ndarray:
    """Float32, [face][channel][row][column]."""
    pixels = np.stack([_pixels(path, form) for path in paths]).astype(np.float32)
    if form.channels == "bgr":
        pixels = pixels[..., ::-1]
    inputs = (pixels - np.float32(form.mean)) / np.float32(form.deviation)
    return np.ascontiguousarray(inputs.transpose(0, 3, 1, 2))


def digest(inputs: np.ndarray) -> str:
    return hashlib.sha256(inputs.tobytes()).hexdigest()[:12]


def _pixels(path: Path, form: Input) -> np.ndarray:
    try:
        pixels = np.asarray(Image.open(path).convert("RGB"))
    except (OSError, UnidentifiedImageError) as error:
        raise PeersError(f"{path} cannot be read as an image ({error}); remove it or replace it.") from error
    if pixels.shape != (form.height, form.width, 3):
        height, width = pixels.shape[:2]
        raise PeersError(
            f"{path} is {width}×{height} where the network wants {form.width}×{form.height}; "
            "cut the faces out with faceq align first."
        )
    return pixels
