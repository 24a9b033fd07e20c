"""The search engines that are tried, each with nothing in it, in a folder of its own."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any, Iterator
from unittest import mock

import faceq.index
import pytest

ENGINES = ["pgvector exact", "pgvector HNSW", "Milvus Lite", "Qdrant local", "FAISS flat", "FAISS HNSW"]


_connect = sqlite3.connect


def without_waiting(*arguments: Any, **options: Any) -> sqlite3.Connection:
    """A database that waits for no disk: Qdrant in a folder commits every person alone, which takes a disk 30 minutes."""
    connection = _connect(*arguments, **options)
    connection.execute("PRAGMA synchronous = OFF")
    return connection


@contextlib.contextmanager
def opened(engine: str, folder: Path) -> Iterator[faceq.index.Index]:
    """An index that is closed at the end; skips the test where its package is missing."""
    if engine.startswith("pgvector"):
        pgserver = pytest.importorskip("pgserver")
        pytest.importorskip("psycopg")
        server = pgserver.get_server(folder / "postgres", cleanup_mode="stop")
        try:
            # HNSW is made in this memory; in the usual 64 MB 100,000 people of 512 components have no room.
            memory = "&options=-cmaintenance_work_mem%3D512MB"
            with faceq.index.PgVector(server.get_uri() + memory, hnsw=engine.endswith("HNSW")) as index:
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
        with mock.patch("sqlite3.connect", without_waiting), faceq.index.Qdrant(folder / "qdrant") as index:
            yield index
    else:
        pytest.importorskip("faiss")
        kind = "Flat" if engine.endswith("flat") else "HNSW32"
        with faceq.index.Faiss(folder / "people.faiss", kind) as index:
            yield index
