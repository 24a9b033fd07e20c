#!/usr/bin/env python3
"""Lets faceq work for long, and watches its memory, descriptors and threads.

    soak.py FACEQ EMBED-OFTEN MODEL DETECTOR FACE PHOTOS SHARE [WAY…]

SHARE is the part of 10⁶ embeddings and 10⁵ photos to do, 1 for all; ways are library, embed, watch and serve, all of
them unless named. After a tenth of the work memory may grow by 4 MiB (the highest of the last tenth above that of the
second one), and descriptors and threads not at all; the last result has the bytes of the first.
"""
import http.client
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

faceq, embed_often, model, detector, face = sys.argv[1:6]
photos = sorted(pathlib.Path(sys.argv[6]).glob("*.jpg"))
share = float(sys.argv[7])
EMBEDDINGS, PHOTOS = int(1e6 * share), int(1e5 * share) // len(photos) * len(photos)
ALLOWED = 4 << 20


class Watched:
    """Samples what a process has, as its work goes on."""

    def __init__(self, process):
        self.folder = pathlib.Path(f"/proc/{process.pid}")
        self.samples = []

    def sample(self, done):
        """Notes how much of the work is done, and what the process has now."""
        pages = int((self.folder / "statm").read_text().split()[1])
        if pages == 0:
            # It has ended, and waits for this program to ask how.
            return
        counts = (len(list((self.folder / "fd").iterdir())), len(list((self.folder / "task").iterdir())))
        self.samples.append((done, pages * os.sysconf("SC_PAGE_SIZE"), *counts))

    def report(self, way, count, seconds):
        """Prints one line; returns whether everything stayed as it was."""
        steady = [sample for sample in self.samples if sample[0] >= count / 10]
        done, memory = [sample[0] for sample in steady], [sample[1] for sample in steady]
        middle, mean = sum(done) / len(done), sum(memory) / len(memory)
        spread = sum((x - middle) ** 2 for x in done) or 1
        slope = sum((x - middle) * (y - mean) for x, y in zip(done, memory)) / spread
        # What is resident depends on the photo that is worked on: the highest of a tenth does less.
        tenth = max(len(memory) // 9, 1)
        growth = max(memory[-tenth:]) - max(memory[:tenth])
        kept = all(len({sample[i] for sample in steady}) == 1 for i in (2, 3))
        print(
            f"{way}: {count:,} in {seconds:.0f} s, {memory[0] / 2**20:.1f} MiB, {growth / 2**20:+.2f} MiB at the end,"
            f" {slope:+.2f} bytes each; descriptors {steady[0][2]}, threads {steady[0][3]},"
            f" {'constant' if kept else 'NOT CONSTANT: ' + str({sample[2:] for sample in steady})}", flush=True)
        return growth <= ALLOWED and kept


def fed(command, pieces, count, output=subprocess.DEVNULL):
    """Runs a command that reads pieces from its standard input; returns what was watched, its messages and its status.

    The last sample is taken before the input ends: a pipe holds the rest of it.
    """
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.PIPE)
    messages = []
    reader = threading.Thread(target=lambda: messages.append(process.stderr.read()))
    reader.start()
    watched = Watched(process)
    step = max(count // 200, 1)
    for index in range(count):
        process.stdin.write(pieces[index % len(pieces)])
        if index % step == 0 or index == count - 1:
            process.stdin.flush()
            watched.sample(index)
    process.stdin.close()
    status = process.wait()
    reader.join()
    return watched, messages[0].decode(), status


def library(folder):
    began = time.time()
    process = subprocess.Popen([embed_often, model, face, str(EMBEDDINGS)], stdout=subprocess.PIPE, text=True)
    watched = Watched(process)
    for line in process.stdout:
        watched.sample(int(line))
    assert process.wait() == 0, "the last embedding is not the first"
    return watched.report("library", EMBEDDINGS, time.time() - began)


def embed(folder):
    began = time.time()
    rows = folder / "rows.npy"
    watched, messages, status = fed(
        [faceq, "embed", model, "--detector", detector, "--list", "-", "-o", rows],
        [f"{photo.resolve()}\n".encode() for photo in photos], PHOTOS)
    assert status == 0, messages
    table = (folder / "rows.csv").read_text().splitlines()[1:]
    assert len(table) == PHOTOS, f"{len(table)} rows of {PHOTOS}"
    found = sum(",embedded," in line for line in table[:len(photos)])
    size = int(re.search(rb"'shape': \(\d+, (\d+)\)", rows.read_bytes()[:128])[1]) * 4 * found
    data = rows.read_bytes()[128:]
    assert size > 0 and data[:size] == data[-size:], "the last embeddings are not the first"
    return watched.report("embed --list -", PHOTOS, time.time() - began)


def watch(folder):
    began = time.time()
    bank = folder / "people.bank"
    enrol(bank)
    frames = [photo.read_bytes() for photo in photos]
    watched, messages, status = fed(
        [faceq, "watch", "-", "--every-frame", "--model", model, "--detector", detector, "--bank", bank], frames, PHOTOS)
    # There is a summary for each minute, and one for the rest.
    counts = re.findall(r"(\d+) frames seen, (\d+) looked at", messages)
    seen, looked_at = (sum(int(count[i]) for count in counts) for i in (0, 1))
    assert status == 0 and seen == looked_at == PHOTOS, messages
    return watched.report("watch", PHOTOS, time.time() - began)


def enrol(bank):
    command = [faceq, "enroll", bank, "Ada", photos[0], "--model", model, "--detector", detector]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def serve(folder):
    began = time.time()
    bank = folder / "people.bank"
    process = subprocess.Popen(
        [faceq, "serve", "--model", model, "--detector", detector, "--bank", bank, "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    port = int(re.search(r"listening on http://\S+:(\d+),", process.stdout.readline())[1])
    watched = Watched(process)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    bodies, first = [photo.read_bytes() for photo in photos], {}
    for index in range(PHOTOS):
        number = index % len(bodies)
        connection.request("POST", "/v1/embed", bodies[number], {"Content-Type": "image/jpeg"})
        response = connection.getresponse()
        answer = (response.status, re.sub(rb'"[a-z_]*(milliseconds|ms)": *[0-9.]+', b"", response.read()))
        assert first.setdefault(number, answer) == answer, f"{answer} is not {first[number]}"
        if index % max(PHOTOS // 200, 1) == 0 or index == PHOTOS - 1:
            watched.sample(index)
    process.terminate()
    assert process.wait() == 0
    return watched.report("serve", PHOTOS, time.time() - began)


WAYS = {"library": library, "embed": embed, "watch": watch, "serve": serve}
failed = []
for way in sys.argv[8:] or WAYS:
    with tempfile.TemporaryDirectory() as name:
        if not WAYS[way](pathlib.Path(name)):
            failed.append(way)
sys.exit(f"not steady: {', '.join(failed)}" if failed else 0)
