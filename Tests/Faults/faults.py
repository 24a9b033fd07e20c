#!/usr/bin/env python3
"""Lets every call fail that a command makes for files, memory and threads, one in each run (see faults.c).

    faults.py FACEQ FACEQ-BOARD SHIM [COMMAND…]     SHIM: faults.c, compiled as a shared library

Of each command the calls of a kind are counted first; then the first, the second, … fails, each in a run of its own. A run
that is told of a failure ends with one sentence and status 1; another one ends as if nothing had happened. Neither leaves
a temporary file, a half-written one, or what was there before in another state than before or after the command. Where
Swift itself gets no memory the program may end by a signal, and leave a temporary file; nothing else.
"""
import concurrent.futures
import functools
import hashlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
from errno import EAGAIN, EINTR, EIO, EMFILE, ENOMEM, ENOSPC, EROFS

from workshop import COMMANDS, Workshop, scratch

HALF = -1

# What fails how. Where the second is true, the command must not mind.
KINDS = [
    ("open", [(EMFILE, False), (EIO, False), (EROFS, False)]),
    ("read", [(EIO, False), (EINTR, True), (HALF, True)]),
    ("write", [(ENOSPC, False), (EIO, False), (EINTR, True), (HALF, True)]),
    ("mmap", [(ENOMEM, False)]),
    ("fsync", [(EIO, False), (ENOSPC, False)]),
    ("rename", [(EIO, False), (EROFS, False)]),
    ("close", [(EIO, False)]),
    ("stat", [(EIO, False)]),
    ("unlink", [(EIO, False)]),
    ("mkdir", [(ENOSPC, False)]),
    ("truncate", [(EIO, False)]),
    ("flock", [(EIO, False), (EINTR, True)]),
    ("thread", [(EAGAIN, False)]),
    ("library", [(ENOMEM, False)]),
    ("memory", [(ENOMEM, False)]),
]
# Of some allocations there are tens of thousands: so many of them fail, evenly spread.
MOST = {"library": 2000, "memory": 300}


def positions(kind, calls):
    most = MOST.get(kind, calls)
    return range(1, calls + 1) if calls <= most else [1 + index * (calls - 1) // (most - 1) for index in range(most)]


class Fault(Exception):
    pass


def contents(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(("-wal", "-shm"))}


def run(program, shim, folder, arguments, kind, at, code, count=None):
    environment = dict(
        os.environ, LD_PRELOAD=str(shim), FAULT_CALLS=kind, FAULT_AT=str(at), FAULT_CODE=str(code),
        SWIFT_BACKTRACE="enable=no")
    if count:
        environment["FAULT_COUNT"] = str(count)
    try:
        return subprocess.run(
            [program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        raise Fault("hangs")


def check(program, shim, command, expected, kind, at, code, is_harmless):
    """Carries out one run in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = pathlib.Path(name)
        command.prepare(folder)
        before = contents(folder)
        result = run(program, shim, folder, command.arguments, kind, at, code)
        lines = result.stderr.splitlines()
        sentences = [line for line in lines if line.startswith("faceq") and ": warning: " not in line]
        may_stop = kind == "memory"
        if result.returncode < 0 and not may_stop:
            raise Fault(f"ends by {signal.Signals(-result.returncode).name}: {result.stderr[-300:]}")
        if result.returncode not in (0, 1) and not may_stop:
            raise Fault(f"ends with status {result.returncode}: {result.stderr[-300:]}")
        if is_harmless and result.returncode != 0:
            raise Fault(f"minds: {lines}")
        if result.returncode == 1 and not sentences:
            raise Fault(f"says nothing: {lines}")
        after = contents(folder)
        left = [path for path in after if ".faceq-" in path or path.endswith(("-journal", ".tmp"))]
        if left and kind != "unlink" and not may_stop:
            raise Fault(f"leaves {left}")
        meaning = command.meaning(program, folder)
        if result.returncode == 0 and not command.may_skip and meaning != expected[1]:
            raise Fault(f"succeeds with another result: {lines}")
        if meaning not in expected:
            raise Fault(f"leaves something between: {lines}")
        for path, digest in before.items():
            if path not in command.changes and after.get(path) != digest:
                raise Fault(f"changes {path}")


def let_fail(pool, name, kind, codes, calls, check):
    """Lets calls of a kind fail, each in a run of its own, which `check` carries out; returns how many runs and faults.

    `check` takes the kind, the number of the call, the code and whether that is harmless, and raises what is wrong.
    """
    def attempt(at, code, is_harmless):
        try:
            check(kind, at, code, is_harmless)
        except Fault as fault:
            reason = "half" if code == HALF else os.strerror(code)
            return f"{name}, {kind} {at} of {calls}, {reason}: {fault}"

    results = [
        pool.submit(attempt, at, code, is_harmless)
        for code, is_harmless in codes for at in positions(kind, calls)]
    faults = [fault for result in results if (fault := result.result())]
    for fault in faults:
        print(fault, flush=True)
    print(f"{name}: {calls} of {kind}, {len(results)} runs", flush=True)
    return len(results), len(faults)


def count_calls(program, shim, command, kind):
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = pathlib.Path(name)
        command.prepare(folder)
        count = folder.parent / (folder.name + ".count")
        run(program, shim, folder, command.arguments, kind, 0, EIO, count)
        calls = int(count.read_text()) if count.exists() else 0
        count.unlink(missing_ok=True)
        return calls


def main():
    workstation, board, shim = [pathlib.Path(path).resolve() for path in sys.argv[1:4]]
    wanted = sys.argv[4:]
    runs, faults = 0, 0
    # Two programs at a time: each run waits for its program, so threads are enough.
    with Workshop(workstation) as workshop, concurrent.futures.ThreadPoolExecutor(2) as pool:
        for command in [command(workshop) for command in COMMANDS]:
            if wanted and command.name not in wanted:
                continue
            program = board if command.is_board else workstation
            expected = command.expected(program)
            of_command = 0
            for kind, codes in KINDS:
                if command.kinds and kind not in command.kinds:
                    continue
                done, wrong = let_fail(
                    pool, command.name, kind, codes, count_calls(program, shim, command, kind),
                    functools.partial(check, program, shim, command, expected))
                of_command += done
                faults += wrong
            print(f"{command.name}: {of_command} runs", flush=True)
            runs += of_command
    print(f"{runs} runs, {faults} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
