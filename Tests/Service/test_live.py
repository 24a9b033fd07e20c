"""A service that watches: its streams, and those who read them slowly."""
import json
import shutil
import socket

import pytest
import requests

from camera import Camera
from service import Service, faces_of, people, wait_until


@pytest.fixture(scope="module")
def watching(tmp_path_factory):
    """Watches a folder of pictures of three people, of whom two are known."""
    folder = tmp_path_factory.mktemp("live")
    frames = folder / "frames"
    frames.mkdir()
    names = people(3, 3)
    number = 0
    for name in names:
        for _ in range(25):
            number += 1
            shutil.copy(faces_of(name)[0], frames / f"{number:04}.jpg")
    service = Service(folder, "--fps", "25", source=frames, threads=1)
    yield service, names
    assert service.stop() == 0, service.log.read_text()


def test_watched_frames(watching):
    service, _ = watching
    assert service.get("/v1/health").json()["watching"]
    assert wait_until(lambda: service.get("/v1/live.json").status_code == 200)
    frame = service.get("/v1/live.json").json()
    assert frame["width"] > 0 and frame["number"] > 0
    assert wait_until(lambda: any(face["track"] > 0 for face in service.get("/v1/live.json").json()["faces"]) or frame)
    assert service.get("/v1/live.jpeg").content[:3] == b"\xff\xd8\xff"


def test_events(watching):
    service, names = watching
    with requests.get(service.url + "/v1/events", stream=True, timeout=60) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        events = []
        for line in stream.iter_lines():
            if line.startswith(b"data: "):
                events.append(json.loads(line[6:]))
                break
    event = events[0]
    assert event["id"] == 1 and event["time"] and event["name"] is None
    assert requests.get(service.url + event["snapshot"]).content[:3] == b"\xff\xd8\xff"
    assert requests.get(service.url + "/v1/events/99/snapshot").status_code == 404


def test_streams_are_counted_and_let_go(watching):
    service, _ = watching
    readers = []
    for _ in range(16):
        connection = service.connect()
        connection.sendall(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        readers.append(connection)
    assert service.get("/v1/events").status_code == 503
    for connection in readers:
        connection.close()
    assert wait_until(lambda: figure(service, "faceq_streams") == 0)


def test_a_slow_reader_loses_frames_alone(tmp_path):
    camera = Camera(faces_of(people(1, 1)[0])[:1])
    service = Service(tmp_path, source=camera.url, threads=1)
    slow = socket.socket()
    # What the system keeps for a reader must be small, or it takes a minute to fill.
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect(("127.0.0.1", service.port))
    slow.sendall(b"GET /v1/live.mjpeg HTTP/1.1\r\nHost: localhost\r\n\r\n")
    before = service.memory
    with requests.get(service.url + "/v1/live.mjpeg", stream=True, timeout=60) as stream:
        frames = 0
        for line in stream.iter_lines():
            frames += line == b"--frame"
            if frames % 20 == 19 and figure(service, "faceq_lost_frames_total") > 3:
                break
            assert frames < 3000
    assert service.memory - before < 16 << 20
    slow.close()
    camera.stop()
    assert service.stop() == 0


def figure(service, name):
    return float(service.get("/v1/metrics").text.split(f"\n{name} ")[1].split("\n")[0])
