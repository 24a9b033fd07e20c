from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import library

_FAULTS = (
    None,
    "its eyes are less than 9 pixels apart",
    "the picture's edge cuts it off",
    "it is upside down",
    "its landmarks do not look like a face's",
    "its quality is less than was asked for",
    "the model gave no embedding of it",
)
# What insightface's models tell, and faceq's do not.
_MISSING = frozenset({"age", "gender", "sex", "pose", "landmark_2d_106", "landmark_3d_68", "liveness"})


class Face(dict):  # type: ignore[type-arg]
    """A face in a picture, whose attributes are also keys. Places are in pixels; (0, 0) is the centre of the top left one.

    bbox                float32 [4]: left, top, right, bottom
    kps                 float32 [5, 2]: x, y of the left eye, the right eye, the nose, the left and the right corner of the
                        mouth, left in the picture; None where the detector finds none
    det_score           the detector's certainty, 0…1
    embedding           float32 [d] of unit length; None where the face has a fault, or none was asked for
    normed_embedding    the same
    quality             about the cosine of the embedding with that of the same face taken well, 0…1
    fault               why the face should not be embedded, or None
    is_upside_down      whether the picture has to be turned by 180° for this face

    Attributes that insightface has and faceq has not, such as age and gender, are None.
    """

    bbox: NDArray[np.float32]
    kps: NDArray[np.float32] | None
    det_score: float
    embedding: NDArray[np.float32] | None
    quality: float
    fault: str | None
    is_upside_down: bool

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            if name in _MISSING:
                return None
            raise AttributeError(f"a face has no {name}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    @property
    def normed_embedding(self) -> NDArray[np.float32] | None:
        embedding: NDArray[np.float32] | None = self.get("embedding")
        return embedding

    @property
    def embedding_norm(self) -> float | None:
        embedding = self.get("embedding")
        return None if embedding is None else float(np.linalg.norm(embedding))


def face(found: library.FoundFace, embedding: NDArray[np.float32] | None) -> Face:
    """The face that the library found."""
    landmarks = np.array(found.landmarks, np.float32).reshape(5, 2)
    faults = _FAULTS + (f"fault {found.fault}",)
    return Face(
        bbox=np.array(found.box, np.float32),
        kps=landmarks if landmarks.any() else None,
        det_score=found.score,
        embedding=None if found.fault else embedding,
        quality=found.quality,
        fault=faults[min(found.fault, len(_FAULTS))],
        is_upside_down=bool(found.is_upside_down),
    )
