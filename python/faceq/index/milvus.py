from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..extras import required
from ..gallery import Gallery
from .index import Candidate, Index

_PORTION = 1000


class Milvus(Index):
    """People in a collection of Milvus: person, model, embedding.

    uri         of a server, or the path of a file, which ends in .db, for Milvus Lite
    collection  its name; made by `load`
    kind        Milvus's index type: "FLAT" compares everybody exactly
    """

    def __init__(self, uri: str, collection: str = "people", *, kind: str = "FLAT") -> None:
        self._milvus = required("pymilvus", "milvus")
        self._client: Any = self._milvus.MilvusClient(str(uri))
        self._collection = collection
        self._kind = kind
        if self._client.has_collection(collection):
            self._client.load_collection(collection)

    @property
    def name(self) -> str:
        return f"the collection {self._collection}"

    def model(self) -> str | None:
        if not self._client.has_collection(self._collection):
            return None
        rows = self._client.query(self._collection, filter='person >= ""', output_fields=["model"], limit=1)
        return str(rows[0]["model"]) if rows else None

    def close(self) -> None:
        self._client.close()

    def _size(self) -> int:
        fields = self._client.describe_collection(self._collection)["fields"]
        return next(int(field["params"]["dim"]) for field in fields if field["name"] == "embedding")

    def _load(self, gallery: Gallery) -> None:
        client, kinds = self._client, self._milvus.DataType
        schema = client.create_schema(auto_id=False)
        schema.add_field("person", kinds.VARCHAR, max_length=256, is_primary=True)
        schema.add_field("model", kinds.VARCHAR, max_length=64)
        schema.add_field("embedding", kinds.FLOAT_VECTOR, dim=gallery.size)
        index = client.prepare_index_params()
        index.add_index("embedding", index_type=self._kind, metric_type="IP")
        client.create_collection(self._collection, schema=schema, index_params=index)
        try:
            for start in range(0, len(gallery), _PORTION):
                people = zip(gallery.names[start : start + _PORTION], gallery.templates[start : start + _PORTION])
                rows = [
                    {"person": person, "model": gallery.model, "embedding": template.tolist()}
                    for person, template in people
                ]
                client.insert(self._collection, rows)
            client.flush(self._collection)
            client.load_collection(self._collection)
        except BaseException:
            client.drop_collection(self._collection)
            raise

    def _nearest(self, embedding: NDArray[np.float32], count: int) -> list[Candidate]:
        (found,) = self._client.search(
            self._collection, [embedding.tolist()], anns_field="embedding", limit=count, output_fields=["person"]
        )
        return [Candidate(hit["entity"]["person"], float(hit["distance"])) for hit in found]
