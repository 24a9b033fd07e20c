from dataclasses import dataclass

import numpy as np

from .errors import PeersError

SAME_NETWORK = 0.999999


@dataclass(frozen=True)
class Drift:
    """Cosines between a variant's embeddings and the float network's, over the test faces."""

    mean: float
    percentile5: float
    minimum: float


def drift(embeddings: np.ndarray, reference: np.ndarray) -> Drift:
    """Both of unit length, [face][component]."""
    cosines = (embeddings * reference).sum(axis=1)
    return Drift(float(cosines.mean()), float(np.percentile(cosines, 5)), float(cosines.min()))


def insist_on_the_same_network(exported: np.ndarray, faceq_float: np.ndarray) -> None:
    """Times of different networks compare nothing."""
    minimum = drift(exported, faceq_float).minimum
    if minimum < SAME_NETWORK:
        raise PeersError(
            f"The exported network is not faceq's: the cosine of their embeddings is only {minimum:.7f} where "
            f"{SAME_NETWORK} is wanted; report this with the model's architecture."
        )
