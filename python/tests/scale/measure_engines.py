"""Measures faceq's own search and the engines of faceq.index on a made-up gallery, and prints a table.

    measure_engines.py MODEL [PEOPLE [ENGINE…]]

The engines are "faceq", its own search, for which FACEQ_PROGRAM names the command, and those of engines.py. Fails where
an exact engine has another answer than comparing everyone has, and where an engine is not installed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional, Tuple

import faceq
import faceq.index
import numpy as np
import pytest
from engines import ENGINES, opened
from galleries import made_up, visitors
from numpy.typing import NDArray

EXACT = {"faceq", "pgvector exact", "Milvus Lite", "Qdrant local", "FAISS flat"}
VISITORS = 100
# The best and the second.
Names = Tuple[Optional[str], Optional[str]]


class Measured(NamedTuple):
    found: list[Names]
    loading: float
    milliseconds: list[float]
    bytes_per_person: float


def main() -> None:
    model, people = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    engines = sys.argv[3:] or ["faceq", *ENGINES]
    warnings.simplefilter("ignore")
    with faceq.Embedder(model) as embedder:
        gallery = made_up(people, embedder.embedding_size, embedder.model_digest)
        faces, _ = visitors(gallery, VISITORS)
        # Portions keep the memory small that comparing everyone takes.
        best = np.concatenate([np.argsort(-(part @ gallery.templates.T))[:, :2] for part in np.array_split(faces, 10)])
        expected = [(gallery.names[first], gallery.names[second]) for first, second in best]
        print(f"{people:,} people × {gallery.size} components, {VISITORS} searches after 3 others, one after another\n")
        print("| engine | loading s | median ms | slowest ms | best right | both right | bytes for each person |")
        print("|---|---|---|---|---|---|---|")
        wrong, missing = [], []
        for engine in engines:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                try:
                    measured = measure(engine, Path(folder), embedder, gallery, faces)
                except pytest.skip.Exception as reason:
                    missing.append(f"{engine} ({reason})")
                    continue
            if engine in EXACT and measured.found != expected:
                wrong.append(engine)
            print(row(engine, measured, expected), flush=True)
    if wrong:
        sys.exit(f"other answers than comparing everyone: {', '.join(wrong)}")
    if missing:
        sys.exit(f"not measured: {', '.join(missing)}")


def measure(
    engine: str, folder: Path, embedder: faceq.Embedder, gallery: faceq.Gallery, faces: NDArray[np.float32]
) -> Measured:
    start = time.monotonic()
    if engine == "faceq":
        with own_bank(folder, embedder, gallery) as bank:
            return search(
                start, faces, lambda face: names_of_match(bank.identify(face)), lambda: on_disk(folder) / len(gallery)
            )
    with opened(engine, folder) as index:
        index.load(gallery)
        return search(
            start,
            faces,
            lambda face: names_of_candidates(index.nearest(face, gallery.model)),
            lambda: (table_size(index) if isinstance(index, faceq.index.PgVector) else on_disk(folder)) / len(gallery),
        )


def search(
    start: float,
    faces: NDArray[np.float32],
    nearest: Callable[[NDArray[np.float32]], Names],
    bytes_per_person: Callable[[], float],
) -> Measured:
    for face in faces[:3]:
        nearest(face)
    loading = time.monotonic() - start
    found, milliseconds = [], []
    for face in faces:
        begun = time.monotonic()
        found.append(nearest(face))
        milliseconds.append(1000 * (time.monotonic() - begun))
    return Measured(found, loading, milliseconds, bytes_per_person())


def on_disk(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def table_size(index: faceq.index.PgVector) -> int:
    """Of the table and its indices: an empty database has 40 MB besides."""
    return int(index._one("SELECT pg_total_relation_size('people')"))


def row(engine: str, measured: Measured, expected: list[Names]) -> str:
    best = statistics.mean(one[0] == other[0] for one, other in zip(measured.found, expected))
    both = statistics.mean(one == other for one, other in zip(measured.found, expected))
    return (
        f"| {engine} | {measured.loading:.1f} | {statistics.median(measured.milliseconds):.2f} | "
        f"{max(measured.milliseconds):.2f} | {best:.0%} | {both:.0%} | {measured.bytes_per_person:,.0f} |"
    )


def own_bank(folder: Path, embedder: faceq.Embedder, gallery: faceq.Gallery) -> faceq.Bank:
    """The gallery as a bank of faceq-board, which this package reads."""
    program = os.environ.get("FACEQ_PROGRAM")
    if not program:
        pytest.skip("FACEQ_PROGRAM names no command")
    np.save(folder / "rows.npy", gallery.templates)
    (folder / "rows.names").write_text("".join(f"{name}\n" for name in gallery.names))
    for arguments in (
        ["import", folder / "sqlite.bank", folder / "rows.npy", "--model", sys.argv[1]],
        ["export", folder / "sqlite.bank", "-o", folder / "people.bank"],
    ):
        subprocess.run([program, "bank", *arguments], check=True, stdout=subprocess.DEVNULL)
    for name in ("rows.npy", "rows.names", "sqlite.bank"):
        (folder / name).unlink()
    return faceq.Bank(folder / "people.bank", embedder)


def names_of_match(match: faceq.Match) -> Names:
    return match.person, match.runner_up


def names_of_candidates(candidates: list[Any]) -> Names:
    first, second = candidates
    return first.person, second.person


if __name__ == "__main__":
    main()
