from __future__ import annotations

import re
import shutil
import warnings
from pathlib import Path

import faceq
import numpy as np
import pytest
from conftest import needed
from PIL import Image


def bgr(path: Path) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(Image.open(path).convert("RGB"))[:, :, ::-1])


def test_faces(analysis: faceq.FaceAnalysis, photos: Path) -> None:
    faces = analysis.get(photos / "office3.jpg")
    assert len(faces) >= 2
    for face in faces:
        left, top, right, bottom = face.bbox
        assert face.bbox.dtype == face.kps.dtype == face.embedding.dtype == np.float32
        assert face.bbox.shape == (4,) and face.kps.shape == (5, 2) and left < right and top < bottom
        assert (face.kps >= face.bbox[:2]).all() and (face.kps <= face.bbox[2:]).all()
        assert face.kps[0, 0] < face.kps[1, 0] and face.kps[0, 1] < face.kps[3, 1]
        assert 0 < face.det_score <= 1 and 0 <= face.quality <= 1 and face.fault is None
        assert face.embedding.shape == (analysis.embedding_size,) and face.embedding_norm == pytest.approx(1, abs=1e-5)
        assert face.normed_embedding is face.embedding is face["embedding"]
        assert (face.age, face.gender, face.sex, face.pose, face.landmark_3d_68, face.landmark_2d_106) == (None,) * 6
        face.person = "Ada"
        assert face["person"] == "Ada" and "bbox" in face
        with pytest.raises(AttributeError, match="no colour"):
            face.colour
    widths = [(face.bbox[2] - face.bbox[0]) * (face.bbox[3] - face.bbox[1]) for face in faces]
    assert widths == sorted(widths, reverse=True)


def test_forms_agree(analysis: faceq.FaceAnalysis, photos: Path) -> None:
    path = photos / "office3.jpg"
    first = analysis.get(path)
    for form in [bgr(path), Image.open(path), path.read_bytes()]:
        other = analysis.get(form)
        assert [face.embedding.tobytes() for face in other] == [face.embedding.tobytes() for face in first]
        assert [face.bbox.tobytes() for face in other] == [face.bbox.tobytes() for face in first]


def test_embedding_is_that_of_the_largest(analysis: faceq.FaceAnalysis, photos: Path) -> None:
    paths = sorted(photos.glob("*.jpg"))
    for path, result in zip(paths, analysis.embed_each(paths)):
        largest = analysis.get(path, faulty=True)[0]
        if largest.fault:
            assert isinstance(result, faceq.Error) and result.status == faceq.Status.NO_FACE
        else:
            assert result.tobytes() == largest.embedding.tobytes()


def test_faulty_faces(analysis: faceq.FaceAnalysis, photos: Path) -> None:
    found = 0
    for path in photos.glob("*.jpg"):
        every = analysis.get(path, faulty=True)
        assert [face.bbox.tobytes() for face in every if not face.fault] == [
            face.bbox.tobytes() for face in analysis.get(path)
        ]
        for face in every:
            assert (face.embedding is None) == (face.fault is not None)
            found += face.fault is not None
    assert found


def test_detector(analysis: faceq.FaceAnalysis, detector: str, photos: Path) -> None:
    path = photos / "office3.jpg"
    with faceq.Detector(detector) as alone:
        faces = alone.detect(path)
        assert [f.bbox.tobytes() for f in faces] == [f.bbox.tobytes() for f in analysis.get(path, faulty=True)]
        assert all(face.embedding is None and face.normed_embedding is None for face in faces)
        assert alone.detect(np.zeros((200, 300, 3), np.uint8)) == []
        aligned = alone.align(path, faces[0].kps)
        assert aligned.shape == (112, 112, 3)
        assert analysis.embed(aligned[:, :, ::-1])[0].tobytes() == analysis.get(path)[0].embedding.tobytes()
        for kps, side in [(faces[0].kps[:4], 112), (faces[0].kps, 8)]:
            with pytest.raises(faceq.Error):
                alone.align(path, kps, side)


def test_more_faces_than_room(analysis: faceq.FaceAnalysis, photos: Path) -> None:
    tiles = np.tile(bgr(photos / "face0.jpg"), (1, 3, 1))
    from faceq import session

    usual = session._CAPACITY
    expected = [face.bbox.tobytes() for face in analysis.get(tiles)]
    session._CAPACITY = 1
    try:
        assert [face.bbox.tobytes() for face in analysis.get(tiles)] == expected and len(expected) > 1
    finally:
        session._CAPACITY = usual


def test_a_program_for_insightface(model: str, detector: str, photos: Path, tmp_path: Path) -> None:
    program = """
import numpy as np
from insightface.app import FaceAnalysis

app = FaceAnalysis(name="buffalo_l", root=ROOT, allowed_modules=["detection", "recognition", "genderage"],
                   providers=["CUDAExecutionProvider", "CPUExecutionProvider"])
app.prepare(ctx_id=0, det_thresh=0.5, det_size=(640, 640))
faces = app.get(img)
rimg = app.draw_on(img, faces)
feats = np.array([face.normed_embedding for face in faces], dtype=np.float32)
sims = np.dot(feats, feats.T)
boxes = [face.bbox.astype(int).tolist() for face in faces]
keys = sorted(face["det_score"] for face in faces)
ages = [face.age for face in faces]
one = app.get(img, max_num=1)
"""
    folder = tmp_path / "models/buffalo_l"
    folder.mkdir(parents=True)
    shutil.copy(model, folder / "w600k_r50.gguf")
    shutil.copy(detector, folder / "det_10g.gguf")
    img = bgr(photos / "office3.jpg")
    names: dict = {"ROOT": str(tmp_path), "img": img}
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        exec(program.replace("insightface", "faceq"), names)
    texts = [str(warning.message) for warning in warned]
    assert len(texts) == 2 and re.search("providers.*genderage", texts[0]) and "det_size" in texts[1]
    assert "name" not in texts[0] and "root" not in texts[0]
    assert names["sims"].shape == (len(names["faces"]),) * 2 and np.allclose(np.diag(names["sims"]), 1, atol=1e-5)
    assert names["rimg"].shape == img.shape and (names["rimg"] != img).any() and len(names["one"]) == 1
    assert set(names["ages"]) == {None}


def test_insightface_arguments(model: str, detector: str, photos: Path, tmp_path: Path) -> None:
    with pytest.raises(faceq.Error, match="0 .gguf files"):
        faceq.FaceAnalysis("buffalo_s", root=tmp_path)
    with pytest.raises(faceq.Error, match="give both"):
        faceq.FaceAnalysis(model)
    with pytest.raises(faceq.Error, match="no face detector"):
        faceq.FaceAnalysis(model, model)
    with pytest.warns(UserWarning, match="ctx, name"):
        with faceq.FaceAnalysis(model, detector, name="buffalo_l", ctx=1, allowed_modules=["detection"]) as analysis:
            analysis.prepare(ctx_id=-1, det_thresh=0.3)
            assert analysis.settings.score == 0.3
            assert all(face.embedding is None for face in analysis.get(photos / "office3.jpg"))
            with pytest.raises(faceq.Error):
                analysis.prepare(det_thresh=7)
            with pytest.raises(faceq.Error, match="det_metric"):
                analysis.get(photos / "office3.jpg", det_metric="best")


def test_mtcnn_has_thresholds_instead_of_a_score(model: str, photos: Path) -> None:
    with faceq.FaceAnalysis(model, needed("FACEQ_DETECTOR")) as analysis:
        analysis.prepare(ctx_id=0)
        assert analysis.get(photos / "office3.jpg")
        with pytest.raises(faceq.Error, match="MTCNN"):
            analysis.prepare(ctx_id=0, det_thresh=0.5)
        assert analysis.settings == faceq.Settings()
        analysis.settings = faceq.Settings(thresholds=(0.6, 0.7, 0.9))
        assert analysis.get(photos / "office3.jpg")
