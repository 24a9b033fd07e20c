#!/usr/bin/env python3
"""Lets every call fail once that the service makes for files, memory, threads and sockets (see faults.c).

    service_faults.py FACEQ FACEQ-BOARD SHIM [KIND…]

Either the service does not begin, with one sentence and status 1. Or every request is answered, with what it asked for or
with an error in JSON, but for the one whose connection failed; afterwards requests are answered as ever; SIGTERM ends the
service; who was confirmed is in the bank, and who was refused is not.
"""
import concurrent.futures
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

from faults import EAGAIN, EINTR, EIO, EMFILE, ENOMEM, KINDS, Fault, positions
from service import DoesNotBegin, services
from workshop import Workshop, scratch

ECONNABORTED, ECONNRESET, ENFILE, EADDRINUSE, ENOBUFS = 103, 104, 23, 98, 105

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
MAY_CUT = {"accept", "setsockopt", "receive", "send", "poll", "wait", "close", "library", "memory", "read", "write"}


def carry_out(service, port, can_cut):
    """Sends each kind of request; returns who was confirmed and who may be there without an answer."""
    confirmed, unanswered, cuts = [], [], 0
    steps = [
        ("GET", "/v1/health", 200), ("ADD", "Ada", 201), ("ADD", "Bob", 201), ("GET", "/v1/people", 200),
        ("POST", "/v1/identify", 200), ("POST", "/v1/embed", 200), ("DELETE", "/v1/people/Bob", 200), ("GET", "/", 200),
        ("ADD", "Cyd", 201)]
    for method, what, wanted in steps:
        try:
            if method == "ADD":
                status, body = service.add(port, what)
            else:
                status, body = service.ask(port, method, what, service.photo if method == "POST" else None)
        except TimeoutError:
            raise Fault(f"{method} {what}: no answer in a minute")
        except (OSError, http.client.HTTPException) as error:
            cuts += 1
            if not can_cut or cuts > 1:
                raise Fault(f"{method} {what}: {error!r}")
            status = 0
        if method == "ADD" and status == 201:
            confirmed.append(what)
        elif method == "DELETE" and status in (200, 204) and "Bob" in confirmed:
            confirmed.remove("Bob")
        elif status == 0 and method == "ADD":
            unanswered.append(what)
        elif status == 0 and method == "DELETE" and "Bob" in confirmed:
            confirmed.remove("Bob")
            unanswered.append("Bob")
        if status in (0, wanted) or method == "DELETE" and (status == 204 or status == 404 and "Bob" not in confirmed):
            continue
        if status not in (500, 503, 507):
            raise Fault(f"{method} {what}: answers {status}, {body[:200]}")
        # libevent itself has no memory for a body then.
        if body and set(json.loads(body)["error"]) != {"code", "message"}:
            raise Fault(f"{method} {what}: answers {status} with {body[:200]}")
    return confirmed, unanswered


def check(service, shim, kind, at, code, is_harmless):
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = pathlib.Path(name)
        service.prepare(folder)
        try:
            process, port = service.begin(
                folder, LD_PRELOAD=str(shim), FAULT_CALLS=kind, FAULT_AT=str(at), FAULT_CODE=str(code),
                SWIFT_BACKTRACE="enable=no")
        except DoesNotBegin as refusal:
            if kind != "memory" and (refusal.status != 1 or not refusal.messages.startswith("faceq")):
                raise Fault(str(refusal))
            if is_harmless:
                raise Fault(f"minds: {refusal}")
            check_folder(service, folder, [], [], kind)
            return
        confirmed, unanswered = [], []
        try:
            try:
                confirmed, unanswered = carry_out(service, port, kind in MAY_CUT and not is_harmless)
                # The call that fails may be one of these.
                recover(lambda: service.add(port, "Eve"), 201)
                confirmed.append("Eve")
                recover(lambda: service.ask(port, "GET", "/v1/health"), 200)
            finally:
                process.terminate()
                _, messages = process.communicate(timeout=60)
        except (Fault, OSError, http.client.HTTPException) as fault:
            # Where Swift itself gets no memory, or the system does not let it wait any more, the service ends.
            if process.returncode == -signal.SIGTERM or not may_end(kind, process.returncode, messages):
                raise Fault(f"{fault}; status {process.returncode}, {messages[-300:]!r}")
            return
        except subprocess.TimeoutExpired:
            process.kill()
            raise Fault("does not end after SIGTERM")
        if process.returncode != 0 and not may_end(kind, process.returncode, messages):
            raise Fault(f"ends with status {process.returncode}: {messages[-300:]!r}")
        if len(messages.splitlines()) > 20:
            raise Fault(f"says too much: {messages[-300:]}")
        check_folder(service, folder, confirmed, unanswered, kind)


def recover(request, wanted):
    """Carries out a request that succeeds at the second attempt at the latest."""
    for attempt in range(2):
        try:
            status, body = request()
            if status == wanted:
                return
            reason = f"answers {status}, {body[:200]}"
        except (OSError, http.client.HTTPException) as error:
            reason = repr(error)
    raise Fault(f"does not recover: {reason}")


def may_end(kind, status, messages):
    if kind == "memory":
        return status < 0
    # libevent ends the program where it cannot learn of signals any more.
    return status == 1 and (kind == "wait" and "faceq" in messages or kind == "read" and "[err] evsig" in messages)


def check_folder(service, folder, confirmed, unanswered, kind):
    left = [path.name for path in folder.iterdir() if ".faceq-" in path.name]
    if left and kind not in ("unlink", "memory"):
        raise Fault(f"leaves {left}")
    there = service.people(folder)
    if [name for name in there if name not in unanswered] != [name for name in confirmed if name not in unanswered]:
        raise Fault(f"confirmed {confirmed}, and has {there}")


def attempt(service, shim, kind, at, calls, code, is_harmless):
    try:
        check(service, shim, kind, at, code, is_harmless)
    except Fault as fault:
        return f"{service.name}, {kind} {at} of {calls}, {os.strerror(code) if code > 0 else 'half'}: {fault}"


def count_calls(service, shim, kind):
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = pathlib.Path(name)
        service.prepare(folder)
        count = folder / "count"
        process, port = service.begin(
            folder, LD_PRELOAD=str(shim), FAULT_CALLS=kind, FAULT_AT="0", FAULT_COUNT=str(count))
        carry_out(service, port, False)
        service.add(port, "Eve")
        process.terminate()
        process.communicate()
        return int(count.read_text())


def main():
    program, board, shim = [pathlib.Path(path).resolve() for path in sys.argv[1:4]]
    wanted = sys.argv[4:]
    runs, faults = 0, 0
    with Workshop(program) as workshop, concurrent.futures.ThreadPoolExecutor(2) as pool:
        for service in services(workshop, board):
            for kind, codes in KINDS + SOCKETS:
                if wanted and kind not in wanted:
                    continue
                calls = count_calls(service, shim, kind)
                results = [
                    pool.submit(attempt, service, shim, kind, at, calls, code, is_harmless)
                    for code, is_harmless in codes for at in positions(kind, calls)]
                runs += len(results)
                for result in results:
                    if fault := result.result():
                        faults += 1
                        print(fault, flush=True)
                print(f"{service.name}: {calls} of {kind}, {len(results)} runs", flush=True)
    print(f"{runs} runs, {faults} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
