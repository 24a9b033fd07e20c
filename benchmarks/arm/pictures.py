"""Pictures for a program that wants files: `pictures.py FOLDER COUNT` makes COUNT of 112 × 112."""

import os
import struct
import sys
import zlib


def write_pattern(path, width, height, variation=0):
    """Writes a PNG with a pattern of colours."""

    def chunk(kind, content):
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            red, green, blue = (7 + variation) * x + 13 * y, x * y // (1 + variation), 3 * x + (5 + 3 * variation) * y
            rows += bytes([red % 256, green % 256, blue % 256])
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))))
        file.write(chunk(b"IEND", b""))


if __name__ == "__main__":
    folder, count = sys.argv[1], int(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    for number in range(count):
        write_pattern(os.path.join(folder, f"{number:02}.png"), 112, 112, number)
