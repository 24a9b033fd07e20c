#!/usr/bin/env python3
"""Lets every call fail once that the service makes for files, memory, threads and sockets (see faults.c).

    service_faults.py FACEQ FACEQ-BOARD SHIM [workstation | board] [KIND…]

Either the service does not begin, with one sentence and status 1. Or every request is answered, with what it asked for or
with an error in JSON, but for the one whose connection failed; afterwards requests are answered as ever; SIGTERM ends the
service. Where Swift or libevent gets no memory for itself, the service may end by a signal. Always: who was confirmed is in
the bank, and who was refused is not.
"""
import concurrent.futures
import functools
import http.client
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
from errno import (
    EADDRINUSE, EAGAIN, ECONNABORTED, ECONNRESET, EINTR, EIO, EMFILE, ENFILE, ENOBUFS, ENOMEM)

from faults import KINDS, Fault, let_fail
from service import DoesNotBegin, services
from workshop import Workshop, scratch

SOCKETS = [
    ("socket", [(EMFILE, False)]),
    ("bind", [(EADDRINUSE, False)]),
    ("listen", [(EADDRINUSE, False)]),
    ("accept", [(EMFILE, False), (ENFILE, False), (ENOMEM, False), (EINTR, True), (EAGAIN, True), (ECONNABORTED, True)]),
    ("setsockopt", [(ENOMEM, False)]),
    ("receive", [(ECONNRESET, False), (EINTR, True), (EAGAIN, True)]),
    ("send", [(ECONNRESET, False), (EINTR, True), (EAGAIN, True), (ENOBUFS, False)]),
    ("poll", [(ENOMEM, False)]),
    ("wait", [(EINTR, True), (EIO, False)]),
]
# Where the connection itself fails there may be no answer.
MAY_CUT = {
    "accept", "setsockopt", "receive", "send", "poll", "wait", "close", "events", "memory", "read", "write"}
# What is answered where something is refused. A request that libevent cannot wait for, or has no memory for, it does not
# understand or not see, either.
ERRORS = {500, 503, 507}
MORE_ERRORS = {"events": {400, 408}, "poll": {408}}


class People:
    """Who must be in the bank, and who may be."""

    def __init__(self):
        self.confirmed, self.unanswered = [], []


def carry_out(service, port, kind, is_harmless, people, paused=None):
    """Sends each kind of request; `paused` stands still while connections are made."""
    cuts = 0
    can_cut = kind in MAY_CUT and not is_harmless
    errors = set() if is_harmless else ERRORS | MORE_ERRORS.get(kind, set())
    steps = [
        ("GET", "/v1/health", 200), ("ADD", "Ada", 201), ("ADD", "Bob", 201), ("GET", "/v1/people", 200),
        ("POST", "/v1/identify", 200), ("POST", "/v1/embed", 200), ("DELETE", "/v1/people/Bob", 200), ("GET", "/", 200),
        ("ADD", "Cyd", 201)]
    for method, what, wanted in steps:
        before = list(people.confirmed)
        # Until there is an answer nobody knows.
        name = what if method == "ADD" else "Bob" if method == "DELETE" else None
        people.confirmed = [person for person in before if person != name]
        people.unanswered += [name] if name else []
        try:
            if method == "ADD":
                status, body = service.add(port, what, paused)
            else:
                photo = service.photo if method == "POST" else None
                status, body = service.ask(port, method, what, photo, paused=paused)
        except TimeoutError:
            raise Fault(f"{method} {what}: no answer in {service.patience} s")
        except (OSError, http.client.HTTPException) as error:
            cuts += 1
            if not can_cut or cuts > 1:
                raise Fault(f"{method} {what}: {error!r}")
            continue
        if name and (method == "ADD" or name in before):
            people.unanswered.remove(name)
        if method == "ADD" and status == 201 and json.loads(body)["name"] != what:
            raise Fault(f"{method} {what}: answers as to somebody else, {body[:200]}")
        if status == wanted:
            people.confirmed += [name] if method == "ADD" else []
            continue
        people.confirmed = before
        if kind == "events" and name:
            # What is done may have found no memory for its answer.
            people.confirmed = [person for person in before if person != name]
            people.unanswered.append(name)
        if method == "DELETE" and status == 404 and "Bob" not in before:
            continue
        if status not in errors:
            raise Fault(f"{method} {what}: answers {status}, {body[:200]}")
        # libevent itself has no memory for a body then.
        if body and set(json.loads(body)["error"]) != {"code", "message"}:
            raise Fault(f"{method} {what}: answers {status} with {body[:200]}")


def check(service, shim, kind, at, code, is_harmless):
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = pathlib.Path(name)
        service.prepare(folder)
        try:
            process, port = service.begin(
                folder, LD_PRELOAD=str(shim), FAULT_CALLS=kind, FAULT_AT=str(at), FAULT_CODE=str(code),
                SWIFT_BACKTRACE="enable=no")
        except DoesNotBegin as refusal:
            if kind not in ("memory", "events") and (refusal.status != 1 or "faceq" not in refusal.messages):
                raise Fault(str(refusal))
            if is_harmless:
                raise Fault(f"minds: {refusal}")
            check_folder(service, folder, People(), kind)
            return
        people = People()
        # What fails may cost one connection.
        attempts = 1 if is_harmless else 2
        # A connection that cannot be watched must be let go of once, whichever part of the service is first to see it.
        paused = process if kind == "poll" else None
        try:
            try:
                carry_out(service, port, kind, is_harmless, people, paused)
                # The call that fails may be one of these.
                people.unanswered.append("Eve")
                # Without an answer to the first attempt the second one finds her.
                recover(attempts, lambda: service.add(port, "Eve", paused), 201, 409)
                people.unanswered.remove("Eve")
                people.confirmed.append("Eve")
                recover(attempts, lambda: service.ask(port, "GET", "/v1/health", paused=paused), 200)
            finally:
                messages = end(process)
        except (Fault, OSError, http.client.HTTPException) as fault:
            # Where Swift itself gets no memory, or the system does not let it wait any more, the service ends.
            if process.returncode == -signal.SIGTERM or not may_end(kind, process.returncode, messages):
                raise Fault(f"{fault}; status {process.returncode}, {messages[-300:]!r}")
        except subprocess.TimeoutExpired:
            process.kill()
            raise Fault("does not end after SIGTERM")
        if process.returncode != 0 and not may_end(kind, process.returncode, messages):
            raise Fault(f"ends with status {process.returncode}: {messages[-300:]!r}")
        # Where Swift itself ends a program it says where it was.
        if kind != "memory" and len(messages.splitlines()) > 20:
            raise Fault(f"says too much: {messages[-300:]}")
        check_folder(service, folder, people, kind)


def end(process):
    """Asks the service to end; returns what it said."""
    process.terminate()
    try:
        return process.communicate(timeout=20)[1]
    except subprocess.TimeoutExpired:
        # The call that failed may be the one by which libevent learns of a signal.
        process.terminate()
        return process.communicate(timeout=60)[1]


def recover(attempts, request, *wanted):
    """Carries out a request that succeeds after so many attempts at the latest."""
    for _ in range(attempts):
        try:
            status, body = request()
            if status in wanted:
                return
            reason = f"answers {status}, {body[:200]}"
        except (OSError, http.client.HTTPException) as error:
            reason = repr(error)
    raise Fault(f"does not recover: {reason}")


def may_end(kind, status, messages):
    # libevent 2.1.12 frees a request that it could make only in part, by null pointers.
    if kind in ("memory", "events") and status < 0:
        return True
    # libevent ends the program where it cannot learn of signals any more.
    return status == 1 and (
        kind in ("wait", "poll", "thread", "events") and "faceq" in messages or kind == "read" and "[err] evsig" in messages)


def check_folder(service, folder, people, kind):
    left = [path.name for path in folder.iterdir() if ".faceq-" in path.name]
    if left and kind not in ("unlink", "memory", "events"):
        raise Fault(f"leaves {left}")
    there = [name for name in service.people(folder) if name not in people.unanswered]
    if there != [name for name in people.confirmed if name not in people.unanswered]:
        raise Fault(f"confirmed {people.confirmed}, and has {there}")


def count_calls(service, shim, kind):
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = pathlib.Path(name)
        service.prepare(folder)
        count = folder / "count"
        process, port = service.begin(
            folder, LD_PRELOAD=str(shim), FAULT_CALLS=kind, FAULT_AT="0", FAULT_COUNT=str(count))
        carry_out(service, port, kind, True, People())
        service.add(port, "Eve")
        process.terminate()
        process.communicate()
        return int(count.read_text())


def main():
    program, board, shim = [pathlib.Path(path).resolve() for path in sys.argv[1:4]]
    wanted = [word for word in sys.argv[4:] if word not in ("workstation", "board")]
    places = [word for word in sys.argv[4:] if word in ("workstation", "board")]
    runs, faults = 0, 0
    with Workshop(program) as workshop, concurrent.futures.ThreadPoolExecutor(2) as pool:
        for place, service in zip(("workstation", "board"), services(workshop, board)):
            if places and place not in places:
                continue
            for kind, codes in SOCKETS + KINDS + [("events", [(ENOMEM, False)])]:
                if wanted and kind not in wanted:
                    continue
                done, wrong = let_fail(
                    pool, service.name, kind, codes, count_calls(service, shim, kind),
                    functools.partial(check, service, shim))
                runs += done
                faults += wrong
    print(f"{runs} runs, {faults} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
