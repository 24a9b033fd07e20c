#!/usr/bin/env python3
"""Kills commands at random moments, and lets sixteen programs change one bank at once.

    kills.py FACEQ FACEQ-BOARD [MOMENTS]     MOMENTS: for each command, 100 unless given

After a kill (SIGKILL) what the command changes is what it was before or what it is after, all of it; what was said to be
done is done; nothing else has changed; and the command, given again, does its work. An interrupted calibration goes on
to the same bytes.
"""
import concurrent.futures
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from workshop import COMMANDS, BankCommand, Command, Workshop

dice = random.Random(23)


class BoardEnroll(BankCommand):
    name, needs, changes = "enroll with the board's program", ["int8.gguf", "faces", "old.bank"], ["old.bank"]
    arguments = ["enroll", "old.bank", "Eve", "faces/03.jpg", "--model", "int8.gguf", "--aligned"]
    is_board = True


class BoardRemove(BankCommand):
    name, needs, changes = "bank remove with the board's program", ["old.bank"], ["old.bank"]
    arguments = ["bank", "remove", "old.bank", "Ada"]
    is_board = True


def kill(command, program, expected, duration):
    """Kills one run at a random moment; returns what is wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        command.prepare(folder)
        process = subprocess.Popen(
            [program, *command.arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(dice.uniform(0, duration * 1.2))
        process.kill()
        output, _ = process.communicate()
        meaning = command.meaning(program, folder)
        if meaning not in expected:
            return f"leaves {meaning}"
        if output and process.returncode != 0 and isinstance(command, BankCommand) and meaning != expected[1]:
            return f"said {output!r} and did not do it"
        if meaning == expected[0]:
            again = subprocess.run([program, *command.arguments], cwd=folder, capture_output=True, text=True)
            if again.returncode != 0:
                return f"cannot be done any more: {again.stderr}"
            if command.meaning(program, folder) != expected[1]:
                return "does something else when it is done again"
    return None


def kills(workshop, board, moments):
    faults = 0
    for kind in COMMANDS + [BoardEnroll, BoardRemove]:
        command = kind(workshop)
        program = board if getattr(kind, "is_board", False) else workshop.program
        workshop.faceq, plain = (lambda *a, cwd=None, program=program: subprocess.run(
            [program, *a], cwd=cwd or workshop.folder, check=True, capture_output=True, text=True).stdout), workshop.faceq
        start = time.monotonic()
        expected = command.expected(program)
        duration = time.monotonic() - start
        workshop.faceq = plain
        for _ in range(moments):
            fault = kill(command, program, expected, duration)
            if fault:
                faults += 1
                print(f"{command.name}: {fault}", flush=True)
        print(f"{command.name}: {moments} kills", flush=True)
    return faults


def writers(workshop, program, bank, count=16):
    """Sixteen programs add a person each, again and again, while others read."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for need in ["int8.gguf", "faces"]:
            Command.prepare(type("Need", (Command,), {"needs": [need]})(workshop), folder)

        def write(index):
            failures = []
            for face in range(3):
                result = subprocess.run(
                    [program, "enroll", bank, f"P{index:02}", f"faces/{(index + face) % 16:02}.jpg", "--model",
                     "int8.gguf", "--aligned", "--threads", "1"], cwd=folder, capture_output=True, text=True)
                if result.returncode != 0:
                    failures.append(result.stderr)
                reading = subprocess.run(
                    [program, "bank", "list", bank, "--json"], cwd=folder, capture_output=True, text=True)
                if reading.returncode != 0:
                    failures.append(reading.stderr)
            return failures

        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            failures = [failure for failures in pool.map(write, range(count)) for failure in failures]
        listed = subprocess.run(
            [program, "bank", "list", bank, "--json"], cwd=folder, check=True, capture_output=True, text=True)
        people = json.loads(listed.stdout)["people"]
        ids = [face["id"] for person in people for face in person["faces"]]
        wrong = failures[:3]
        if sorted(ids) != list(range(1, 3 * count + 1)) or len(people) != count:
            wrong.append(f"{len(people)} people, faces {sorted(ids)}")
        left = [path.name for path in folder.iterdir() if path.name.startswith(".faceq-")]
        if left:
            wrong.append(f"left {left}")
        print(f"{count} writers of {bank} by {program.name}: {wrong or 'all is there'}", flush=True)
        return len(wrong)


def main():
    program, board = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    moments = int(sys.argv[3]) if len(sys.argv) > 3 else 100
    with Workshop(program) as workshop:
        faults = writers(workshop, program, "new.db") + writers(workshop, board, "new.bank")
        faults += kills(workshop, board, moments)
    print(f"{faults} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
