"""Pictures for workers: scripts/test-scale says by environment variables where models are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import faceq
import pytest
from rows import in_order


@pytest.fixture(scope="session")
def pictures(photos: Path, faces: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Paths of photos and of a bad one, each photo under several names."""
    folder = tmp_path_factory.mktemp("pictures")
    sources = sorted(photos.glob("*.jpg"))
    for number in range(int(os.environ.get("FACEQ_PICTURES", "120"))):
        (folder / f"{number:04d}.jpg").symlink_to(sources[number % len(sources)])
    (folder / "bad.jpg").write_bytes(b"no picture")
    return [str(path) for path in sorted(folder.iterdir())]


@pytest.fixture(scope="session")
def on_one_machine(analysis: faceq.FaceAnalysis, pictures: list[str]) -> list[dict[str, Any]]:
    """The rows that workers have to make, too."""
    pytest.importorskip("pyarrow")
    import faceq.arrow

    return in_order(row for batch in faceq.arrow.embed(analysis, pictures) for row in batch.to_pylist())
