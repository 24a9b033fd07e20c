"""The paths under /v1, and that their document is OpenAPI and true."""
import math

import jsonschema
import openapi_spec_validator
import pytest

from service import SHARED, Service, faces_of, people

PHOTO = SHARED / "photos" / "office3.jpg"


@pytest.fixture(scope="module")
def document(shared_service):
    return shared_service.get("/v1/openapi.json").json()


def check(document, answer, path, method, pattern=None):
    """An answer is one that the document promises for this path."""
    described = document["paths"][pattern or path][method]["responses"][str(answer.status_code)]
    while "$ref" in described:
        described = document["components"]["responses"][described["$ref"].rsplit("/", 1)[1]]
    schema = described["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json())
    return answer.json()


def test_document_is_openapi(document):
    openapi_spec_validator.validate(document)
    assert set(document["paths"]) > {"/v1/detect", "/v1/identify", "/v1/people/{name}", "/v1/events"}


def test_detect(shared_service, document):
    answer = shared_service.photo("/v1/detect", PHOTO)
    found = check(document, answer, "/v1/detect", "post")
    assert answer.status_code == 200 and len(found["faces"]) >= 3
    sizes = [(face["box"][2] - face["box"][0]) * (face["box"][3] - face["box"][1]) for face in found["faces"]]
    assert sizes == sorted(sizes, reverse=True)
    with PHOTO.open("rb") as file:
        assert shared_service.post("/v1/detect", files={"image": file}).json() == found


def test_no_face_is_an_answer(shared_service, tmp_path):
    from PIL import Image
    Image.new("RGB", (320, 240), "grey").save(tmp_path / "grey.jpg")
    assert shared_service.photo("/v1/detect", tmp_path / "grey.jpg").json()["faces"] == []
    assert shared_service.photo("/v1/identify", tmp_path / "grey.jpg").json()["faces"] == []


def test_embed_and_compare(shared_service, document):
    first, second = people(2, 2)
    same, other = faces_of(first), faces_of(second)
    answer = shared_service.photo("/v1/embed", same[0])
    embedding = check(document, answer, "/v1/embed", "post")["faces"][0]["embedding"]
    assert abs(math.fsum(value * value for value in embedding) - 1) < 1e-3

    def compare(one, two, **query):
        with one.open("rb") as a, two.open("rb") as b:
            answer = shared_service.post("/v1/compare", files={"first": a, "second": b}, params=query)
        return check(document, answer, "/v1/compare", "post")
    assert abs(compare(same[0], same[0])["cosine"] - 1) < 1e-5
    assert compare(same[0], other[0])["cosine"] < 1
    assert compare(same[0], other[0], threshold=-1)["same"] and not compare(same[0], same[1], threshold=1)["same"]


def test_identify(shared_service, document):
    for name in people(3, 2):
        answer = shared_service.photo("/v1/identify", faces_of(name)[0])
        face = check(document, answer, "/v1/identify", "post")["faces"][0]
        assert face["name"] == face["nearest"] == name and face["cosine"] > 0.99 and face["margin"] > 0
        strict = shared_service.photo("/v1/identify?threshold=1", faces_of(name)[1]).json()["faces"][0]
        assert strict["name"] is None and strict["nearest"]


def test_people(service, document):
    name, photos = "Zoë & Söhne/2", faces_of(people(1, 3)[0])
    escaped = "Zo%C3%AB%20%26%20S%C3%B6hne%2F2"
    with photos[0].open("rb") as a, photos[1].open("rb") as b:
        answer = service.post("/v1/people", data={"name": name}, files=[("photo", ("a.jpg", a)), ("photo", ("../../b.jpg", b))])
    added = check(document, answer, "/v1/people", "post")
    assert answer.status_code == 201 and [face["photo"] for face in added["faces"]] == ["a.jpg", "b.jpg"]
    listed = check(document, service.get("/v1/people"), "/v1/people", "get")["people"]
    assert [person["name"] for person in listed] == [name] and len(listed[0]["faces"]) == 2
    assert all(face["picture"] and face["time"] for face in listed[0]["faces"])

    assert service.post("/v1/people", json={"name": name}).status_code == 409
    again = service.photo(f"/v1/people/{escaped}/faces", photos[2])
    third = check(document, again, "/v1/people/{name}/faces", "post")["faces"][0]["id"]
    picture = service.get(f"/v1/people/{escaped}/faces/{third}/picture")
    assert picture.headers["Content-Type"] == "image/jpeg" and picture.content[:3] == b"\xff\xd8\xff"

    assert service.photo("/v1/identify", photos[2]).json()["faces"][0]["name"] == name
    renamed = service.web.patch(f"{service.url}/v1/people/{escaped}", json={"name": "Zoë"})
    assert renamed.status_code == 200 and renamed.json() == {"name": "Zoë"}
    assert service.photo("/v1/identify", photos[2]).json()["faces"][0]["name"] == "Zoë"

    def delete(path):
        return service.web.delete(service.url + path)
    assert delete(f"/v1/people/Zo%C3%AB/faces/{third}").status_code == 200
    assert delete(f"/v1/people/Zo%C3%AB/faces/{third}").status_code == 404
    assert delete("/v1/people/Zo%C3%AB").json() == {"name": "Zoë", "removed_faces": 2}
    assert delete("/v1/people/Zo%C3%AB").status_code == 404
    assert service.get("/v1/people").json() == {"people": []}


def test_people_without_photos_and_bad_ones(service, document):
    assert service.post("/v1/people", json={"name": "Ada"}).status_code == 201
    assert service.get("/v1/people").json() == {"people": [{"name": "Ada", "faces": []}]}
    assert service.post("/v1/people", json={"name": "A\nda"}).status_code == 422
    assert service.post("/v1/people", json={}).status_code == 400
    good = faces_of(people(1, 1)[0])[0].read_bytes()
    mixed = service.post("/v1/people", data={"name": "Bob"}, files=[("photo", ("good.jpg", good)), ("photo", ("bad.jpg", b"no photo"))])
    answer = check(document, mixed, "/v1/people", "post")
    assert len(answer["faces"]) == 1 and answer["skipped"][0]["code"] == "no_photo"
    only = service.post("/v1/people", data={"name": "Eve"}, files={"photo": ("bad.jpg", good[:500])})
    assert only.status_code == 422 and check(document, only, "/v1/people", "post")
    assert [person["name"] for person in service.get("/v1/people").json()["people"]] == ["Ada", "Bob"]


def test_another_program_changes_the_bank(service):
    import subprocess
    from service import DETECTOR, MODEL, PROGRAM
    name = people(1, 1)[0]
    photo = faces_of(name)[0]
    assert service.photo("/v1/identify", photo).json()["faces"][0]["name"] is None
    subprocess.run([*PROGRAM, "enroll", service.bank, name, photo, "--model", MODEL, "--detector", DETECTOR], check=True)
    assert service.photo("/v1/identify", photo).json()["faces"][0]["name"] == name


def test_status(shared_service, document):
    health = check(document, shared_service.get("/v1/health"), "/v1/health", "get")
    assert health["status"] == "ok" and not health["watching"] and not health["needs_key"]
    models = check(document, shared_service.get("/v1/models"), "/v1/models", "get")
    assert models["bank"]["people"] == 3 and models["embedding"]["precision"] == "int8"
    metrics = shared_service.get("/v1/metrics")
    assert metrics.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'faceq_requests_total{status="200"}' in metrics.text and "faceq_request_seconds_count" in metrics.text
    page = shared_service.get("/")
    assert page.headers["Content-Type"].startswith("text/html") and "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert shared_service.web.head(shared_service.url + "/").text == ""


def test_errors(shared_service, document):
    big = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + (30000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    import zlib
    big += zlib.crc32(big[12:29]).to_bytes(4, "big") + b"\x00\x00\x00\x00IDAT5\xaf\x06\x1e\x00\x00\x00\x00IEND\xaeB`\x82"
    cases = [
        (404, "not_found", "get", "/v1/nothing", {}),
        (404, "not_found", "get", "/../etc/passwd", {}),
        (405, "method_not_allowed", "get", "/v1/detect", {}),
        (405, "method_not_allowed", "post", "/v1/health", {"json": {}}),
        (400, "no_photo", "post", "/v1/detect", {"data": b"", "headers": {"Content-Type": "image/jpeg", "Content-Length": "0"}}),
        (415, "unsupported_type", "post", "/v1/detect", {"json": {}}),
        (415, "no_photo", "post", "/v1/detect", {"data": b"GIF89a", "headers": {"Content-Type": "image/gif"}}),
        (422, "unusable_photo", "post", "/v1/detect", {"data": b"\xff\xd8\xff\xe0", "headers": {"Content-Type": "image/jpeg"}}),
        (413, "too_many_pixels", "post", "/v1/detect", {"data": big, "headers": {"Content-Type": "image/png"}}),
        (400, "bad_number", "post", "/v1/identify?threshold=x", {"data": PHOTO.read_bytes(), "headers": {"Content-Type": "image/jpeg"}}),
        (400, "malformed", "post", "/v1/people", {"data": b"{", "headers": {"Content-Type": "application/json"}}),
        (404, "no_such_person", "delete", "/v1/people/nobody", {}),
        (404, "not_watching", "get", "/v1/live.json", {}),
        (404, "not_watching", "get", "/v1/events", {}),
    ]
    for status, code, method, path, options in cases:
        answer = shared_service.web.request(method, shared_service.url + path, **options)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), (path, answer.text)
        jsonschema.validate(answer.json(), document["components"]["schemas"]["Error"])
    assert "POST" in shared_service.get("/v1/detect").headers["Allow"]


def test_end_finishes_what_runs(tmp_path):
    import threading
    service = Service(tmp_path, threads=1)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(service.photo("/v1/detect", PHOTO).status_code)) for _ in range(4)]
    for thread in threads:
        thread.start()
    from service import wait_until
    assert wait_until(lambda: len(answers) > 0)
    assert service.stop() == 0
    for thread in threads:
        thread.join()
    assert set(answers) <= {200} or service.log.read_text(), answers
    assert answers.count(200) == 4
