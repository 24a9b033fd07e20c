"""What only the command can do."""

from __future__ import annotations

from typing import Any, NoReturn

from .errors import Error, Status


def calibrate(*_: Any, **__: Any) -> NoReturn:
    """Raises an error that says how models are calibrated."""
    raise Error(
        "calibrating needs the command: faceq calibrate float.gguf my_photos -o int8.gguf", Status.UNSUPPORTED
    )


def drift(*_: Any, **__: Any) -> NoReturn:
    """Raises an error that says how drift is measured."""
    raise Error("measuring drift needs the command: faceq drift float.gguf int8.gguf photos", Status.UNSUPPORTED)
