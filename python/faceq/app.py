"""For programs that say ``from insightface.app import FaceAnalysis``."""

from .analysis import FaceAnalysis
from .face import Face

__all__ = ["Face", "FaceAnalysis"]
