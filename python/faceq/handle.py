"""What sessions and banks have in common: a handle of the library that is closed once, and used by one thread at a
time."""

from __future__ import annotations

import os
import threading
import weakref
from typing import Any, Callable, TypeVar

from .errors import Error, Status

Self = TypeVar("Self", bound="Handle")


class Handle:
    """Threads may share one; their calls then wait for each other."""

    def __init__(self, pointer: int, close: Callable[[int], None], message: Callable[[int], bytes]) -> None:
        self._lock = threading.RLock()
        self._pointer = pointer
        self._message = message
        self._process = os.getpid()
        self._finalizer = weakref.finalize(self, _close, close, pointer, self._process)

    def _call(self, function: Callable[..., int], *arguments: Any) -> None:
        """Calls a function of the library; to be called with the lock held where its results are read afterwards."""
        with self._lock:
            status = function(self._open_pointer(), *arguments)
            if status:
                raise Error(self._message(self._pointer).decode("utf-8", "replace"), Status(status))

    def _open_pointer(self) -> int:
        if not self._finalizer.alive:
            raise Error(f"this {type(self).__name__} is closed; make a new one", Status.NOT_OPEN)
        if self._process != os.getpid():
            raise Error(
                f"this {type(self).__name__} was made before fork(), after which it has no threads; make a new one in "
                "this process",
                Status.UNSUPPORTED,
            )
        return self._pointer

    def close(self) -> None:
        """Frees what is held. Closing twice is nothing; all else is an error afterwards."""
        with self._lock:
            self._finalizer()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _close(close: Callable[[int], None], pointer: int, process: int) -> None:
    # In a child of fork() the threads are gone that closing would wait for.
    if process == os.getpid():
        close(pointer)
