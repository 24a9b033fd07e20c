"""A service under test: the program, started with a bank of its own."""
import atexit
import contextlib
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import time

import requests

PROGRAM = os.environ.get("FACEQ_PROGRAM", ".build/release/faceq").split()
MODEL = ".build/service/int8.gguf"
DETECTOR = ".build/service/yunet.gguf"
SHARED = pathlib.Path(os.environ.get("FACEQ_SHARED", "../shared"))


class Service:
    """Runs until it is stopped; `log` is what it writes to stderr."""

    def __init__(self, folder, *options, program=None, bank="people.bank", before=None, source=None, threads=2,
                 stdin=subprocess.DEVNULL):
        self.folder = pathlib.Path(folder)
        self.bank = self.folder / bank
        self.log = self.folder / "log"
        words = [*(program or PROGRAM), "serve", *([str(source)] if source else []), "--model", MODEL, "--detector", DETECTOR,
                 "--bank", str(self.bank), "--port", "0", "--threads", str(threads), *map(str, options)]
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=open(self.log, "ab"), stdin=stdin, preexec_fn=before)
        # A test that fails does not end its service.
        atexit.register(self.process.kill)
        line = self._first_line(180)
        found = re.search(r"listening on http://(\S+):(\d+),", line)
        assert found, f"the service says {line!r} and {self.log.read_text()!r}"
        self.port = int(found[2])
        self.url = f"http://127.0.0.1:{self.port}"
        self.web = requests.Session()
        self.web.trust_env = False

    def _first_line(self, seconds):
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        return self.process.stdout.readline().decode() if ready else ""

    def get(self, path, **options):
        return self.web.get(self.url + path, timeout=60, **options)

    def post(self, path, **options):
        return self.web.post(self.url + path, timeout=60, **options)

    def photo(self, path, photo, **options):
        """Posts a photo as the body."""
        return self.post(path, data=pathlib.Path(photo).read_bytes(), headers={"Content-Type": "image/jpeg"}, **options)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def ask(self, request):
        """Sends bytes and reads until the service ends the connection, or for a second nothing comes."""
        with self.connect() as connection:
            connection.sendall(request)
            return drain(connection)

    @property
    def memory(self):
        """Bytes that are resident now."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    @property
    def is_running(self):
        return self.process.poll() is None

    def stop(self):
        """Asks the service to end; its exit status."""
        if self.is_running:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self):
        self.process.kill()
        self.process.wait(60)


def board(cores):
    """The board's program under QEMU as each of these cores; none where it was not built."""
    path = pathlib.Path(".build-board/faceq-board")
    if not path.exists() or not shutil.which("qemu-aarch64"):
        return []
    return [["qemu-aarch64", "-cpu", core, str(path)] for core in cores]


def drain(connection, seconds=30):
    """What comes until the other end closes."""
    connection.settimeout(seconds)
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            answer += part
    return answer


def status(answer):
    """The status of an answer's bytes; 0 where there is none."""
    found = re.match(rb"HTTP/1\.[01] (\d+) ", answer)
    return int(found[1]) if found else 0


def faces_of(person, folder="dev_loose"):
    """Photos of a person, each with one face."""
    return sorted((SHARED / "faces" / folder / person).glob("*.jpg"))


def people(count, photos, folder="dev_loose"):
    """People with at least so many photos."""
    folders = sorted(path for path in (SHARED / "faces" / folder).iterdir() if path.is_dir())
    return [path.name for path in folders if len(list(path.glob("*.jpg"))) >= photos][:count]


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
