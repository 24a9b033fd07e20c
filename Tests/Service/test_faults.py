"""What goes wrong between a client and a service, and in the machine."""
import concurrent.futures
import json
import os
import pathlib
import random
import resource
import socket
import subprocess
import threading
import time

import pytest
import requests

from service import PROGRAM, Service, drain, faces_of, people, status, wait_until

MALFORMED = [
    b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    b"FLY / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"GET /%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
    b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5x\r\n\r\nabcde",
    b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde",
    b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
    b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
    b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab",
    b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9\r\n"
    b"Connection: close\r\n\r\n--x\r\nabcd",
    b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\nContent-Length: 1\r\n\r\nx",
]


def body_of(answer):
    return json.loads(answer.split(b"\r\n\r\n", 1)[1])


def test_malformed_requests(shared_service):
    for request in MALFORMED:
        with shared_service.connect() as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = drain(connection)
        assert 400 <= status(answer) < 600, (request, answer)
        assert set(body_of(answer)["error"]) == {"code", "message"}, (request, answer)
    assert shared_service.get("/v1/health").status_code == 200


def test_random_bytes(shared_service):
    dice = random.Random(22)
    for _ in range(300):
        request = bytearray(dice.choice(MALFORMED) + dice.randbytes(dice.randrange(200)))
        for _ in range(dice.randrange(8)):
            request[dice.randrange(len(request))] = dice.randrange(256)
        with shared_service.connect() as connection:
            connection.sendall(request)
            if dice.random() < 0.5:
                connection.shutdown(socket.SHUT_WR)
    assert shared_service.get("/v1/health").status_code == 200


def test_half_closed_and_broken_connections(shared_service):
    photo = faces_of(people(1, 1)[0])[0].read_bytes()
    request = b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(photo) + photo
    with shared_service.connect() as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        assert status(drain(connection)) == 200
    for length in (1, 20, 100, len(request) - 1, len(request)):
        for _ in range(10):
            connection = shared_service.connect()
            connection.sendall(request[:length])
            # Ends with RST.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()
    assert shared_service.get("/v1/health").status_code == 200


def test_pipelined_and_kept_connections(shared_service):
    get = b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = shared_service.ask(get * 5 + get.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert answer.count(b"HTTP/1.1 200 OK") == 6


def test_slow_requests_are_ended(shared_service):
    slow = [shared_service.connect() for _ in range(20)]
    silent = [shared_service.connect() for _ in range(20)]
    head = b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
    ended = set()

    def drip():
        position = 0
        while len(ended) < len(slow):
            for index, connection in enumerate(slow):
                if index in ended:
                    continue
                try:
                    connection.send(head[position:position + 1] if index % 2 and position < len(head) else b"x" if position >= len(head) else head[position:position + 1])
                    connection.settimeout(0.001)
                    if connection.recv(4096) == b"":
                        ended.add(index)
                except TimeoutError:
                    pass
                except OSError:
                    ended.add(index)
            position += 1
            time.sleep(0.2)
    thread = threading.Thread(target=drip)
    thread.start()
    # Others are served meanwhile.
    assert shared_service.get("/v1/health").status_code == 200
    thread.join(120)
    assert len(ended) == len(slow)
    for connection in silent:
        assert status(drain(connection, 120)) in (0, 408)


def test_a_thousand_connections(service):
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    connections = []
    for _ in range(1000):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", service.port))
        connections.append(connection)
    request = b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    statuses = []
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        def ask(connection):
            connection.setblocking(True)
            connection.settimeout(60)
            try:
                connection.sendall(request)
                return status(drain(connection, 60))
            except OSError:
                return 0
            finally:
                connection.close()
        statuses = list(pool.map(ask, connections))
    assert statuses.count(200) >= 200 and set(statuses) <= {200, 503, 0}, {code: statuses.count(code) for code in set(statuses)}
    assert wait_until(lambda: service.get("/v1/health").status_code == 200)


def test_no_descriptor_is_left_for_a_connection(service):
    """The service waits, says so once, and takes the connection when it can."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE, (4, most))
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(requests.get(service.url + "/v1/health", timeout=60).status_code))
        for _ in range(3)]
    for thread in threads:
        thread.start()
    assert wait_until(lambda: "cannot take connections" in service.log.read_text())
    time.sleep(2)
    assert len(service.log.read_text().splitlines()) == 1 and not answers
    resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE, before)
    for thread in threads:
        thread.join()
    assert answers == [200] * 3


def test_too_many_requests_are_told_so(tmp_path):
    service = Service(tmp_path, threads=1)
    photo = (pathlib.Path(os.environ.get("FACEQ_SHARED", "../shared")) / "photos" / "office3.jpg").read_bytes()
    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        def ask(_):
            answer = requests.post(service.url + "/v1/detect", data=photo, headers={"Content-Type": "image/jpeg"}, timeout=120)
            return answer.status_code, answer.headers.get("Retry-After")
        answers = list(pool.map(ask, range(200)))
    codes = {code for code, _ in answers}
    assert codes <= {200, 503} and 200 in codes
    assert all(retry for code, retry in answers if code == 503)
    assert service.stop() == 0


def test_bodies_share_a_budget(service):
    """Many large bodies at once: some are refused, and memory stays within bounds."""
    before = service.memory
    opened = [service.connect() for _ in range(12)]
    head = b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 19000000\r\n\r\n"

    def send(connection):
        try:
            connection.sendall(head + bytes(18_000_000))
        except OSError:
            pass
    threads = [threading.Thread(target=send, args=(connection,)) for connection in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert service.memory - before < 160 << 20
    for connection in opened:
        connection.close()
    assert service.get("/v1/health").status_code == 200


def test_ten_thousand_requests_with_flat_memory(service):
    photo = faces_of(people(1, 1)[0], "dev")[0].read_bytes()
    header = {"Content-Type": "image/jpeg"}

    def ask(count):
        with requests.Session() as web:
            for _ in range(count):
                assert web.post(service.url + "/v1/identify", data=photo, headers=header).status_code == 200

    def run(count):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(ask, [count // 4] * 4))
    run(1000)
    before = service.memory
    run(10_000)
    assert service.memory - before < 4 << 20, f"{(service.memory - before) >> 10} KiB more after 10,000 requests"


def test_killed_while_enrolling(tmp_path):
    """What was answered is there, whenever the service dies; and the bank opens."""
    dice = random.Random(22)
    photos = [photo for name in people(40, 1) for photo in faces_of(name)[:1]]
    answered = []
    service = Service(tmp_path)
    for round in range(8):
        def enrol(index):
            name = f"{round}-{index}"
            try:
                answer = requests.post(
                    service.url + "/v1/people", data={"name": name}, files={"photo": photos[index % len(photos)].read_bytes()}, timeout=60)
                if answer.status_code == 201:
                    answered.append((name, answer.json()["faces"][0]["id"]))
            except requests.RequestException:
                pass
        threads = [threading.Thread(target=lambda first=first: [enrol(first * 100 + index) for index in range(20)]) for first in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.2 + dice.random())
        service.kill()
        for thread in threads:
            thread.join()
        service = Service(tmp_path)
        known = {person["name"]: [face["id"] for face in person["faces"]] for person in service.get("/v1/people").json()["people"]}
        for name, face in answered:
            assert known.get(name) == [face], f"{name} was answered and is not there"
    assert len(answered) > 20
    assert service.stop() == 0


def test_full_disk(tmp_path):
    """A file cannot grow: the service says so, changes nothing and goes on."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, 120_000))
    service = Service(tmp_path, before=limit)
    names = people(60, 1)
    codes, kept = [], []
    for name in names:
        answer = service.post("/v1/people", data={"name": name}, files={"photo": faces_of(name)[0].read_bytes()})
        codes.append(answer.status_code)
        if answer.status_code == 201:
            kept.append(name)
        if codes[-3:] == [507] * 3:
            break
    assert codes[0] == 201 and codes[-1] == 507, codes
    listed = [person["name"] for person in service.get("/v1/people").json()["people"]]
    assert listed == sorted(kept)
    assert service.photo("/v1/identify", faces_of(kept[0])[0]).json()["faces"][0]["name"] == kept[0]
    assert service.stop() == 0
    again = Service(tmp_path)
    assert [person["name"] for person in again.get("/v1/people").json()["people"]] == sorted(kept)
    assert again.stop() == 0


def test_read_only_but_for_the_banks_folder(tmp_path):
    if os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
        pytest.skip("file systems cannot be mounted here")
    bank = tmp_path / "bank"
    bank.mkdir()
    script = f'mount --bind {bank} {bank} && mount -o remount,ro / 2>/dev/null || mount -o remount,bind,ro / || exit 99; exec "$@"'
    try:
        service = Service(bank, program=["unshare", "--mount", "sh", "-c", script, "sh", str(pathlib.Path(PROGRAM[0]).resolve()), *PROGRAM[1:]])
    except AssertionError as error:
        pytest.skip(f"the root cannot be made read-only here: {error}")
    name = people(1, 1)[0]
    assert service.post("/v1/people", data={"name": name}, files={"photo": faces_of(name)[0].read_bytes()}).status_code == 201
    assert service.stop() == 0
