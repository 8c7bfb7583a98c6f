"""What is kept is kept once, whole, and for ever; what was interrupted leaves no trap."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from observatory.errors import PermanentError, TransientError
from observatory.landing import store
from observatory.landing.receipts import Receipt, Scope
from observatory.landing.store import Landing, base_name, hash_file
from tests.landing.helpers import tree


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path / "landing")


def keep(
    landing: Landing, path: Path, day: str = "2026-11-01", **more: object
) -> tuple[Receipt, bool]:
    fields: dict[str, object] = {
        "source_id": "fictional_register",
        "file_name": path.name,
        "origin": "command",
        "published_on": date.fromisoformat(day),
        "published_basis": "given",
        "scope": Scope("part", 1, 2),
    }
    return landing.keep(path, **fields | more)  # type: ignore[arg-type]


def a_file(tmp_path: Path, body: bytes = b"id,name\n1,Fictional\n", name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(body)
    return path


def test_a_kept_body_comes_back_with_all_that_was_said_of_it(
    landing: Landing, tmp_path: Path
) -> None:
    path = a_file(tmp_path)
    headers = {
        "ETag": '"v1"',
        "Last-Modified": "Sun, 01 Nov 2026 00:00:00 GMT",
        "Set-Cookie": "s=1",
    }
    receipt, new = keep(landing, path, headers=headers, url="https://register.example/list.csv")
    assert new
    assert landing.receipts("fictional_register") == [receipt]
    assert landing.body(receipt).read_bytes() == path.read_bytes()
    assert receipt.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (receipt.etag, receipt.last_modified) == ('"v1"', headers["Last-Modified"])
    assert "set-cookie" not in receipt.headers
    assert receipt.fetched_at.isoformat() == "2026-11-23T02:30:00+00:00"
    assert path.exists()


def test_the_same_bytes_again_change_nothing(landing: Landing, tmp_path: Path) -> None:
    first, _ = keep(landing, a_file(tmp_path))
    before = tree(landing.root)
    again, new = keep(
        landing, a_file(tmp_path, name="copy.csv"), "2026-11-09", scope=Scope("whole")
    )
    assert (again, new) == (first, False)
    assert tree(landing.root) == before


def test_one_body_can_belong_to_two_sources(landing: Landing, tmp_path: Path) -> None:
    path = a_file(tmp_path)
    keep(landing, path)
    _, new = keep(landing, path, source_id="fictional_other")
    assert new
    assert len(list((landing.root / "bodies").rglob("*"))) == 2  # one folder, one body


def test_receipts_come_in_publication_order(landing: Landing, tmp_path: Path) -> None:
    days = ["2026-11-03", "2026-11-01", "2026-11-02"]
    for day in days:
        keep(landing, a_file(tmp_path, day.encode()), day, scope=Scope("whole"))
    assert [str(one.published_on) for one in landing.receipts("fictional_register")] == sorted(days)
    assert [str(one.published_on) for one in landing.snapshots("fictional_register")] == sorted(
        days
    )


@pytest.mark.parametrize("step", ["_copy", "sync", "link"])
def test_a_process_killed_at_any_step_leaves_nothing_that_is_listed(
    landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = a_file(tmp_path)
    child = os.fork()
    if child == 0:  # dies without any clean-up, as under SIGKILL
        monkeypatch.setattr(os if step == "link" else store, step, lambda *_: os._exit(9))
        keep(landing, path)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert landing.receipts("fictional_register") == []
    receipt, new = keep(landing, path)
    assert new
    assert landing.body(receipt).read_bytes() == path.read_bytes()


def test_stray_temporary_files_are_ignored(landing: Landing, tmp_path: Path) -> None:
    receipt, _ = keep(landing, a_file(tmp_path))
    folder = landing.root / "receipts" / "fictional_register"
    (folder / ".half.json").write_text("{")
    (folder / "notes.json").write_text("{}")
    (landing.temp / "left-behind").write_bytes(b"x")
    assert landing.receipts("fictional_register") == [receipt]


def test_a_receipt_that_was_cut_short_is_named_with_what_to_do(
    landing: Landing, tmp_path: Path
) -> None:
    receipt, _ = keep(landing, a_file(tmp_path))
    path = landing.root / "receipts" / "fictional_register" / f"{receipt.sha256}.json"
    path.write_text(path.read_text()[:40])
    with pytest.raises(PermanentError, match="not a readable receipt") as caught:
        landing.receipts("fictional_register")
    assert caught.value.where == str(path)
    assert "backup" in caught.value.remedy


def test_a_receipt_in_the_wrong_place_is_refused(landing: Landing, tmp_path: Path) -> None:
    receipt, _ = keep(landing, a_file(tmp_path))
    path = landing.root / "receipts" / "fictional_register" / f"{receipt.sha256}.json"
    path.rename(path.with_name(f"{'0' * 64}.json"))
    with pytest.raises(PermanentError, match="is the receipt of"):
        landing.receipts("fictional_register")


@pytest.mark.parametrize("damage", ["gone", "short"])
def test_a_body_that_is_gone_or_short_is_named(
    landing: Landing, tmp_path: Path, damage: str
) -> None:
    receipt, _ = keep(landing, a_file(tmp_path))
    path = landing.body(receipt)
    path.unlink()
    if damage == "short":
        path.write_bytes(b"id")
    with pytest.raises(PermanentError) as caught:
        landing.body(receipt)
    assert receipt.sha256 in caught.value.where
    assert "list.csv" in caught.value.remedy


@pytest.mark.parametrize("step", ["copyfile", "fsync"])
def test_a_full_disk_keeps_nothing_by_half(
    landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil if step == "copyfile" else os, step, full)
    with pytest.raises(PermanentError, match="nothing of it was kept") as caught:
        keep(landing, a_file(tmp_path))
    assert "free space" in caught.value.remedy
    assert tree(landing.root) == {}


def test_a_file_that_changes_while_it_is_read_is_not_kept(
    landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_file(tmp_path)
    real = store.hash_file

    def grow(of: Path, on_progress: store.Progress | None = None) -> str:
        digest = real(of, on_progress)
        with path.open("ab") as file:
            file.write(b"2,Fictional Latecomer\n")
        return digest

    monkeypatch.setattr(store, "hash_file", grow)
    with pytest.raises(TransientError, match="changed while"):
        keep(landing, path)
    assert tree(landing.root) == {}


def test_move_takes_the_file_away(landing: Landing, tmp_path: Path) -> None:
    path = a_file(tmp_path)
    body = path.read_bytes()
    receipt, _ = keep(landing, path, move=True)
    assert not path.exists()
    assert landing.body(receipt).read_bytes() == body


def test_a_body_is_read_only(landing: Landing, tmp_path: Path) -> None:
    receipt, _ = keep(landing, a_file(tmp_path))
    assert landing.body(receipt).stat().st_mode & 0o222 == 0


def test_the_first_receipt_stays_when_two_processes_land_at_once(
    landing: Landing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_file(tmp_path)
    first, _ = keep(landing, path)
    monkeypatch.setattr(Landing, "receipt", lambda *_: None)  # both looked before either wrote
    assert keep(landing, path, "2026-11-09") == (first, False)


@pytest.mark.parametrize("bad", ["../up", "", "a/b", "Ünï"])
def test_a_source_id_cannot_lead_out_of_the_landing(landing: Landing, bad: str) -> None:
    with pytest.raises(PermanentError, match="not a source id"):
        landing.receipts(bad)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/etc/passwd", "passwd"),
        (r"C:\Users\someone\list.csv", "list.csv"),
        ("../../list.csv", "list.csv"),
        ("..", "body"),
        ("", "body"),
        ("a\nb.csv", "ab.csv"),
    ],
)
def test_only_the_base_name_of_a_file_is_kept(given: str, kept: str) -> None:
    assert base_name(given) == kept


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    path = a_file(tmp_path, b"x" * (store.CHUNK_BYTES + 5))
    told: list[tuple[int, int]] = []
    hash_file(path, lambda done, total: told.append((done, total)))
    assert told == [(store.CHUNK_BYTES, store.CHUNK_BYTES + 5), (store.CHUNK_BYTES + 5,) * 2]


def test_a_receipt_is_plain_json(landing: Landing, tmp_path: Path) -> None:
    receipt, _ = keep(landing, a_file(tmp_path))
    path = landing.root / "receipts" / "fictional_register" / f"{receipt.sha256}.json"
    fields = json.loads(path.read_text())
    assert fields["scope"] == "part 1 of 2"
    assert fields["published_on"] == "2026-11-01"
