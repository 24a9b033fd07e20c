from __future__ import annotations

from typing import Any, Iterable


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows by picture and face, whichever worker was done first."""
    return sorted(rows, key=lambda row: (row["path"], row["face"] or 0))
