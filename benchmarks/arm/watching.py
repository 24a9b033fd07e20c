#!/usr/bin/env python3
"""Counts what `faceq-board watch` executes for a frame, and predicts how many frames a second boards look at:

    watching.py PROGRAM WORK_FOLDER VIDEO.mjpeg MODEL DETECTOR BANK

For parts of Tests/Watch/make_video.py's video with nobody, one, two and four people in view, with every frame searched as a
whole and with one of three. No view is good enough to be embedded: embeddings are counted in docs/measurements/arm.md. PROGRAM is the board's with its symbols; WORK_FOLDER has libcount.so, as benchmarks/arm/run
makes it. Prints Markdown.
"""
import os
import re
import subprocess
import sys

import tables
from boards import BOARDS
from embedding import Embedding
from evidence import CORES
from guest import Guest
from machine_code import MachineCode

# First frames of the video's parts, counted from 0.
PARTS = {"nobody": 1655, "one person": 85, "two people": 180, "four people": 930}
FRAMES = 6


def frames(path):
    """The JPEG files in a video: ffmpeg writes neither thumbnails nor anything between frames."""
    with open(path, "rb") as file:
        return re.findall(rb"\xff\xd8\xff.*?\xff\xd9(?=\xff\xd8\xff|\Z)", file.read(), re.DOTALL)


def counts(guest, video, options, first, count):
    path = os.path.join(guest.work, "part.mjpeg")
    with open(path, "wb") as file:
        file.write(b"".join(video[first:first + count]))
    return guest.counts(["watch", path, "--threads", "1", "--quality", "1", *options])


def main(program, work, video_path, model, detector, bank):
    code = MachineCode(program)
    video = frames(video_path)
    common = ["--model", model, "--detector", detector, "--bank", bank]
    found = {}
    for part, first in PARTS.items():
        for every in (1, 3):
            for instruction_set in ("neon", "dotprod"):
                print(f"{part}, --detect-every {every}, {instruction_set} …", file=sys.stderr)
                guest = Guest(program, work, CORES[instruction_set])
                options = [*common, "--detect-every", str(every)]
                # The first frame begins the tracks.
                executed = counts(guest, video, options, first, 1 + FRAMES)
                executed.subtract(counts(guest, video, options, first, 1))
                executed = {address: count for address, count in executed.items() if count > 0}
                found[part, every, instruction_set] = Embedding(code, executed)
    rows = [
        [part, str(every)] + [f"{found[part, every, isa].instructions / FRAMES / 1e6:.0f}" for isa in ("neon", "dotprod")]
        for part in PARTS for every in (1, 3)]
    print(tables.table(["in view", "--detect-every", "neon, 10⁶ a frame", "dotprod, 10⁶ a frame"], rows))
    print()
    rows = []
    for board in BOARDS:
        for every in (1, 3):
            row = [board.name, str(every)]
            for part in PARTS:
                cycles, others = found[part, every, board.instruction_set].cycles(board.pipeline)
                seconds = (cycles + others / board.calm) / FRAMES / (board.clock * 1e9)
                row.append(f"{1 / seconds:.0f}")
            rows.append(row)
    print(tables.table(["board, one thread", "--detect-every"] + [f"{part}, frames a second" for part in PARTS], rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
