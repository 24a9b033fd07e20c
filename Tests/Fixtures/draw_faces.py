#!/usr/bin/env python3
"""Draws pictures that a check for aligned faces takes for some: FOLDER/100.png, 101.png …, 112×112, COUNT of them.

    draw_faces.py FOLDER COUNT

Stripes and spots, and before them a head whose eyes are where the ArcFace template has them: enough variety for
statistics, without any photo. The same on every machine. Needs numpy.
"""
import pathlib
import struct
import sys
import zlib

import numpy as np

SIDE = 112
ROWS, COLUMNS = np.mgrid[0:SIDE, 0:SIDE]


class SplitMix64:
    """Steele, Lea and Flood's generator (2014)."""

    def __init__(self, state):
        self.state = state

    def number(self, low, high):
        """A whole number from `low` to `high`."""
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        mixed = ((self.state ^ (self.state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        return low + ((mixed ^ (mixed >> 31)) >> 11) % (high - low + 1)


def face(index):
    """RGB, [row][column][3]."""
    random = SplitMix64(index + 1)
    number = random.number

    def colour(low, high):
        return [number(low, high) for _ in range(3)]

    def spot(column, row, width, height, shade):
        right, down = (COLUMNS - column) * height, (ROWS - row) * width
        picture[right * right + down * down <= width * width * height * height] = shade

    down, right, width = number(-3, 3), number(-3, 3), number(6, 40)
    stripes = np.array([colour(0, 255), colour(0, 255)])
    picture = stripes[(ROWS * down + COLUMNS * right) // width % 2]
    for _ in range(8):
        spot(number(0, 111), number(0, 111), number(5, 35), number(5, 35), colour(0, 255))
    skin = colour(90, 255)
    spot(56 + number(-4, 4), 62 + number(-4, 4), number(32, 50), number(42, 60), skin)
    spot(56, number(0, 14), number(30, 60), number(8, 24), colour(0, 255))
    for _ in range(4):
        spot(number(10, 102), number(78, 111), number(3, 20), number(3, 16), colour(0, 255))
    for column in (38, 74):
        spot(column, 64, 15, 9, skin)
        spot(column, 51, number(8, 11), number(5, 7), colour(0, 60))
    spot(56, 51, 6, 9, skin)
    spot(56, 74, number(4, 10), number(3, 8), colour(0, 255))
    return picture.astype(np.uint8)


def png(picture):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, _ = picture.shape
    rows = b"".join(b"\0" + row.tobytes() for row in picture)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for index in range(int(sys.argv[2])):
    (folder / f"{100 + index}.png").write_bytes(png(face(index)))
