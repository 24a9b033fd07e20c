"""Finds faces, turns them into embeddings in int8, and says who they are.

    import faceq

    analysis = faceq.FaceAnalysis("int8.gguf", "detector.gguf")
    a, b = analysis.get("a.jpg")[0], analysis.get("b.jpg")[0]
    print(faceq.compare(a.embedding, b.embedding))

NumPy arrays are pictures as OpenCV has them (BGR), pictures of PIL are what their mode says. Embeddings are those of
the command ``faceq``, bit for bit.
"""

from .analysis import FaceAnalysis
from .bank import IDENTIFYING_COSINE, Bank, Match
from .command import calibrate, drift
from .detector import Detector
from .embedder import Embedder
from .embeddings import compare
from .errors import Error, Status
from .face import Face
from .gallery import Gallery
from .library import instruction_sets, version
from .pictures import Picture
from .settings import Settings

__version__ = version()

__all__ = [
    "IDENTIFYING_COSINE",
    "Bank",
    "Detector",
    "Embedder",
    "Error",
    "Face",
    "FaceAnalysis",
    "Gallery",
    "Match",
    "Picture",
    "Settings",
    "Status",
    "calibrate",
    "compare",
    "drift",
    "instruction_sets",
]
