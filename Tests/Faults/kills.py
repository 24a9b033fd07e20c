#!/usr/bin/env python3
"""Kills commands at random moments, and lets sixteen programs change one bank at once.

    kills.py FACEQ FACEQ-BOARD [MOMENTS [COMMAND…]]     MOMENTS: for each command, 100 unless given

After a kill (SIGKILL) what the command changes is what it was before or what it is after, all of it; what was said to be
done is done; nothing else has changed; and the command, given again, does its work. An interrupted calibration goes on
to the same bytes. The service is killed while people are added by HTTP: who was confirmed is in the bank.
"""
import concurrent.futures
import http.client
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

from service import services
from workshop import COMMANDS, BankCommand, Command, Workshop, scratch

dice = random.Random(23)


def kill(command, program, expected, duration):
    """Kills one run at a random moment; returns what is wrong."""
    with tempfile.TemporaryDirectory(dir=scratch) as name:
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


def kill_once(service, seconds):
    """Kills a service so long after its first request; returns what is wrong, and how many were confirmed."""
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = pathlib.Path(name)
        service.prepare(folder)
        confirmed, asked = [], []
        try:
            process, port = service.begin(folder)
            timer = threading.Timer(seconds, process.kill)
            timer.start()
            try:
                while True:
                    person = f"P{len(asked):04}"
                    asked.append(person)
                    if service.add(port, person)[0] == 201:
                        confirmed.append(person)
            except (OSError, http.client.HTTPException):
                pass
            finally:
                timer.join()
                process.communicate()
            there = service.people(folder)
            # The last request may have been carried out without its answer.
            if there not in (confirmed, asked):
                return f"confirmed {confirmed}, and has {there}", len(confirmed)
            process, port = service.begin(folder)
            try:
                status, text = service.add(port, "Eve")
                process.terminate()
                process.communicate(timeout=60)
            finally:
                process.kill()
            if status != 201 or process.returncode != 0:
                return f"begun again it answers {status}, {text}, and ends with {process.returncode}", len(confirmed)
        except (RuntimeError, OSError, http.client.HTTPException, subprocess.TimeoutExpired) as error:
            return str(error), len(confirmed)
    return None, len(confirmed)


def kill_service(service, moments, pool):
    faults, confirmed = 0, 0
    for wait in [pool.submit(kill_once, service, dice.uniform(0, 0.5)) for _ in range(moments)]:
        fault, count = wait.result()
        confirmed += count
        if fault:
            faults += 1
            print(f"{service.name}: {fault}", flush=True)
    print(f"{service.name}: {moments} kills, {confirmed} people confirmed", flush=True)
    return faults


def kills(workshop, board, moments, wanted):
    faults = 0
    # Two programs at a time: each kill waits for its program, so threads are enough.
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for kind in COMMANDS:
            if wanted and kind.name not in wanted or kind.kinds:
                continue
            command = kind(workshop)
            program = board if kind.is_board else workshop.program
            start = time.monotonic()
            expected = command.expected(program)
            duration = time.monotonic() - start
            for wait in [pool.submit(kill, command, program, expected, duration) for _ in range(moments)]:
                if fault := wait.result():
                    faults += 1
                    print(f"{command.name}: {fault}", flush=True)
            print(f"{command.name}: {moments} kills", flush=True)
        for service in services(workshop, board):
            if not wanted or service.name in wanted:
                faults += kill_service(service, moments, pool)
    return faults


def writers(workshop, program, bank, count=16):
    """Sixteen programs add a person each, again and again, while others read."""
    with tempfile.TemporaryDirectory(dir=scratch) as name:
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
    wanted = sys.argv[4:]
    with Workshop(program) as workshop:
        faults = 0
        if not wanted:
            faults += writers(workshop, program, "new.db") + writers(workshop, board, "new.bank")
        faults += kills(workshop, board, moments, wanted)
    print(f"{faults} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
