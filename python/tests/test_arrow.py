from __future__ import annotations

import os
import subprocess
from pathlib import Path

import faceq
import numpy as np
import pytest

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
import faceq.arrow  # noqa: E402


def embeddings(table: object) -> np.ndarray:
    column = table["embedding"].combine_chunks()  # type: ignore[index]
    size = column.type.list_size
    return np.asarray(column.drop_null().flatten()).reshape(-1, size)


def test_faces_of_photos(analysis: faceq.FaceAnalysis, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    paths = [photos / "office1.jpg", tmp_path / "bad.jpg", photos / "face0.jpg"]
    rows = faceq.arrow.write_parquet(tmp_path / "faces.parquet", faceq.arrow.embed(analysis, paths))
    table = parquet.read_table(tmp_path / "faces.parquet")
    assert table.num_rows == rows and sorted(os.listdir(tmp_path)) == ["bad.jpg", "faces.parquet"]
    assert table.schema.equals(faceq.arrow.schema(analysis.embedding_size))
    expected = [analysis.get(path, faulty=True) for path in (paths[0], paths[2])]
    assert rows == len(expected[0]) + 1 + len(expected[1])
    faces = [face for group in expected for face in group]
    found = [row for row in table.to_pylist() if row["face"] is not None]
    assert [row["face"] for row in found] == [n for group in expected for n in range(1, len(group) + 1)]
    for row, face in zip(found, faces):
        assert row["box"] == face.bbox.tolist() and row["landmarks"] == face.kps.reshape(-1).tolist()
        assert np.float32(row["score"]) == np.float32(face.det_score) and row["model"] == analysis.model_digest
        assert row["reason"] == face.fault and (row["embedding"] is None) == (face.fault is not None)
        if face.fault is None:
            assert row["embedding"] == face.embedding.tolist() and row["scale"] == 1
    bad = [row for row in table.to_pylist() if row["face"] is None]
    assert len(bad) == 1 and bad[0]["path"].endswith("bad.jpg") and bad[0]["reason"] and bad[0]["embedding"] is None


def test_aligned_faces_in_int8(embedder: faceq.Embedder, faces: list[Path]) -> None:
    exact = embedder.embed(faces)
    table = pa.Table.from_batches(faceq.arrow.embed(embedder, faces, int8=True))
    assert table["embedding"].type == pa.list_(pa.int8(), embedder.embedding_size)
    restored = embeddings(table).astype(np.float32) * np.asarray(table["scale"])[:, None]
    assert ((restored * exact).sum(1) / np.linalg.norm(restored, axis=1) > 0.999).all()
    whole = pa.Table.from_batches(faceq.arrow.embed(embedder, faces))
    assert np.array_equal(embeddings(whole), exact)


def test_many_pictures_are_portions(embedder: faceq.Embedder, faces: list[Path]) -> None:
    batches = list(faceq.arrow.embed(embedder, (faces[index % len(faces)] for index in range(300))))
    assert [batch.num_rows for batch in batches] == [256, 44]
    assert list(faceq.arrow.embed(embedder, [])) == []


def test_nothing_half_written(embedder: faceq.Embedder, faces: list[Path], tmp_path: Path) -> None:
    def failing() -> object:
        yield from faceq.arrow.embed(embedder, faces)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        faceq.arrow.write_parquet(tmp_path / "faces.parquet", failing())  # type: ignore[arg-type]
    with pytest.raises(faceq.Error, match="nothing to write"):
        faceq.arrow.write_parquet(tmp_path / "faces.parquet", [])
    assert list(tmp_path.iterdir()) == []


def test_duckdb_and_pandas_read_it(embedder: faceq.Embedder, faces: list[Path], tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "faces.parquet"
    faceq.arrow.write_parquet(path, faceq.arrow.embed(embedder, faces))
    size = embedder.embedding_size
    cosines = duckdb.sql(
        f"select array_inner_product(a.embedding::float[{size}], b.embedding::float[{size}]) "
        f"from '{path}' a, '{path}' b where a.path = b.path"
    ).fetchall()
    assert len(cosines) == len(faces) and all(cosine == pytest.approx(1, abs=1e-5) for cosine, in cosines)


def test_shards_of_the_command(embedder: faceq.Embedder, model: str, faces: list[Path], tmp_path: Path) -> None:
    program = os.environ.get("FACEQ_PROGRAM")
    if not program:
        pytest.skip("FACEQ_PROGRAM names no command")
    (tmp_path / "cut.jpg").write_bytes(faces[0].read_bytes()[:500])
    paths = [*faces[:7], tmp_path / "cut.jpg", *faces[7:10]]
    (tmp_path / "list").write_text("".join(f"{path}\n" for path in paths))
    command = [program, "embed", model, "--aligned", "--list", tmp_path / "list", "--shards", tmp_path / "rows",
               "--images-per-shard", "4"]
    subprocess.run(command, check=True, capture_output=True)
    table = pa.Table.from_batches(faceq.arrow.read_shards(tmp_path / "rows"))
    expected = pa.Table.from_batches(faceq.arrow.embed(embedder, paths))
    assert table["path"] == expected["path"] and table["model"] == expected["model"]
    assert np.array_equal(embeddings(table), embeddings(expected))
    assert [bool(reason) for reason in table["reason"].to_pylist()] == [path.name == "cut.jpg" for path in paths]
    next((tmp_path / "rows").glob("00001-*.csv")).unlink()
    with pytest.raises(faceq.Error, match="shard 2 of 3"):
        list(faceq.arrow.read_shards(tmp_path / "rows"))


def test_people_of_a_bank(embedder: faceq.Embedder, faces: list[Path], tmp_path: Path) -> None:
    rows = embedder.embed(faces[:3])
    with faceq.Bank(tmp_path / "people.bank", embedder) as bank:
        for row, name in zip(rows, ["Žofie", "Ada", "Žofie"]):
            bank.enrol(name, row)
        bank.save()
    gallery = faceq.Gallery.of_bank(tmp_path / "people.bank")
    assert faceq.arrow.write_parquet(tmp_path / "people.parquet", faceq.arrow.people(gallery)) == 2
    table = parquet.read_table(tmp_path / "people.parquet")
    assert table["person"].to_pylist() == ["Ada", "Žofie"]
    assert table["model"].to_pylist() == [embedder.model_digest] * 2
    assert table["embedding"].type == pa.list_(pa.float32(), embedder.embedding_size)
    assert np.array_equal(embeddings(table), gallery.templates)
    many = faceq.Gallery([f"{number}" for number in range(20000)], np.eye(1, 8, dtype=np.float32).repeat(20000, 0), "m")
    assert [batch.num_rows for batch in faceq.arrow.people(many)] == [16384, 3616]
    nobody = faceq.Gallery([], np.empty((0, 8), np.float32), "m")
    with pytest.raises(faceq.Error, match="nothing to write"):
        faceq.arrow.write_parquet(tmp_path / "nobody.parquet", faceq.arrow.people(nobody))
