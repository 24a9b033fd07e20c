"""What needs no model."""

from __future__ import annotations

import pickle
from pathlib import Path

import faceq
import numpy as np
import pytest


def test_version() -> None:
    assert faceq.__version__.count(".") == 2 and faceq.instruction_sets()[0] == "portable"
    assert (Path(faceq.__file__).parent / "py.typed").exists()


def test_structs_are_those_of_the_header() -> None:
    from ctypes import sizeof

    from faceq import library

    structs = [library.Options, library.Info, library.Image, library.SettingsStruct, library.FoundFace]
    assert [sizeof(struct) for struct in structs] == [24, 136, 48, 40, 80]
    assert [sizeof(library.MatchStruct), sizeof(library.PersonStruct)] == [432, 224]


def test_compare() -> None:
    assert faceq.compare([1, 0], np.array([0.6, 0.8])) == pytest.approx(0.6)
    # Every second component, backwards.
    assert faceq.compare(np.array([0, 9, 1], np.float32)[::-2], [1, 0]) == pytest.approx(1)
    for a, b in [([1, 0], [1, 0, 0]), (None, [1]), ([], []), ("a", "b"), ([[1, 0]], [[1, 0]])]:
        with pytest.raises(faceq.Error):
            faceq.compare(a, b)


def test_errors() -> None:
    error = pickle.loads(pickle.dumps(faceq.Error("no face", faceq.Status.NO_FACE)))
    assert str(error) == "no face" and error.status == faceq.Status.NO_FACE


@pytest.mark.parametrize("name", ["calibrate", "drift"])
def test_what_the_command_does(name: str) -> None:
    with pytest.raises(faceq.Error, match=f"faceq {name} ") as caught:
        getattr(faceq, name)("float.gguf", "photos")
    assert caught.value.status == faceq.Status.UNSUPPORTED


def test_a_face_is_a_dict() -> None:
    face = faceq.Face(bbox=np.zeros(4, np.float32))
    assert list(face) == ["bbox"] and face.age is None and face.normed_embedding is None
