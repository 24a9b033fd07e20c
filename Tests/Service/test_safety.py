"""Who may ask, and what no request may do."""
import socket
import subprocess

import pytest
import requests

from service import DETECTOR, MODEL, PROGRAM, Service, faces_of, people, status

KEY = "a-key-for-the-tests-0123456789"


def test_hosts_and_origins(shared_service):
    port = shared_service.port

    def ask(**headers):
        return shared_service.get("/v1/people", headers={name.replace("_", "-"): value for name, value in headers.items()})
    for host in ["localhost", f"localhost:{port}", f"127.0.0.1:{port}", "[::1]", "192.168.1.7", socket.gethostname()]:
        assert ask(Host=host).status_code == 200, host
    for host in ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "1.2.3.4.5", "", "local host"]:
        assert ask(Host=host).status_code in (400, 403), host
    assert ask(Host=f"localhost:{port}", Origin=f"http://localhost:{port}").status_code == 200
    for origin in ["http://evil.example", "null", "http://localhost:1", f"http://127.0.0.1:{port}"]:
        assert ask(Host=f"localhost:{port}", Origin=origin).status_code == 403, origin
    assert ask(Sec_Fetch_Site="cross-site").status_code == 403
    assert ask(Sec_Fetch_Site="same-origin").status_code == 200
    assert ask().headers.get("Access-Control-Allow-Origin") is None
    preflight = shared_service.web.options(
        shared_service.url + "/v1/people", headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"})
    assert preflight.status_code in (403, 405) and "Access-Control-Allow-Origin" not in preflight.headers
    two = shared_service.ask(b"GET /v1/people HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert status(two) == 400


def test_other_names_are_allowed_by_choice(tmp_path):
    service = Service(tmp_path, "--allow-host", "faces.example.org")
    assert service.get("/v1/people", headers={"Host": "faces.example.org"}).status_code == 200
    assert service.get("/v1/people", headers={"Host": "faces.example.org", "Origin": "https://faces.example.org"}).status_code == 200
    assert service.get("/v1/people", headers={"Host": "other.example.org"}).status_code == 403
    assert service.stop() == 0


def test_other_addresses_need_keys(tmp_path):
    words = [*PROGRAM, "serve", "--model", MODEL, "--detector", DETECTOR, "--bank", str(tmp_path / "b"), "--port", "0", "--host", "0.0.0.0"]
    refused = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1 and "--api-key-file" in refused.stderr
    (tmp_path / "short").write_text("short\n")
    refused = subprocess.run([*words, "--api-key-file", str(tmp_path / "short")], capture_output=True, text=True, timeout=60)
    assert refused.returncode == 1 and "16" in refused.stderr


def test_keys(tmp_path):
    (tmp_path / "keys").write_text(f"# two keys\n{KEY}\n  another-key-0123456789  \n")
    service = Service(tmp_path, "--api-key-file", tmp_path / "keys", "--host", "0.0.0.0")
    get = service.get
    assert get("/v1/people").status_code == 401 and "Bearer" in get("/v1/people").headers["WWW-Authenticate"]
    assert get("/v1/people", headers={"X-API-Key": KEY}).status_code == 200
    assert get("/v1/people", headers={"Authorization": "Bearer another-key-0123456789"}).status_code == 200
    for wrong in [KEY[:-1], KEY + "x", "", KEY.upper()]:
        assert get("/v1/people", headers={"X-API-Key": wrong}).status_code == 401, wrong
    for open_path in ["/", "/v1/health", "/v1/openapi.json"]:
        assert get(open_path).status_code == 200
    for path in ["/v1/metrics", "/v1/models", "/v1/events", "/v1/live.mjpeg"]:
        assert get(path).status_code == 401, path

    browser = requests.Session()
    signed = browser.post(service.url + "/v1/sign-in", json={"key": KEY})
    cookie = signed.headers["Set-Cookie"]
    assert signed.status_code == 204 and "HttpOnly" in cookie and "SameSite=Strict" in cookie and KEY not in cookie
    assert browser.get(service.url + "/v1/people").status_code == 200
    browser.post(service.url + "/v1/sign-out", data=b"")
    stolen = signed.cookies["faceq_session"]
    assert get("/v1/people", headers={"Cookie": f"faceq_session={stolen}"}).status_code == 401

    answers = [service.post("/v1/sign-in", json={"key": "wrong"}).status_code for _ in range(30)]
    assert answers[0] == 401 and answers[-1] == 429
    assert service.post("/v1/sign-in", json={"key": KEY}).status_code == 204
    assert service.stop() == 0


def test_limits(tmp_path):
    service = Service(tmp_path, "--max-body", "1", "--max-pixels", "1")
    photo = {"Content-Type": "image/jpeg"}
    large = service.post("/v1/detect", data=b"\xff\xd8\xff" + bytes(2 << 20), headers=photo)
    assert large.status_code == 413 and large.json()["error"]["code"] == "too_large"
    expecting = service.ask(
        b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\nConnection: close\r\n\r\n"
        + bytes(9999999))
    assert status(expecting) == 413
    chunks = (bytes(100_000) for _ in range(30))
    try:
        assert service.post("/v1/detect", data=chunks, headers=photo).status_code == 413
    except requests.ConnectionError:
        pass  # The client had not sent all when the service refused the rest.
    headers = service.ask(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20000 + b"\r\n\r\n")
    assert status(headers) == 400
    no_length = service.ask(b"POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert status(no_length) == 411
    from PIL import Image
    Image.new("RGB", (1200, 1000)).save(tmp_path / "large.jpg")
    assert service.photo("/v1/detect", tmp_path / "large.jpg").status_code == 413
    assert service.get("/v1/health").status_code == 200 and service.stop() == 0


def test_no_file_can_be_named(service):
    name = people(1, 1)[0]
    answer = service.post(
        "/v1/people", data={"name": "../../etc/passwd"}, files={"photo": ("/etc/passwd", faces_of(name)[0].read_bytes())})
    assert answer.status_code == 201 and answer.json()["faces"][0]["photo"] == "passwd"
    for path in ["/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/v1/people/..%2f..%2fx/faces/1/picture"]:
        assert service.get(path).status_code in (400, 404), path
    missing = service.get("/v1/people/nobody/faces/1/picture")
    assert str(service.folder) not in missing.text
