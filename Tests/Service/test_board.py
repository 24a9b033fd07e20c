"""The board's program under QEMU answers the same bytes."""
import json

import pytest

from service import SHARED, Service, board, faces_of, people


def answers(service):
    """What a service with three people says of photos."""
    for name in people(3, 2):
        added = service.post("/v1/people", data={"name": name}, files={"photo": ("photo.jpg", faces_of(name)[0].read_bytes())})
        assert added.status_code == 201, added.text
        yield "add " + name, added.content
    office = SHARED / "photos" / "office3.jpg"
    for path in ["/v1/detect", "/v1/embed", "/v1/identify"]:
        yield path, service.photo(path, office).content
    for name in people(3, 2):
        yield "identify " + name, service.photo("/v1/identify", faces_of(name)[1]).content
    two = {"first": faces_of(people(1, 2)[0])[0].read_bytes(), "second": faces_of(people(1, 2)[0])[1].read_bytes()}
    yield "compare", service.post("/v1/compare", files=two).content
    file = {"file": office.read_bytes()}
    yield "CompreFace", service.post("/api/v1/recognition/recognize?face_plugins=landmarks,calculator&prediction_count=3", files=file).content
    yield "DeepStack", service.post("/v1/vision/face/recognize", files={"image": office.read_bytes()}).content
    entries = {"entries": json.dumps({"facial-recognition": {"detection": {}, "recognition": {}}})}
    yield "Immich", service.post("/predict", data=entries, files={"image": office.read_bytes()}).content
    first = service.get("/v1/people").json()["people"][0]
    yield "picture", service.get(f"/v1/people/{first['name']}/faces/{first['faces'][0]['id']}/picture").content
    for path in ["/v1/openapi.json", "/v1/models", "/", "/v1/nothing"]:
        yield path, service.get(path).content
    yield "no photo", service.post("/v1/detect", data=b"GIF89a", headers={"Content-Type": "image/gif"}).content


@pytest.mark.parametrize("program", board(["cortex-a53", "max"]), ids=lambda program: program[2])
def test_same_bytes(tmp_path, program):
    (tmp_path / "x86").mkdir()
    (tmp_path / "arm").mkdir()
    x86 = Service(tmp_path / "x86")
    arm = Service(tmp_path / "arm", program=program)
    for (name, expected), (_, got) in zip(answers(x86), answers(arm), strict=True):
        assert got == expected, name
    assert x86.stop() == 0 and arm.stop() == 0
