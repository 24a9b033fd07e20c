from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import faceq
import numpy as np
import pytest
from conftest import needed


def test_is_the_command(embedder: faceq.Embedder, model: str, faces: list[Path], tmp_path: Path) -> None:
    rows = tmp_path / "rows.npy"
    subprocess.run([needed("FACEQ_PROGRAM"), "embed", model, *faces, "-o", rows], check=True, capture_output=True)
    assert embedder.embed(faces).tobytes() == np.load(rows).tobytes()


def test_batch_is_single(embedder: faceq.Embedder, model: str, faces: list[Path]) -> None:
    batch = embedder.embed(faces)
    assert batch.dtype == np.float32 and batch.shape == (20, embedder.embedding_size)
    assert np.allclose(np.linalg.norm(batch, axis=1), 1, atol=1e-5)
    assert np.concatenate([embedder.embed([face]) for face in faces]).tobytes() == batch.tobytes()
    with faceq.Embedder(Path(model).read_bytes(), threads=1, instruction_set="portable") as portable:
        assert portable.threads == 1 and portable.instruction_set == "portable"
        assert portable.embed(faces).tobytes() == batch.tobytes()


def test_forms_of_batches(embedder: faceq.Embedder, faces: list[Path]) -> None:
    batch = embedder.embed(faces)
    assert embedder.embed(face for face in faces).tobytes() == batch.tobytes()
    assert embedder.embed(faces * 14).tobytes() == batch.tobytes() * 14
    four = np.random.default_rng(1).integers(0, 256, (4, 112, 112, 3), np.uint8)
    assert embedder.embed(four).tobytes() == embedder.embed(list(four)).tobytes()
    assert embedder.embed([]).shape == (0, embedder.embedding_size)


def test_each(embedder: faceq.Embedder, faces: list[Path]) -> None:
    first, missing, last = embedder.embed_each([faces[0], "/nowhere.jpg", faces[1]])
    assert np.array_equal([first, last], embedder.embed(faces[:2]))
    assert isinstance(missing, faceq.Error) and missing.status == faceq.Status.UNUSABLE_PICTURE
    assert "/nowhere.jpg" in str(missing)
    with pytest.raises(faceq.Error, match="/nowhere.jpg"):
        embedder.embed([faces[0], "/nowhere.jpg"])


def test_settings(embedder: faceq.Embedder, model: str, faces: list[Path]) -> None:
    with faceq.Embedder(model, settings=faceq.Settings(flip=True)) as flipping:
        both = flipping.embed(faces[0])
        assert not np.array_equal(both, embedder.embed(faces[0]))
        flipping.settings = faceq.Settings()
        assert np.array_equal(flipping.embed(faces[0]), embedder.embed(faces[0]))
        flipping.settings = faceq.Settings(aligned=True)
        with pytest.raises(faceq.Error, match="112×112"):
            flipping.embed(np.zeros((50, 60, 3), np.uint8))
    faceq.Settings(minimum_face=np.int64(80), score=np.float32(0.5), overlap=0)
    for wrong in [
        dict(minimum_face=3),
        dict(minimum_face=30.5),
        dict(score=0),
        dict(score=float("nan")),
        dict(score="a"),
        dict(quality=7),
        dict(thresholds=(0.5,)),
        dict(thresholds=(0.5, 0.5, 0)),
    ]:
        with pytest.raises(faceq.Error):
            faceq.Settings(**wrong)  # type: ignore[arg-type]


def test_threads_share_an_embedder(model: str, faces: list[Path]) -> None:
    with faceq.Embedder(model) as embedder:
        expected = embedder.embed(faces).tobytes()
        wrong: list[object] = []

        def work(number: int) -> None:
            for _ in range(5):
                if embedder.embed(faces).tobytes() != expected:
                    wrong.append(number)
                missing = embedder.embed_each([faces[0], f"/nowhere{number}.jpg"])[1]
                if f"/nowhere{number}.jpg" not in str(missing):
                    wrong.append(missing)

        threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong


def test_other_threads_run_during_a_call(model: str, faces: list[Path]) -> None:
    turns = 0
    during = -1

    def work() -> None:
        nonlocal during
        before = turns
        embedder.embed(faces)
        during = turns - before

    interval = sys.getswitchinterval()
    # No thread has to hand over the interpreter's lock unless it lets go of it.
    sys.setswitchinterval(1000)
    try:
        with faceq.Embedder(model, threads=1, instruction_set="portable") as embedder:
            thread = threading.Thread(target=work)
            thread.start()
            while thread.is_alive():
                turns += 1
                time.sleep(0)
    finally:
        sys.setswitchinterval(interval)
    assert during > 0


def test_closing(model: str, faces: list[Path]) -> None:
    embedder = faceq.Embedder(model)
    embedder.close()
    embedder.close()
    with pytest.raises(faceq.Error, match="closed"):
        embedder.embed(faces)
    for _ in range(50):
        faceq.Embedder(model, threads=4).embed(faces[:8])
    assert len(os.listdir("/proc/self/task")) < 60


def test_a_child_process_is_told(embedder: faceq.Embedder, faces: list[Path]) -> None:
    code = (
        "import faceq, os, sys\n"
        "e = faceq.Embedder(sys.argv[1], threads=2); e.embed([sys.argv[2]] * 4)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "  try: e.embed(sys.argv[2])\n"
        "  except faceq.Error as error: print(error, flush=True)\n"
        "  with faceq.Embedder(sys.argv[1], threads=2) as mine: print(mine.embed([sys.argv[2]] * 4).shape, flush=True)\n"
        "  sys.exit()\n"
        "sys.exit(os.waitpid(child, 0)[1])\n"
    )
    arguments = [sys.executable, "-W", "ignore", "-c", code, os.environ["FACEQ_MODEL"], str(faces[0])]
    run = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert "fork()" in run.stdout and f"(4, {embedder.embedding_size})" in run.stdout


def test_wrong_models(model: str, detector: str, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.gguf"
    data = bytearray(Path(model).read_bytes())
    data[-1] ^= 1
    damaged.write_bytes(data)
    unusable = [damaged, "/nowhere.gguf", b"GGUF", b"", 3]
    for wrong, sentence in zip(unusable, ["damaged", "nowhere", "damaged", "memory", "int is no model"]):
        with pytest.raises(faceq.Error, match=sentence):
            faceq.Embedder(wrong)  # type: ignore[arg-type]
    with pytest.raises(faceq.Error, match="detector"):
        faceq.Embedder(detector)
    with pytest.raises(faceq.Error, match="no face detector"):
        faceq.Detector(model)
    with pytest.raises(faceq.Error, match="sse"):
        faceq.Embedder(model, instruction_set="sse")
    for threads in [0, 257, -1, "a"]:
        with pytest.raises(faceq.Error, match="threads"):
            faceq.Embedder(model, threads=threads)


def test_what_it_is(embedder: faceq.Embedder) -> None:
    embedder.self_test()
    assert embedder.instruction_set in faceq.instruction_sets()
    assert embedder.face_size == (112, 112) and not embedder.is_stand_in
    assert len(embedder.model_digest) == 32 and not embedder.detector_digest
