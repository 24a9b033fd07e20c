"""What tests need: scripts/test-python says by environment variables where it is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Iterator

import faceq
import pytest

SHARED = Path(os.environ.get("FACEQ_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def needed(variable: str) -> str:
    path = os.environ.get(variable)
    if not path or not os.path.exists(path):
        pytest.skip(f"{variable} names no file; see scripts/test-python")
    return path


@pytest.fixture(scope="session")
def model() -> str:
    return needed("FACEQ_MODEL")


@pytest.fixture(scope="session")
def detector() -> str:
    return needed("FACEQ_FACE_DETECTOR")


@pytest.fixture(scope="session")
def photos() -> Path:
    if not (SHARED / "photos").is_dir():
        pytest.skip("without ../shared there are no photos")
    return SHARED / "photos"


@pytest.fixture(scope="session")
def faces() -> list[Path]:
    """Twenty aligned faces."""
    found = sorted((SHARED / "faces/dev").rglob("*.jpg"))[::7][:20]
    if not found:
        pytest.skip("without ../shared there are no faces")
    return found


@pytest.fixture(scope="session")
def analysis(model: str, detector: str) -> Iterator[faceq.FaceAnalysis]:
    with faceq.FaceAnalysis(model, detector) as made:
        yield made


@pytest.fixture(scope="session")
def embedder(model: str) -> Iterator[faceq.Embedder]:
    with faceq.Embedder(model) as made:
        yield made
