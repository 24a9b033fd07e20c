from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """What kind of error it is; the numbers are those of faceq.h."""

    INVALID_ARGUMENT = 1
    OUT_OF_MEMORY = 2
    UNSUPPORTED = 3
    UNUSABLE_FILE = 4
    UNUSABLE_PICTURE = 5
    NO_FACE = 6
    NOT_OPEN = 7
    OTHER_MODEL = 8
    WRONG_RESULT = 9


class Error(Exception):
    """What is wrong and what to do, in one sentence."""

    def __init__(self, sentence: str, status: Status = Status.INVALID_ARGUMENT) -> None:
        super().__init__(sentence)
        self.status = status

    def __reduce__(self) -> tuple[type[Error], tuple[str, Status]]:
        return Error, (str(self), self.status)
