from __future__ import annotations

import struct
from typing import Any, Iterator

import numpy as np
from numpy.typing import NDArray

from ..extras import required
from ..gallery import Gallery
from .index import Candidate, Index


class PgVector(Index):
    """People in a table of PostgreSQL with the extension pgvector: person, model, embedding.

    connection  as libpq takes it, "postgresql://user@host/database"
    table       its name; made by `load`
    hnsw        whether there is an HNSW index, which finds nearly always the same people, and far sooner; else everybody
                is compared exactly
    search      how many candidates HNSW keeps while it searches (hnsw.ef_search), 1…1000
    """

    def __init__(self, connection: str, table: str = "people", *, hnsw: bool = True, search: int = 100) -> None:
        self._psycopg = required("psycopg", "pgvector")
        self._sql = required("psycopg.sql", "pgvector")
        self._connection = self._psycopg.connect(connection, autocommit=True)
        self._table = table
        self._hnsw = hnsw
        self._connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        self._connection.execute(f"SET hnsw.ef_search = {int(search)}")

    @property
    def name(self) -> str:
        return f"the table {self._table}"

    def model(self) -> str | None:
        if self._one("SELECT to_regclass(%s)", [self._identifier.as_string(self._connection)]) is None:
            return None
        digest: str | None = self._one("SELECT model FROM {table} LIMIT 1")
        return digest

    def close(self) -> None:
        self._connection.close()

    @property
    def _identifier(self) -> Any:
        return self._sql.Identifier(self._table)

    def _size(self) -> int:
        return int(self._one("SELECT vector_dims(embedding) FROM {table} LIMIT 1"))

    def _load(self, gallery: Gallery) -> None:
        with self._connection.transaction():
            # The check keeps other programs from mixing models, too.
            self._run(
                f"CREATE TABLE IF NOT EXISTS {{table}} (person text PRIMARY KEY, model text NOT NULL "
                f"CHECK (model = {{model}}), embedding vector({gallery.size}) NOT NULL)",
                model=self._sql.Literal(gallery.model),
            )
            copy = self._sql.SQL("COPY {} (person, model, embedding) FROM STDIN (FORMAT binary)").format(self._identifier)
            with self._connection.cursor() as cursor, cursor.copy(copy) as stream:
                for portion in _binary_rows(gallery):
                    stream.write(portion)
            if self._hnsw:
                self._run("CREATE INDEX ON {table} USING hnsw (embedding vector_ip_ops)")

    def _nearest(self, embedding: NDArray[np.float32], count: int) -> list[Candidate]:
        query = "[" + ",".join(map(repr, embedding.tolist())) + "]"
        rows = self._run(
            "SELECT person, -(embedding <#> %s::vector) FROM {table} ORDER BY embedding <#> %s::vector LIMIT %s",
            [query, query, count],
        ).fetchall()
        return [Candidate(person, float(cosine)) for person, cosine in rows]

    def _run(self, query: str, values: Any = None, **parts: Any) -> Any:
        return self._connection.execute(self._sql.SQL(query).format(table=self._identifier, **parts), values)

    def _one(self, query: str, values: Any = None) -> Any:
        row = self._run(query, values).fetchone()
        return None if row is None else row[0]


def _binary_rows(gallery: Gallery) -> Iterator[bytes]:
    """The rows as PostgreSQL copies them in, portion by portion."""
    model = gallery.model.encode()
    size = gallery.size
    yield b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
    for start in range(0, len(gallery), 1000):
        portion = bytearray()
        templates = gallery.templates[start : start + 1000].astype(">f4")
        for person, template in zip(gallery.names[start : start + 1000], templates):
            name = person.encode()
            portion += struct.pack(f">hi{len(name)}si{len(model)}s", 3, len(name), name, len(model), model)
            portion += struct.pack(">ihh", 4 + 4 * size, size, 0) + template.tobytes()
        yield bytes(portion)
    yield struct.pack(">h", -1)
