"""The search engines that are tried, each with nothing in it, in a folder of its own."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator

import faceq.index
import pytest

ENGINES = ["pgvector exact", "pgvector HNSW", "Milvus Lite", "Qdrant local", "FAISS flat", "FAISS HNSW"]


@contextlib.contextmanager
def opened(engine: str, folder: Path) -> Iterator[faceq.index.Index]:
    """An index that is closed at the end; skips the test where its package is missing."""
    if engine.startswith("pgvector"):
        pgserver = pytest.importorskip("pgserver")
        pytest.importorskip("psycopg")
        server = pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        try:
            with faceq.index.PgVector(server.get_uri(), hnsw=engine.endswith("HNSW")) as index:
                yield index
        finally:
            server.cleanup()
    elif engine == "Milvus Lite":
        pytest.importorskip("pymilvus")
        pytest.importorskip("milvus_lite")
        with faceq.index.Milvus(str(folder / "people.db")) as index:
            yield index
    elif engine == "Qdrant local":
        pytest.importorskip("qdrant_client")
        with faceq.index.Qdrant(folder / "qdrant") as index:
            yield index
    else:
        pytest.importorskip("faiss")
        kind = "Flat" if engine.endswith("flat") else "HNSW32"
        with faceq.index.Faiss(folder / "people.faiss", kind) as index:
            yield index
