from __future__ import annotations

import os
import warnings
from pathlib import Path

import faceq
import numpy as np
import pytest


def test_round_trip(embedder: faceq.Embedder, faces: list[Path], tmp_path: Path) -> None:
    rows = embedder.embed(faces[:3])
    path = tmp_path / "people.bank"
    with faceq.Bank(path, embedder) as bank:
        assert bank.people == {} and bank.identify(rows[0]) == (None, -1, None, -1)
        bank.enrol("Žofie", rows[0], photo=str(faces[0]))
        bank.enrol("Žofie", rows[0])
        bank.enrol("Ada", rows[1])
        assert bank.people == {"Ada": 1, "Žofie": 1}
        bank.save()
        bank.enrol("Forgotten", rows[2])
    with faceq.Bank(str(path), embedder) as bank:
        assert bank.people == {"Ada": 1, "Žofie": 1}
        match = bank.identify(rows[0])
        assert (match.person, match.runner_up) == ("Žofie", "Ada") and match.cosine == pytest.approx(1, abs=1e-5)
        assert match.runner_up_cosine == pytest.approx(faceq.compare(rows[0], rows[1]), abs=1e-5)
        assert match.cosine > faceq.IDENTIFYING_COSINE
        assert bank.identify(rows[0].astype(np.float64).tolist()) == match
        assert bank.remove("Žofie") == 1 and bank.remove("Žofie") == 0
        assert bank.people == {"Ada": 1}
    with pytest.raises(faceq.Error, match="closed"):
        bank.identify(rows[0])


def test_detector(model: str, detector: str, tmp_path: Path) -> None:
    path = tmp_path / "people.bank"
    with faceq.Embedder(model) as alone, faceq.Bank(path, alone) as bank:
        assert bank.detector_digest == ""
    with faceq.FaceAnalysis(model, detector) as analysis:
        with faceq.Bank(path, analysis) as bank:
            assert bank.detector_digest == analysis.detector_digest != ""
            bank.save()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            faceq.Bank(path, analysis).close()
        mtcnn = os.environ.get("FACEQ_DETECTOR")
        if mtcnn and os.path.exists(mtcnn):
            with faceq.FaceAnalysis(model, mtcnn) as other:
                with pytest.warns(UserWarning, match=analysis.detector_digest):
                    faceq.Bank(path, other).close()


def test_wrong_arguments(embedder: faceq.Embedder, detector: str, faces: list[Path], tmp_path: Path) -> None:
    row = embedder.embed(faces[0])[0]
    with faceq.Bank(tmp_path / "people.bank", embedder) as bank:
        wrong = [None, row[:-1], row * 2, row[None], "text", np.full_like(row, np.nan), [[1], [2, 3]]]
        for embedding in wrong:
            with pytest.raises(faceq.Error):
                bank.enrol("Ada", embedding)
        for name in ["", "a\nb", "a\0b", "x" * 201, "\ud800", 3]:
            with pytest.raises(faceq.Error):
                bank.enrol(name, row)  # type: ignore[arg-type]
        assert bank.people == {}
    (tmp_path / "damaged.bank").write_bytes(b"no bank")
    with pytest.raises(faceq.Error, match="damaged.bank"):
        faceq.Bank(tmp_path / "damaged.bank", embedder)
    with faceq.Detector(detector) as other, pytest.raises(faceq.Error, match="Embedder"):
        faceq.Bank(tmp_path / "people.bank", other)  # type: ignore[arg-type]
    bank = faceq.Bank(tmp_path / "nowhere/people.bank", embedder)
    with pytest.raises(faceq.Error, match="nowhere"):
        bank.save()
