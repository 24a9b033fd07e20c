"""Packages that only some programs need."""

from __future__ import annotations

import importlib
from typing import Any


def required(module: str, extra: str) -> Any:
    """Imports a module of an optional package, or says how to get it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(f"{error}; install it with: pip install faceq[{extra}]") from None
