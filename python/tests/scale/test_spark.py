from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, Iterator

import faceq
import pytest
from rows import in_order

pytest.importorskip("pyspark")
if not shutil.which("java"):
    pytest.skip("without Java there is no Spark", allow_module_level=True)
import faceq.spark  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """A cluster of two executors, each a process of its own with one core."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local-cluster[2,1,2048]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.executorEnv.PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
        .getOrCreate()
    )
    yield session
    session.stop()


def rows(table: Any) -> list[dict[str, Any]]:
    return in_order(row.asDict() for row in table.collect())


def test_paths(
    spark: SparkSession, model: str, detector: str, pictures: list[str], on_one_machine: list[dict[str, Any]]
) -> None:
    table = spark.createDataFrame([(path,) for path in pictures], "path string").repartition(4)
    assert rows(faceq.spark.embed(table, model, detector)) == on_one_machine


def test_files(
    spark: SparkSession, model: str, detector: str, pictures: list[str], on_one_machine: list[dict[str, Any]]
) -> None:
    folder = str(Path(pictures[0]).parent)
    found = rows(faceq.spark.embed(spark.read.format("binaryFile").load(folder), model, detector, distribute=False))
    for row in found:
        row["path"] = row["path"].removeprefix("file:")
    # Without a path the reason names the picture in another way.
    for row in found + [dict(row) for row in on_one_machine]:
        row["reason"] = row["reason"] and True
    expected = [{**row, "reason": row["reason"] and True} for row in on_one_machine]
    assert found == expected


def test_killed_executor(
    spark: SparkSession, model: str, detector: str, pictures: list[str], on_one_machine: list[dict[str, Any]]
) -> None:
    context = spark.sparkContext
    table = spark.createDataFrame([(path,) for path in pictures], "path string").repartition(len(pictures) // 5)
    faces = faceq.spark.embed(table, model, detector)
    results: list[list[dict[str, Any]]] = []
    begun = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - begun:6.1f} s  {text}", flush=True)

    def run() -> None:
        context.setJobGroup("killed", "embedding while an executor dies")
        results.append(rows(faces))

    before = executors()
    assert len(before) == 2, f"there are {len(before)} executors"
    say(f"executors {before}, {len(pictures)} pictures in {len(pictures) // 5} tasks")
    worker = threading.Thread(target=run)
    worker.start()
    while worker.is_alive() and finished(context) < 3:
        time.sleep(0.02)
    assert worker.is_alive(), "the job was over before an executor could be killed"
    done = finished(context)
    os.kill(before[0], signal.SIGKILL)
    say(f"executor {before[0]} killed after {done} tasks")
    worker.join(300)
    after = executors()
    say(f"job complete; executors {after}")
    assert before[0] not in after
    assert results and results[0] == on_one_machine
    say(f"{len(results[0])} rows, identical to those of one machine")


def test_what_is_wrong_is_said_at_once(spark: SparkSession, model: str, detector: str) -> None:
    table = spark.createDataFrame([("a.jpg",)], "name string")
    with pytest.raises(faceq.Error, match="no column path"):
        faceq.spark.embed(table, model, detector)
    with pytest.raises(faceq.Error):
        faceq.spark.embed(table.withColumnRenamed("name", "path"), detector)


def finished(context: Any) -> int:
    """How many tasks of the job are done."""
    tracker = context.statusTracker()
    stages = [stage for job in tracker.getJobIdsForGroup("killed") for stage in tracker.getJobInfo(job).stageIds]
    facts = [tracker.getStageInfo(stage) for stage in stages]
    return sum(fact.numCompletedTasks for fact in facts if fact and fact.numTasks > 2)


def executors() -> list[int]:
    """The processes that this one's Spark has started as executors."""
    parents: dict[int, int] = {}
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            parents[int(process.name)] = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if b"CoarseGrainedExecutorBackend" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue

    def is_ours(process: int) -> bool:
        while process > 1 and process != os.getpid():
            process = parents.get(process, 0)
        return process == os.getpid()

    return sorted(process for process in found if is_ours(process))
