from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest
from rows import in_order

ray = pytest.importorskip("ray")
pytest.importorskip("ray.data")
import faceq.ray  # noqa: E402


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    # Ray's workers do not find this file.
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    ray.init(num_cpus=2, include_dashboard=False, object_store_memory=200 << 20, log_to_driver=False)
    yield
    ray.shutdown()


class Mortal(faceq.ray.Actor):
    """An actor whose process dies once, in the middle of its work."""

    def __init__(self, *arguments: Any, grave: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._grave = Path(grave)
        self._batches = 0

    def __call__(self, pictures: Any) -> Any:
        self._batches += 1
        if self._batches == 2:
            try:
                self._grave.touch(exist_ok=False)
                os.kill(os.getpid(), signal.SIGKILL)
            except FileExistsError:
                pass
        return super().__call__(pictures)


def rows(faces: Any) -> list[dict[str, Any]]:
    return in_order(row for table in ray.get(faces.to_arrow_refs()) for row in table.to_pylist())


def test_two_actors(
    model: str, detector: str, pictures: list[str], on_one_machine: list[dict[str, Any]]
) -> None:
    table = ray.data.from_items([{"path": path} for path in pictures])
    faces = faceq.ray.embed(table, model, detector, concurrency=2, batch_size=16)
    assert rows(faces) == on_one_machine


def test_killed_actor(
    model: str, detector: str, pictures: list[str], on_one_machine: list[dict[str, Any]], tmp_path: Path
) -> None:
    table = ray.data.from_items([{"path": path} for path in pictures], override_num_blocks=12)
    faces = table.map_batches(
        Mortal,
        fn_constructor_args=(model, detector),
        fn_constructor_kwargs={"grave": str(tmp_path / "grave")},
        batch_format="pyarrow",
        batch_size=16,
        concurrency=2,
    )
    assert rows(faces) == on_one_machine
    assert (tmp_path / "grave").exists()
