"""A fictional source and small files for the landing's tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from observatory.errors import BadInput
from observatory.landing.receipts import Receipt, Scope
from observatory.sources.base import Body, Limits, Promise, Source
from tests.archives import zipped

HEADER = b"id,name\n"


def check(path: Path, file_name: str) -> Promise:
    """Promise the header ``id,name``, or any zip; a line ``#published DATE`` dates the file."""
    if file_name.endswith(".zip"):
        return Promise()
    lines = path.read_bytes().splitlines()
    if lines[0] == b"crash":
        raise KeyError("no such column")
    if lines[0] != HEADER.strip():
        raise BadInput("lacks the header id,name", remedy="get the published file")
    if len(lines) > 1 and lines[1].startswith(b"#published "):
        return Promise(date.fromisoformat(lines[1][11:].decode()), "content", Scope("extract"))
    return Promise()


def read(bodies: Sequence[Body], writer: object) -> None:
    raise AssertionError("the landing never reads a snapshot")


SOURCE = Source(
    id="fictional_register",
    title="Fictional register",
    publisher="Fictional Publisher",
    homepage="https://register.example/",
    licence="none",
    licence_url="",
    attribution="",
    republish="none",
    keeps="bytes",
    cadence="daily",
    freshness_days=1,
    limits=Limits(),
    default_scope=Scope("whole"),
    datasets=(),
    reader_version=1,
    check=check,
    read=read,
    fetch=None,
)


def csv_file(folder: Path, name: str = "list.csv", rows: int = 3, salt: str = "") -> Path:
    """Write a file that the fictional source accepts."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    lines = (f"{n},Fictional Society {n}{salt}\n" for n in range(rows))
    path.write_bytes(HEADER + "".join(lines).encode())
    return path


def zip_bytes(**members: bytes) -> bytes:
    """Return a deflated zip of these members (``__`` in a name stands for a dot)."""
    return zipped({name.replace("__", "."): body for name, body in members.items()})


def tree(root: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def keys(receipts: Sequence[Receipt]) -> list[str]:
    """Return the hashes of receipts, in order."""
    return [receipt.sha256 for receipt in receipts]
