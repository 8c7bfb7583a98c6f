"""A disk that is full at every stage of a night: the landing, the lake, the build, the release.

Two ways to fill it. A limit on the size of files is the kernel's own refusal of a write, to
Python, DuckDB and SQLite alike, and needs no rights; a small file system in memory runs out of
space as a whole, where this machine lets us mount one.
"""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import NEXT, Stage
from tests.faults.home import Before, Home, Night, check

Tried = Callable[[int], None]

# The largest file that may be written, in bytes → what cannot be written then.
LIMITS = [
    pytest.param(100, id="the standing of a source"),
    pytest.param(1_000, id="bodies and Parquet"),
    pytest.param(50_000, id="the build database"),
    pytest.param(300_000, id="the release"),
]
MORE = [200, 500, 2_000, 5_000, 10_000, 20_000, 100_000, 200_000, 500_000, 1_000_000, 3_000_000]


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Have the kernel refuse this process to write any file beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Mounts a disk in memory of so many kilobytes, and returns its folder."""
    mounted: list[Path] = []

    def mount(kilobytes: int) -> Path:
        folder = tmp_path / "disk"
        folder.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no small file system can be mounted here: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)


def survives(size: int, home: Home, stage: Stage) -> None:
    """Try a night in which no file may be larger than ``size`` bytes."""
    before = Before.of(home)
    home.serve(NEXT)
    with files_up_to(size):
        night = home.night()
    told(night)
    check(home, before)
    assert str(home.release().version) == before.version
    assert home.unfinished() == []

    night = home.night()
    assert (night.problems, night.failure) == ({}, None)
    check(home, before)
    assert home.facts() == stage.undisturbed


def told(night: Night) -> None:
    """Check that whoever reads of it learns that the disk is full, and not of a defect."""
    said = "\n".join([*night.problems.values(), str(night.failure or "")])
    assert "no room" in said or "could not be kept" in said
    assert "defect" not in said
    assert "compare the newest file" not in said


@pytest.mark.parametrize("size", LIMITS)
def test_a_disk_that_takes_no_more(size: int, home: Home, stage: Stage, fault: Tried) -> None:
    fault(1)
    survives(size, home, stage)


@pytest.mark.soak
@pytest.mark.parametrize("size", MORE)
def test_a_disk_that_takes_no_more_at_other_sizes(
    size: int, home: Home, stage: Stage, fault: Tried
) -> None:
    fault(1)
    survives(size, home, stage)


@pytest.mark.parametrize("free", [64, 3_000])
def test_a_disk_that_is_full(
    free: int,
    home: Home,
    stage: Stage,
    fault: Tried,
    small_disk: Callable[[int], Path],
) -> None:
    used = sum(-(-one.lstat().st_size // 4096) * 4 + 4 for one in home.folder.rglob("*"))
    disk = small_disk(used + free)
    fault(1)
    full = home.copy(disk / "home")
    before = Before.of(full)
    full.serve(NEXT)
    told(full.night())
    check(full, before)
    assert str(full.release().version) == before.version

    subprocess.run(["mount", "-o", "remount,size=1g", str(disk)], check=True)
    night = full.night()
    assert (night.problems, night.failure) == ({}, None)
    check(full, before)
    assert full.facts() == stage.undisturbed
