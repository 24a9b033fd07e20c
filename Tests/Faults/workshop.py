"""What is needed to carry out faceq's commands, and what a command may leave behind."""
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

shared = pathlib.Path(__file__).resolve().parents[3] / "shared"
# In memory where there is such a folder: thousands of runs write little files.
scratch = "/dev/shm" if pathlib.Path("/dev/shm").is_dir() else None


class Workshop:
    """Small models, faces and banks, made once."""

    def __init__(self, program):
        self.program = program
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="faceq-faults-", dir=scratch))

    def __enter__(self):
        make_checkpoint(self.folder / "small.pth")
        faces = self.folder / "faces"
        faces.mkdir()
        photos = sorted((shared / "faces/calib").rglob("*.jpg"))
        for index, photo in enumerate(photos[:16]):
            shutil.copy(photo, faces / f"{index:02}.jpg")
        shutil.copy(shared / "cases/images/exif6.png", self.folder / "portrait.png")
        self.faceq("import", "small.pth", "-o", "float.gguf")
        self.faceq("import", shared / "models/onnx/yunet_s_640_640.onnx", "-o", "detector.gguf")
        self.faceq("calibrate", "float.gguf", "faces", "-o", "int8.gguf")
        self.faceq("enroll", "old.db", "Ada", "faces/00.jpg", "faces/01.jpg", "--model", "int8.gguf")
        self.faceq("enroll", "old.db", "Bob", "faces/02.jpg", "--model", "int8.gguf")
        self.faceq("bank", "export", "old.db", "-o", "old.bank")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def faceq(self, *arguments, cwd=None):
        return subprocess.run(
            [self.program, *arguments], cwd=cwd or self.folder, check=True, capture_output=True, text=True).stdout


def make_checkpoint(path):
    """A network so small that nearly all time goes into files: each run of a command is short."""
    sys.path.insert(0, str(shared / "fixtures"))
    import make_checkpoint as fixtures
    fixtures.NETS["small"] = (8, [(8, 1), (12, 1), (16, 1), (24, 1)], 32, False)
    fixtures.write_zip(path, fixtures.weights("small"), False)


class Command:
    """One command: what it needs, what it changes, and what that means."""

    needs = []
    changes = []
    # Whether a photo that cannot be read is left out.
    may_skip = False
    is_board = False
    # The kinds of calls that fail in it; all where there are none.
    kinds = []

    def __init__(self, workshop):
        self.workshop = workshop

    def prepare(self, folder):
        for name in self.needs:
            source = self.workshop.folder / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)

    def expected(self, program):
        """What is there before the command, and after it."""
        with tempfile.TemporaryDirectory(dir=scratch) as name:
            folder = pathlib.Path(name)
            self.prepare(folder)
            before = self.meaning(program, folder)
            subprocess.run([program, *self.arguments], cwd=folder, check=True, capture_output=True)
            return [before, self.meaning(program, folder)]

    def meaning(self, program, folder):
        """What the files say that the command changes."""
        return [
            hashlib.sha256((folder / name).read_bytes()).hexdigest() if (folder / name).exists() else None
            for name in self.changes]


class BankCommand(Command):
    def meaning(self, program, folder):
        bank = folder / self.changes[0]
        if not bank.exists():
            return None
        result = subprocess.run(
            [program, "bank", "list", bank, "--json"], cwd=folder, capture_output=True, text=True)
        if result.returncode != 0:
            # SQLite makes a file before it makes the bank in it: what has no tables counts as no bank.
            return None if "there is no bank at" in result.stderr else result.stderr
        people = json.loads(result.stdout)["people"]
        # Times differ from run to run.
        return [(person["name"], [(face["id"], face["photo"], face["picture"]) for face in person["faces"]])
                for person in people]


class Import(Command):
    name, needs, changes = "import", ["small.pth"], ["out.gguf"]
    arguments = ["import", "small.pth", "-o", "out.gguf"]


class Calibrate(Command):
    name, needs, changes = "calibrate", ["float.gguf", "faces"], ["out.gguf"]
    # One thread: the others would wait by computing, while this program has two run at a time.
    arguments = ["calibrate", "float.gguf", "faces", "-o", "out.gguf", "--threads", "1"]


class CalibrateOnTwoThreads(Calibrate):
    name, kinds = "calibrate on two threads", ["thread"]
    arguments = Calibrate.arguments[:-1] + ["2"]


class Embed(Command):
    name, needs, changes = "embed", ["int8.gguf", "faces"], ["out.npy"]
    arguments = ["embed", "int8.gguf", "faces", "-o", "out.npy", "--threads", "2", "--strict"]


class EmbedPNG(Command):
    name, needs, changes = "embed of a PNG file", ["int8.gguf", "detector.gguf", "portrait.png"], ["out.npy"]
    kinds = ["open", "read", "mmap", "library", "memory"]
    arguments = [
        "embed", "int8.gguf", "portrait.png", "--detector", "detector.gguf", "-o", "out.npy", "--threads", "1", "--strict"]


class Enroll(BankCommand):
    name, needs, changes = "enroll", ["int8.gguf", "faces", "old.db"], ["old.db"]
    arguments = ["enroll", "old.db", "Eve", "faces/03.jpg", "faces/04.jpg", "--model", "int8.gguf", "--strict"]


class EnrollNew(BankCommand):
    name, needs, changes = "enroll into a new bank", ["int8.gguf", "faces"], ["new.db"]
    arguments = ["enroll", "new.db", "Eve", "faces/03.jpg", "--model", "int8.gguf", "--strict"]


class BankImport(BankCommand):
    name, needs, changes = "bank import", ["old.bank"], ["new.db"]
    arguments = ["bank", "import", "new.db", "old.bank"]


class BankExport(Command):
    name, needs, changes = "bank export", ["old.db"], ["new.bank"]
    arguments = ["bank", "export", "old.db", "-o", "new.bank"]


class BankRemove(BankCommand):
    name, needs, changes = "bank remove", ["old.db"], ["old.db"]
    arguments = ["bank", "remove", "old.db", "Ada"]


class BoardEnroll(BankCommand):
    name, needs, changes = "enroll with the board's program", ["int8.gguf", "faces", "old.bank"], ["old.bank"]
    arguments = ["enroll", "old.bank", "Eve", "faces/03.jpg", "--model", "int8.gguf", "--aligned"]
    is_board = True


class BoardRemove(BankCommand):
    name, needs, changes = "bank remove with the board's program", ["old.bank"], ["old.bank"]
    arguments = ["bank", "remove", "old.bank", "Ada"]
    is_board = True


COMMANDS = [
    Import, Calibrate, CalibrateOnTwoThreads, Embed, EmbedPNG, Enroll, EnrollNew, BankImport, BankExport, BankRemove, BoardEnroll,
    BoardRemove]
