from __future__ import annotations

import os
import subprocess
import warnings
from pathlib import Path

import faceq
import faceq.index
import numpy as np
import pytest
from engines import ENGINES, opened
from galleries import made_up, visitors

PEOPLE = 400


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_first_two(engine: str, embedder: faceq.Embedder, tmp_path: Path) -> None:
    gallery = made_up(PEOPLE, embedder.embedding_size, embedder.model_digest)
    faces, rows = visitors(gallery, 20)
    with faceq.Bank(tmp_path / "people.bank", embedder) as bank:
        for name, template in zip(gallery.names, gallery.templates):
            bank.enrol(name, template)
        matches = [bank.identify(face) for face in faces]
        bank.save()
    assert [match.person for match in matches] == [gallery.names[row] for row in rows]
    assert [match.runner_up for match in matches] == [gallery.names[row ^ 1] for row in rows]
    with warnings.catch_warnings(), opened(engine, tmp_path) as index:
        warnings.simplefilter("ignore")
        assert index.model() is None
        with pytest.raises(faceq.Error, match="nobody"):
            index.nearest(faces[0], gallery.model)
        index.load(faceq.Gallery.of_bank(tmp_path / "people.bank"))
        assert index.model() == gallery.model
        for face, match in zip(faces, matches):
            best, second = index.nearest(face, gallery.model)
            assert (best.person, second.person) == (match.person, match.runner_up)
            assert best.cosine == pytest.approx(match.cosine, abs=2e-6)
            assert second.cosine == pytest.approx(match.runner_up_cosine, abs=2e-6)
        with pytest.raises(faceq.Error, match="another model"):
            index.nearest(faces[0], "0" * 32)
        with pytest.raises(faceq.Error, match="components"):
            index.nearest(faces[0][:-1], gallery.model)
        with pytest.raises(faceq.Error, match="already"):
            index.load(gallery)


@pytest.mark.parametrize("engine", ["Milvus Lite", "Qdrant local", "FAISS flat"])
def test_what_was_loaded_stays(engine: str, tmp_path: Path) -> None:
    gallery = made_up(50, 16, "f" * 32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with opened(engine, tmp_path) as index:
            index.load(gallery)
        with opened(engine, tmp_path) as index:
            assert index.nearest(gallery.templates[9], gallery.model)[0].person == gallery.names[9]


def test_gallery_of_banks(embedder: faceq.Embedder, faces: list[Path], tmp_path: Path) -> None:
    rows = embedder.embed(faces[:5])
    with faceq.Bank(tmp_path / "people.bank", embedder) as bank:
        for row, name in zip(rows, ["Žofie", "Ada", "Žofie", "Bo", "Žofie"]):
            bank.enrol(name, row)
        bank.save()
        gallery = faceq.Gallery.of_bank(tmp_path / "people.bank")
        assert list(gallery.names) == list(bank.people) and gallery.model == embedder.model_digest
        # The cosines are those with the templates of faceq's own search.
        match = bank.identify(rows[0])
        assert (gallery.templates @ rows[0]).max() == pytest.approx(match.cosine, abs=1e-6)
    assert np.linalg.norm(gallery.templates, axis=1) == pytest.approx(1, abs=1e-6)
    for name, content in [("text", b"no bank"), ("cut", (tmp_path / "people.bank").read_bytes()[:900])]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(faceq.Error, match=name):
            faceq.Gallery.of_bank(tmp_path / name)


def test_gallery_of_the_commands_bank(model: str, faces: list[Path], tmp_path: Path) -> None:
    program = os.environ.get("FACEQ_PROGRAM")
    if not program:
        pytest.skip("FACEQ_PROGRAM names no command")

    def run(*arguments: object) -> None:
        subprocess.run([program, *map(str, arguments)], check=True, capture_output=True)

    database, board = tmp_path / "database.bank", tmp_path / "board.bank"
    run("enroll", database, "Žofie", *faces[:2], "--model", model, "--aligned")
    run("enroll", database, "Ada", faces[2], "--model", model, "--aligned")
    run("bank", "export", database, "-o", board)
    first, second = faceq.Gallery.of_bank(database), faceq.Gallery.of_bank(board)
    assert list(first.names) == list(second.names) == ["Ada", "Žofie"] and first.model == second.model
    assert np.array_equal(first.templates, second.templates)


def test_exported_for_pgvector(model: str, embedder: faceq.Embedder, faces: list[Path], tmp_path: Path) -> None:
    program = os.environ.get("FACEQ_PROGRAM")
    if not program:
        pytest.skip("FACEQ_PROGRAM names no command")
    database, rows = tmp_path / "database.bank", tmp_path / "people's.copy"
    for name, photo in [("Žofie", faces[0]), ("Ada's", faces[1]), ("Bo", faces[2])]:
        enroll = [program, "enroll", database, name, photo, "--model", model, "--aligned"]
        subprocess.run(enroll, check=True, capture_output=True)
    export = [program, "bank", "export", database, "--format", "pgvector", "-o", rows]
    script = subprocess.run(export, check=True, capture_output=True, text=True).stdout
    with opened("pgvector exact", tmp_path) as index:
        assert isinstance(index, faceq.index.PgVector)
        pgserver = pytest.importorskip("pgserver")
        psql = Path(pgserver.__file__).parent / "pginstall/bin/psql"
        command = [psql, "--set", "ON_ERROR_STOP=1", index._connection.info.dsn]
        subprocess.run(command, input=script, check=True, capture_output=True, text=True)
        for row, name in enumerate(["Žofie", "Ada's", "Bo"]):
            best, _ = index.nearest(embedder.embed(faces[row])[0], embedder.model_digest)
            assert best.person == name and best.cosine == pytest.approx(1, abs=1e-5)
