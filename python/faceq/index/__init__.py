"""Banks in search engines, for more people than one machine's memory holds, or more who ask.

    import faceq, faceq.index

    gallery = faceq.Gallery.of_bank("people.bank")
    index = faceq.index.PgVector("postgresql://localhost/faces")        # pip install faceq[pgvector]
    index.load(gallery)
    with faceq.FaceAnalysis("int8.gguf", "detector.gguf") as analysis:
        best, second = index.nearest(analysis.embed("visitor.jpg")[0], analysis.model_digest)

Every index keeps the digest of the model that its vectors are from, and answers only to embeddings of that model.

    PgVector    PostgreSQL with the extension pgvector          faceq[pgvector]
    Milvus      a Milvus server, or a file of Milvus Lite       faceq[milvus]
    Qdrant      a Qdrant server, or a folder                    faceq[qdrant]
    Faiss       a file                                          faceq[faiss]
"""

from .faiss import Faiss
from .index import Candidate, Index
from .milvus import Milvus
from .pgvector import PgVector
from .qdrant import Qdrant

__all__ = ["Candidate", "Faiss", "Index", "Milvus", "PgVector", "Qdrant"]
