from __future__ import annotations

from .errors import Error, Status
from .face import Face
from .pictures import Picture
from .session import Model, Session
from .settings import Settings


class Detector(Session):
    """Finds faces.

    detector            a detector's file, or its bytes
    threads             1…256, the calling one included; None is one for each core
    instruction_set     one of `faceq.instruction_sets()`; None is the fastest
    """

    def __init__(
        self,
        detector: Model,
        *,
        settings: Settings | None = None,
        threads: int | None = None,
        instruction_set: str | None = None,
    ) -> None:
        super().__init__([detector], settings, threads, instruction_set)
        if not self._has_detector:
            self.close()
            raise Error(f"{_name(detector)} is no face detector; give it to an Embedder", Status.UNUSABLE_FILE)

    def detect(self, picture: Picture) -> list[Face]:
        """The faces in a picture, largest first, without embeddings. None is no error."""
        return self._faces(picture, embeds=False)


def _name(model: Model) -> str:
    return "this" if isinstance(model, bytes) else str(model)
