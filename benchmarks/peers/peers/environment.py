"""The Python environment with the runtimes. Itself in need of nothing but Python."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from .errors import PeersError

LISTS = Path(__file__).resolve().parent.parent
REQUIREMENTS = LISTS / "requirements.txt"
ALONE = LISTS / "requirements-alone.txt"


def install(folder: Path) -> Path:
    """Makes the environment unless it is there with the same packages, and returns its Python."""
    python = folder / "bin" / "python"
    installed = folder / "installed.txt"
    wanted = REQUIREMENTS.read_text() + ALONE.read_text()
    if installed.is_file() and installed.read_text() == wanted:
        return python
    print(f"Installing the runtimes from PyPI into {folder} …", file=sys.stderr, flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    _run(
        [sys.executable, "-m", "venv", "--clear", folder],
        "Python cannot make a virtual environment; install it first: apt-get install python3-venv",
    )
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    advice = "pip could not install the runtimes: PyPI must be within reach and have them for this Python"
    _run([*pip, "--requirement", REQUIREMENTS], advice)
    _run([*pip, "--no-deps", "--requirement", ALONE], advice)
    installed.write_text(wanted)
    return python


def run_in(work: Path, module: str) -> NoReturn:
    """Goes on with a module of this package, and the same arguments, in the environment below `work`."""
    python = install(work.resolve() / "python")
    os.environ["NNCF_CI"] = "1"  # NNCF and OpenVINO then report nothing to their makers
    os.execv(python, [str(python), "-m", module, *sys.argv[1:]])


def _run(command: list, advice: str) -> None:
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if result.returncode != 0:
        last = (result.stderr or result.stdout).strip().rpartition("\n")[2]
        raise PeersError(f"{advice} ({last}).")
