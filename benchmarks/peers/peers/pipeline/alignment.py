"""Cuts faces out of photos as faceq does."""

import cv2
import numpy as np

SIDE = 112
TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
"""ArcFace's: where the five points lie in the aligned face."""

LARGEST_ENLARGEMENT = 4
LARGEST_RESIDUAL = 10
"""Root of the mean squared distance of the points from the template's."""


def aligned(photo: np.ndarray, points: np.ndarray) -> np.ndarray | None:
    """The face as 112×112; nothing where faceq would not embed it: too small, or no face by its points."""
    centre, wanted = points.mean(axis=0), TEMPLATE.mean(axis=0)
    (x, y), (u, v) = (points - centre).T, (TEMPLATE - wanted).T
    spread = (x * x + y * y).sum()
    a, b = (x * u + y * v).sum() / spread, (x * v - y * u).sum() / spread
    turn = np.array([[a, -b], [b, a]])
    matrix = np.column_stack([turn, wanted - turn @ centre])
    distances = points @ turn.T + matrix[:, 2] - TEMPLATE
    if np.hypot(a, b) > LARGEST_ENLARGEMENT or np.sqrt((distances**2).sum(axis=1).mean()) >= LARGEST_RESIDUAL:
        return None
    return cv2.warpAffine(photo, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
