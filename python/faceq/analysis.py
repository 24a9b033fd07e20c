from __future__ import annotations

import dataclasses
import os
import warnings
from pathlib import Path
from typing import Any, Sequence

import numpy as np
from numpy.typing import NDArray

from .drawing import draw_faces
from .embedder import Embedding
from .errors import Error, Status
from .face import Face
from .pictures import Picture
from .session import Model
from .settings import Settings

_MODULES = {"detection", "recognition"}


class FaceAnalysis(Embedding):
    """From a photo to faces with embeddings, as insightface's class of this name.

        analysis = faceq.FaceAnalysis("int8.gguf", "detector.gguf")
        for face in analysis.get("group.jpg"):
            print(face.bbox, face.det_score, face.normed_embedding)

    model               an embedding model's file, or its bytes
    detector            a detector's file, or its bytes
    settings            how faces are looked for, and which are embedded
    threads             1…256, the calling one included; None is one for each core
    instruction_set     one of `faceq.instruction_sets()`; None is the fastest

    A program written for insightface gives no model: the two are then the .gguf files in the folder root/models/name. It
    may also give `allowed_modules` ("detection", or with "recognition") and what faceq has no use for, as `providers`:
    one warning says what is ignored.
    """

    def __init__(
        self,
        model: Model | None = None,
        detector: Model | None = None,
        *,
        settings: Settings | None = None,
        threads: int | None = None,
        instruction_set: str | None = None,
        name: str | None = None,
        root: str | os.PathLike[str] = "~/.insightface",
        allowed_modules: Sequence[str] | None = None,
        **ignored: Any,
    ) -> None:
        # insightface's first argument is the name.
        if isinstance(model, str) and detector is None and not os.path.isfile(model):
            name, model = model, None
        if model is None and detector is None:
            models: list[Model] = list(_models(name or "buffalo_l", root))
        elif model is None or detector is None:
            raise Error("an analysis needs a model and a detector; give both", Status.NOT_OPEN)
        else:
            models = [model, detector]
            if name is not None:
                ignored["name"] = name
        unknown = sorted(set(allowed_modules or ()) - _MODULES)
        _warn([*sorted(ignored), *(f"the module {module}" for module in unknown)])
        super().__init__(models, settings, threads, instruction_set)
        if not (self.embedding_size and self._has_detector):
            missing = "face detector" if self.embedding_size else "embedding model"
            self.close()
            raise Error(f"there is no {missing} among the models; give one of each", Status.NOT_OPEN)
        self._embeds = allowed_modules is None or "recognition" in allowed_modules

    def prepare(
        self, ctx_id: int = 0, det_thresh: float | None = None, det_size: tuple[int, int] | None = None
    ) -> None:
        """`det_thresh` is the score from which on a face is one; None is the detector's own. It computes on the CPU, and
        searches photos at full size, so that `ctx_id` and `det_size` are ignored."""
        _warn(["det_size (Settings.minimum_face makes the search faster)"] if det_size is not None else [])
        if det_thresh is not None:
            before = self.settings
            self.settings = dataclasses.replace(before, score=det_thresh)
            try:
                # Says whether the detector has a score.
                self._faces(np.zeros((64, 64), np.uint8), embeds=False)
            except Error:
                self.settings = before
                raise

    def get(self, img: Picture, max_num: int = 0, det_metric: str = "default", *, faulty: bool = False) -> list[Face]:
        """The faces in a picture that can be embedded, with embeddings, largest first. None is no error.

        max_num     at most so many, 0 is all: those that are large and near the middle, or with det_metric="max" the
                    largest
        faulty      whether faces that should not be embedded are handed out, too; `face.fault` says why
        """
        if det_metric not in ("default", "max"):
            raise Error(f"there is no det_metric {det_metric!r}; take 'default' or 'max'")
        faces = self._faces(img, self._embeds)
        if not faulty:
            faces = [face for face in faces if face.fault is None]
        if 0 < max_num < len(faces):
            if det_metric == "default" and isinstance(img, np.ndarray):
                faces.sort(key=lambda face: _prominence(face.bbox, img.shape), reverse=True)
            del faces[max_num:]
        return faces

    def draw_on(self, img: NDArray[np.uint8], faces: Sequence[Face]) -> NDArray[np.uint8]:
        """A copy of a BGR picture with the faces drawn on it."""
        return draw_faces(img, faces)


def _prominence(box: NDArray[np.float32], shape: tuple[int, ...]) -> float:
    """How large and central a face is, as insightface counts it."""
    left, top, right, bottom = (float(side) for side in box)
    x, y = (left + right) / 2 - shape[1] / 2, (top + bottom) / 2 - shape[0] / 2
    return (right - left) * (bottom - top) - 2 * (x * x + y * y)


def _models(name: str, root: str | os.PathLike[str]) -> list[Path]:
    folder = Path(root).expanduser() / "models" / name
    if Path(name).expanduser().is_dir():
        folder = Path(name).expanduser()
    files = sorted(folder.glob("*.gguf"))
    if len(files) != 2:
        raise Error(
            f"{folder} has {len(files)} .gguf files; put an embedding model and a detector there, or give "
            "FaceAnalysis(model, detector)",
            Status.UNUSABLE_FILE,
        )
    return files


def _warn(ignored: Sequence[str]) -> None:
    if ignored:
        warnings.warn(f"faceq ignores {', '.join(ignored)}", stacklevel=3)
