"""The clients that exist for other services, as they are on PyPI."""
import json

import pytest
import requests
from compreface import CompreFace
from deepstack_sdk import Face, ServerConfig

from service import SHARED, Service, faces_of, people

OFFICE = str(SHARED / "photos" / "office3.jpg")
KEY = "0123456789abcdef-test"


@pytest.fixture(scope="module", params=[False, True], ids=["open", "key"])
def service(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clients")
    (folder / "keys").write_text(f"# of the tests\n{KEY}\n")
    service = Service(folder, *(["--api-key-file", folder / "keys"] if request.param else []))
    yield service
    assert service.stop() == 0


def test_compreface(service, tmp_path):
    from PIL import Image
    first, second = people(2, 3)
    compreface = CompreFace(f"http://127.0.0.1", str(service.port))
    recognition = compreface.init_face_recognition(KEY)
    subjects, collection = recognition.get_subjects(), recognition.get_face_collection()

    assert subjects.add("Ada Lovelace") == {"subject": "Ada Lovelace"}
    assert subjects.update("Ada Lovelace", "Ada") == {"updated": "true"}
    added = collection.add(str(faces_of(first)[0]), first, {"det_prob_threshold": 0.5})
    assert added["subject"] == first and added["image_id"]
    other = collection.add(faces_of(second)[0].read_bytes(), second)
    assert sorted(subjects.list()["subjects"]) == sorted(["Ada", first, second])
    listed = collection.list()
    assert {face["subject"] for face in listed["faces"]} == {first, second}

    found = recognition.recognize(
        str(faces_of(first)[0]),
        {"limit": 0, "det_prob_threshold": 0.3, "prediction_count": 2, "face_plugins": "landmarks,calculator", "status": "true"})
    face = found["result"][0]
    assert [subject["subject"] for subject in face["subjects"]][0] == first and len(face["subjects"]) == 2
    assert face["subjects"][0]["similarity"] > 0.99 and len(face["landmarks"]) == 5 and face["embedding"]
    assert face["box"]["x_min"] < face["box"]["x_max"] and 0 < face["box"]["probability"] <= 1
    assert set(found["plugins_versions"]) == {"detector", "calculator"}

    verified = collection.verify(str(faces_of(first)[0]), added["image_id"])
    assert verified["result"][0]["subject"] == first and verified["result"][0]["similarity"] > 0.99
    picture = requests.get(f"{service.url}/api/v1/recognition/faces/{added['image_id']}/img", headers={"x-api-key": KEY})
    assert picture.content[:3] == b"\xff\xd8\xff"

    verification = compreface.init_face_verification(KEY)
    match = verification.verify(str(faces_of(first)[0]), str(faces_of(first)[0]))["result"][0]
    assert match["face_matches"][0]["similarity"] > 0.99 and match["source_image_face"]["box"]
    detection = compreface.init_face_detection(KEY)
    assert len(detection.detect(OFFICE, {"limit": 2})["result"]) == 2

    Image.new("RGB", (200, 200)).save(tmp_path / "black.jpg")
    assert recognition.recognize(str(tmp_path / "black.jpg"))["code"] == 28

    assert collection.delete(other["image_id"]) == {"image_id": other["image_id"], "subject": second}
    assert collection.delete_all(first) == {"deleted": 1}
    assert subjects.delete("Ada") == {"subject": "Ada"}
    assert "message" in subjects.delete("Ada")
    assert subjects.delete_all() == {"deleted": 2}
    assert subjects.list() == {"subjects": []}


def test_deepstack(service):
    first, second = people(2, 3)
    face = Face(ServerConfig(service.url, api_key=KEY))
    assert len(face.detectFace(OFFICE, min_confidence=0.4)) >= 3
    assert face.registerFace([str(faces_of(first)[0]), str(faces_of(first)[1])], first)
    assert face.registerFace([faces_of(second)[0].read_bytes()], second)
    assert sorted(face.listFaces()) == sorted([first, second])
    found = face.recognizeFace(str(faces_of(second)[0]))
    assert found[0].userid == second and found[0].confidence > 0.99 and found[0].x_min < found[0].x_max
    assert {item.userid for item in face.recognizeFace(OFFICE, min_confidence=1)} == {"unknown"}
    with pytest.raises(Exception, match="Invalid image"):
        face.detectFace(b"no photo")
    match = requests.post(
        service.url + "/v1/vision/face/match", data={"api_key": KEY},
        files={"image1": faces_of(first)[0].read_bytes(), "image2": faces_of(first)[0].read_bytes()})
    assert match.json()["success"] and match.json()["similarity"] > 0.99
    assert face.deleteFace(first) and face.deleteFace(second) and len(face.listFaces()) == 0


def test_wrong_keys(service):
    if not service.get("/v1/health").json()["needs_key"]:
        pytest.skip("the service is open")
    with pytest.raises(Exception, match="401"):
        Face(ServerConfig(service.url, api_key="wrong")).listFaces()
    recognition = CompreFace("http://127.0.0.1", str(service.port)).init_face_recognition("wrong")
    assert "message" in recognition.get_subjects().list()


def test_immich(service):
    assert requests.get(service.url + "/ping").text == "pong"
    entries = {"facial-recognition": {"detection": {"modelName": "buffalo_l", "options": {"minScore": 0.7}},
                                      "recognition": {"modelName": "buffalo_l"}}}
    answer = requests.post(
        service.url + "/predict", data={"entries": json.dumps(entries)}, headers={"x-api-key": KEY},
        files={"image": open(OFFICE, "rb")}).json()
    faces = answer["facial-recognition"]
    assert faces and answer["imageWidth"] > 0 and answer["imageHeight"] > 0
    assert all(face["score"] >= 0.7 and face["boundingBox"]["x1"] < face["boundingBox"]["x2"] for face in faces)
    assert len(json.loads(faces[0]["embedding"])) == len(json.loads(faces[-1]["embedding"])) > 0
