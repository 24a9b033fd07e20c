from __future__ import annotations

import ctypes
import numbers
from dataclasses import dataclass

from . import library
from .errors import Error


@dataclass(frozen=True)
class Settings:
    """How faces are looked for, and which are embedded. None is the usual, for each."""

    aligned: bool | None = None
    """True: pictures are aligned faces of the model's size; False: photos; None: those of the model's size are aligned."""
    minimum_face: int | None = None
    """In pixels of the picture, 12…100,000: narrower faces need not be found."""
    score: float | None = None
    """The score from which on a face is one, 0.01…1. Not with MTCNN."""
    overlap: float | None = None
    """How much a face may overlap a better one, 0…1. Not with MTCNN."""
    thresholds: tuple[float, float, float] | None = None
    """The probabilities, 0.1…1, that a face must reach in MTCNN's three networks."""
    quality: float | None = None
    """The quality, 0…1, that a face must have to be embedded."""
    flip: bool = False
    """Adds the mirror image's embedding to each, and normalises again."""
    upright: bool = False
    """Pictures are upright: the turned picture is not searched where no face is found, which takes twice as long."""
    cut_off: bool = False
    """Embeds faces that the picture's edge cuts off, too, with black where nothing of them is."""

    def __post_init__(self) -> None:
        self.struct()

    def struct(self) -> library.SettingsStruct:
        """As the library takes it. There zero means the usual."""
        flags = 0 if self.aligned is None else library.ALIGNED if self.aligned else library.PHOTO
        flags |= library.FLIP * bool(self.flip) | library.UPRIGHT * bool(self.upright)
        flags |= library.CUT_OFF * bool(self.cut_off)
        if self.minimum_face is not None:
            check_number(self.minimum_face, 12, 100_000, "minimum_face", whole=True)
        if self.thresholds is not None and len(self.thresholds) != 3:
            raise Error("MTCNN has three thresholds; give all three")
        shares = [(self.score, 0.01, "score"), (self.overlap, 0, "overlap"), (self.quality, 0, "quality")]
        for number, least, name in shares + [(threshold, 0.1, "threshold") for threshold in self.thresholds or ()]:
            if number is not None:
                check_number(number, least, 1, name)
        return library.SettingsStruct(
            ctypes.sizeof(library.SettingsStruct),
            flags,
            self.minimum_face or 0,
            self.score or 0,
            # The smallest number that is not the usual.
            max(self.overlap, 1e-30) if self.overlap == 0 else self.overlap or 0,
            (ctypes.c_float * 3)(*(self.thresholds or (0, 0, 0))),
            self.quality or 0,
        )


def check_number(number: object, least: float, most: float, name: str, whole: bool = False) -> None:
    """Fails where `number` is none, or out of its range."""
    kind = numbers.Integral if whole else numbers.Real
    if not isinstance(number, kind) or not least <= number <= most:  # type: ignore[operator]
        article = "a whole number" if whole else "a number"
        raise Error(f"{name} is {number!r}; choose {article} from {least:,} to {most:,}")
