"""The functions and structs of faceq.h."""

from __future__ import annotations

import ctypes
import os
from ctypes import POINTER, c_char, c_char_p, c_float, c_int, c_size_t, c_uint32, c_void_p
from typing import Any

# Formats of pictures.
RGB, BGR, RGBA, BGRA, GREY, ENCODED, FILE = range(1, 8)
# Flags of settings.
ALIGNED, PHOTO, FLIP, UPRIGHT, CUT_OFF = 1, 2, 4, 8, 16

NAME_SIZE = 208


class Options(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("threads", c_uint32), ("instruction_set", c_char_p)]


class Info(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("embedding_size", c_uint32),
        ("face_width", c_uint32),
        ("face_height", c_uint32),
        ("threads", c_uint32),
        ("has_detector", c_uint32),
        ("is_int8", c_uint32),
        ("is_stand_in", c_uint32),
        ("instruction_set", c_char * 20),
        ("model_digest", c_char * 40),
        ("detector_digest", c_char * 40),
    ]


class Image(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("format", c_int),
        ("width", c_uint32),
        ("height", c_uint32),
        ("data", c_void_p),
        ("size", c_size_t),
        ("row_bytes", c_size_t),
    ]


class SettingsStruct(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("flags", c_uint32),
        ("minimum_face", c_uint32),
        ("score", c_float),
        ("overlap", c_float),
        ("thresholds", c_float * 3),
        ("quality", c_float),
    ]


class FoundFace(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("box", c_float * 4),
        ("score", c_float),
        ("landmarks", c_float * 10),
        ("quality", c_float),
        ("fault", c_int),
        ("is_upside_down", c_uint32),
    ]


class MatchStruct(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("person", c_char * NAME_SIZE),
        ("cosine", c_float),
        ("runner_up", c_char * NAME_SIZE),
        ("runner_up_cosine", c_float),
    ]


class PersonStruct(ctypes.Structure):
    _fields_ = [("struct_size", c_size_t), ("name", c_char * NAME_SIZE), ("photos", c_size_t)]


def _load() -> ctypes.CDLL:
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libfaceq.so.0")
    try:
        # CDLL, unlike PyDLL, lets other Python threads run during each call.
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(
            f"faceq's library cannot be loaded ({error}); install a wheel for this machine, see scripts/build-wheels"
        ) from None
    handle, floats = c_void_p, c_void_p
    functions: dict[str, tuple[Any, list[Any]]] = {
        "version": (c_char_p, []),
        "instruction_sets": (c_size_t, [c_char_p, c_size_t]),
        "session_create": (c_int, [POINTER(Options), POINTER(handle)]),
        "session_close": (None, [handle]),
        "message": (c_char_p, [handle]),
        "open": (c_int, [handle, c_char_p]),
        "open_memory": (c_int, [handle, c_char_p, c_size_t]),
        "session_info": (c_int, [handle, POINTER(Info)]),
        "self_test": (c_int, [handle]),
        "detect": (c_int, [handle, POINTER(Image), c_void_p, c_void_p, floats, c_size_t, POINTER(c_size_t)]),
        "align": (c_int, [handle, POINTER(Image), floats, c_uint32, c_void_p]),
        "embed": (c_int, [handle, c_void_p, c_size_t, c_void_p, floats, c_void_p]),
        "image_message": (c_char_p, [handle, c_size_t]),
        "compare": (c_int, [floats, floats, c_size_t, POINTER(c_float)]),
        "bank_open": (c_int, [handle, c_char_p, POINTER(handle)]),
        "bank_close": (None, [handle]),
        "bank_message": (c_char_p, [handle]),
        "bank_detector": (c_char_p, [handle]),
        "bank_enrol": (c_int, [handle, c_char_p, c_char_p, floats]),
        "bank_remove": (c_int, [handle, c_char_p, POINTER(c_size_t)]),
        "bank_identify": (c_int, [handle, floats, POINTER(MatchStruct)]),
        "bank_people": (c_size_t, [handle]),
        "bank_person": (c_int, [handle, c_size_t, POINTER(PersonStruct)]),
        "bank_save": (c_int, [handle]),
    }
    for name, (result, arguments) in functions.items():
        function = getattr(library, "faceq_" + name)
        function.restype = result
        function.argtypes = arguments
    return library


lib = _load()


def version() -> str:
    """The version of the library."""
    text: bytes = lib.faceq_version()
    return text.decode()


def instruction_sets() -> list[str]:
    """The instruction sets that can be used here, slowest first."""
    names = ctypes.create_string_buffer(256)
    lib.faceq_instruction_sets(names, len(names))
    return names.value.decode().split()
