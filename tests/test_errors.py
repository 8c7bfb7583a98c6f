"""What a reader is told of a failure, whoever met it first."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb
import pytest

from observatory.errors import PermanentError, TransientError, in_words
from observatory.models import engine
from tests.faults.test_disk import files_up_to

FULL = OSError(errno.ENOSPC, "No space left on device", "/disk/file")


def wrapped(error: Exception, by: Exception) -> Exception:
    by.__cause__ = error
    return by


@pytest.mark.parametrize(
    "error",
    [
        FULL,
        wrapped(FULL, PermanentError("the macro cannot be created")),
        wrapped(wrapped(FULL, PermanentError("inner")), PermanentError("outer")),
    ],
)
def test_a_full_disk_is_told_whoever_put_words_around_it(error: Exception) -> None:
    told = in_words(error)
    assert told.what == "there is no room on the disk"
    assert told.where == "/disk/file"


@pytest.mark.parametrize(
    "error",
    [
        PermanentError("its own words"),
        wrapped(ValueError("another"), PermanentError("its own words")),
        wrapped(FULL, TransientError("its own words")),
    ],
)
def test_other_failures_keep_their_words(error: PermanentError) -> None:
    assert in_words(error) is error


def test_a_disk_that_fills_when_macros_are_made(tmp_path: Path) -> None:
    many = {f"m{n}.sql": f"create macro m{n}(x) as x || '{'y' * 200}'" for n in range(400)}
    con = duckdb.connect(str(tmp_path / "build.duckdb"))
    with con, files_up_to(60_000), pytest.raises(Exception, match=r"File too large") as raised:
        engine.load_macros(con, many)
    assert isinstance(raised.value, PermanentError)
    assert in_words(raised.value).what == "there is no room on the disk"
