"""The command's shards: complete or absent, gone on with, and shared by workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

PER_SHARD = 10


@pytest.fixture
def program() -> str:
    path = os.environ.get("FACEQ_PROGRAM")
    if not path:
        pytest.skip("FACEQ_PROGRAM names no command")
    return path


@pytest.fixture
def long_list(faces: list[Path], tmp_path: Path) -> Path:
    """205 aligned faces, one of them cut short, and one that is not there."""
    (tmp_path / "cut.jpg").write_bytes(faces[0].read_bytes()[:500])
    paths = [faces[number % len(faces)] for number in range(205)]
    paths[33], paths[77] = tmp_path / "cut.jpg", tmp_path / "none.jpg"
    path = tmp_path / "list"
    path.write_text("".join(f"{path}\n" for path in paths))
    return path


class Work:
    """Workers on one folder of shards."""

    def __init__(self, program: str, model: str, images: Path, folder: Path, *options: str) -> None:
        self.folder = folder
        self._command = [
            program, "embed", model, "--aligned", "--threads", "1", "--list", str(images), "--shards", str(folder),
            "--images-per-shard", str(PER_SHARD), *options,
        ]  # fmt: skip

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self._command, capture_output=True, text=True, timeout=300)

    def complete(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.csv"))

    def content(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir())}

    def wait_for(self, shards: int) -> None:
        end = time.monotonic() + 60
        while len(self.complete()) < shards:
            assert time.monotonic() < end, "the worker makes no shards"
            time.sleep(0.001)


def shards_told(output: str) -> list[int]:
    """The numbers of the shards that a worker says it has done."""
    return [int(line.split()[1]) for line in output.splitlines() if line.startswith("shard ")]


def test_the_rows_of_one_file(program: str, model: str, long_list: Path, tmp_path: Path) -> None:
    work = Work(program, model, long_list, tmp_path / "rows")
    result = work.run()
    assert result.returncode == 0, result.stderr
    assert shards_told(result.stdout) == list(range(1, 22))
    assert result.stdout.splitlines()[3].startswith("shard 4 of 21: 9 faces, 1 image skipped; ")
    assert result.stdout.endswith("all 21 shards of 205 images are complete\n")
    whole = [program, "embed", model, "--aligned", "--list", long_list, "-o", tmp_path / "whole.npy"]
    subprocess.run(whole, check=True, capture_output=True)
    parts = sorted(work.folder.glob("*.npy"))
    assert np.array_equal(np.concatenate([np.load(part) for part in parts]), np.load(tmp_path / "whole.npy"))
    assert [len(np.load(part)) for part in parts] == [10] * 3 + [9] + [10] * 3 + [9] + [10] * 12 + [5]
    tables = [part.with_suffix(".csv").read_text().splitlines() for part in parts]
    assert {len(table) for table in tables[:-1]} == {1 + PER_SHARD}
    assert "cut.jpg" in tables[3][4] and ",skipped," in tables[3][4]
    # Again there is nothing to do.
    before = work.content()
    again = work.run()
    assert again.returncode == 0 and shards_told(again.stdout) == [] and "21 of 21 shards" in again.stderr
    assert work.content() == before


def test_a_list_on_standard_input(program: str, model: str, long_list: Path, tmp_path: Path) -> None:
    assert Work(program, model, long_list, tmp_path / "rows").run().returncode == 0
    command = [program, "embed", model, "--aligned", "-0", "--list", "-", "--shards", tmp_path / "piped"]
    paths = long_list.read_bytes().replace(b"\n", b"\0")
    subprocess.run([*command, "--images-per-shard", "10"], input=paths, check=True, capture_output=True)
    assert Work(program, model, long_list, tmp_path / "piped").content() == Work(
        program, model, long_list, tmp_path / "rows"
    ).content()


def test_killed_and_gone_on_with(program: str, model: str, long_list: Path, tmp_path: Path) -> None:
    whole = Work(program, model, long_list, tmp_path / "whole")
    assert whole.run().returncode == 0
    work = Work(program, model, long_list, tmp_path / "rows")
    for shards in (2, 7, 13):
        worker = work.start()
        work.wait_for(shards)
        worker.kill()
        worker.communicate()
        for table in work.folder.glob("*.csv"):
            assert table.with_suffix(".npy").exists()
    done = len(work.complete())
    result = work.run()
    assert result.returncode == 0 and len(shards_told(result.stdout)) == 21 - done
    assert work.content() == whole.content()


def test_two_workers_never_do_the_same(program: str, model: str, long_list: Path, tmp_path: Path) -> None:
    whole = Work(program, model, long_list, tmp_path / "whole")
    assert whole.run().returncode == 0
    work = Work(program, model, long_list, tmp_path / "rows")
    workers = [work.start() for _ in range(3)]
    results = [worker.communicate(timeout=300) for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 3, results
    told = [shard for output, _ in results for shard in shards_told(output)]
    assert sorted(told) == list(range(1, 22))
    assert work.content() == whole.content()


def test_a_dead_workers_shard_is_taken_over(program: str, model: str, long_list: Path, tmp_path: Path) -> None:
    whole = Work(program, model, long_list, tmp_path / "whole")
    assert whole.run().returncode == 0
    work = Work(program, model, long_list, tmp_path / "rows")
    first = work.start()
    held = stop_within_a_shard(first, work.folder)
    before = len(work.complete())
    second = work.start()
    work.wait_for(20)
    time.sleep(0.5)
    # All but the one that the first holds: the second waits for it.
    assert second.poll() is None and len(work.complete()) == 20
    first.kill()
    first.communicate()
    output, errors = second.communicate(timeout=300)
    assert second.returncode == 0, errors
    told = shards_told(output)
    assert len(told) == 21 - before and told[-1] == held + 1
    assert work.content() == whole.content()


def stop_within_a_shard(worker: subprocess.Popen[str], folder: Path) -> int:
    """Stops a worker while it holds a shard, and returns which one: the kernel tells what bytes a process has locked."""
    process = Path(f"/proc/{worker.pid}")

    def held() -> int | None:
        try:
            for link in (process / "fd").iterdir():
                if os.readlink(link) != str(folder / "lock"):
                    continue
                facts = (process / "fdinfo" / link.name).read_text().splitlines()
                starts = [int(fact.split()[-2]) for fact in facts if fact.startswith("lock:")]
                return next((start for start in starts if start < 21), None)
        except FileNotFoundError:
            # The program is not yet there, or has closed a file in the meantime.
            pass
        return None

    while True:
        assert worker.poll() is None, "the worker was done before it could be stopped"
        if held() is None:
            time.sleep(0.0005)
            continue
        worker.send_signal(signal.SIGSTOP)
        while (process / "stat").read_text().rsplit(")", 1)[1].split()[0] != "T":
            time.sleep(0.0005)
        shard = held()
        if shard is not None and not list(folder.glob(f"{shard:05d}-*.csv")):
            return shard
        worker.send_signal(signal.SIGCONT)


def test_what_does_not_belong_together(program: str, model: str, long_list: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rows"
    assert Work(program, model, long_list, folder).run().returncode == 0
    before = Work(program, model, long_list, folder).content()
    other = tmp_path / "other"
    other.write_text(long_list.read_text().splitlines()[0] + "\n")
    float_model = Path(model).with_name("float.gguf")
    cases: list[tuple[Work, str]] = [
        (Work(program, model, other, folder), "another list"),
        (Work(program, model, long_list, folder, "--flip"), "another choice of flip"),
        (Work(program, model, long_list, folder, "--images-per-shard", "11"), "another size"),
    ]
    if float_model.exists():
        cases.append((Work(program, str(float_model), long_list, folder), "another model"))
    for work, reason in cases:
        result = work.run()
        assert result.returncode == 1 and reason in result.stderr and result.stderr.count("\n") == 1, result.stderr
    assert Work(program, model, long_list, folder).content() == before
    (tmp_path / "empty").write_text("\n")
    nothing = Work(program, model, tmp_path / "empty", tmp_path / "none").run()
    assert nothing.returncode == 1 and "no image in the list" in nothing.stderr
    zero = Work(program, model, long_list, tmp_path / "zero", "--images-per-shard", "0").run()
    assert zero.returncode == 1 and "at least 1" in zero.stderr


def test_a_million_paths_need_no_more_memory(program: str, model: str, tmp_path: Path) -> None:
    def peak(images: int) -> int:
        """In kilobytes, of a worker that goes through a list of so many pictures that are not there."""
        with open(tmp_path / f"{images}", "w") as file:
            file.writelines(f"/nowhere/{number % 1000:04d}/{number:08d}.jpg\n" for number in range(images))
        command = [
            program, "embed", model, "--aligned", "--list", str(tmp_path / f"{images}"), "--shards",
            str(tmp_path / f"rows{images}"),
        ]  # fmt: skip
        # Of a process of its own, whose only child is the worker.
        script = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=-3);" \
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        return int(subprocess.run([sys.executable, "-c", script, *command], check=True, capture_output=True).stdout)

    few, many = peak(1000), peak(1_000_000)
    print(f"{few} kB for 1,000 paths, {many} kB for 1,000,000")
    assert many < few + 4096
