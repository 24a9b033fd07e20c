from __future__ import annotations

from typing import Sequence

import numpy as np
from numpy.typing import NDArray

from .errors import Error
from .face import Face

_RED = (0, 0, 255)


def draw_faces(picture: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.uint8]:
    """A copy of a BGR picture [height, width, 3] with red boxes and landmarks."""
    if picture.ndim != 3 or picture.shape[2] != 3:
        raise Error(f"faces are drawn on arrays [height, width, 3], and not {list(picture.shape)}")
    drawn = np.array(picture)
    height, width = drawn.shape[:2]
    for face in faces:
        left, top, right, bottom = (int(side) for side in np.clip(face.bbox, 0, [width, height, width, height]))
        drawn[top : top + 2, left:right] = _RED
        drawn[max(bottom - 2, 0) : bottom, left:right] = _RED
        drawn[top:bottom, left : left + 2] = _RED
        drawn[top:bottom, max(right - 2, 0) : right] = _RED
        for x, y in () if face.kps is None else face.kps.astype(int):
            drawn[max(y - 1, 0) : max(y + 2, 0), max(x - 1, 0) : max(x + 2, 0)] = _RED
    return drawn
