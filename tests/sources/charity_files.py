"""The Charity Commission's extract in both its forms, made of the fixtures, for its tests."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from observatory.sources import _charity_tables as tables
from observatory.sources._charity_shape import Table
from tests import archives
from tests.sources.reading import Result, fixture, read

ID = "charity_commission"
TABLES = (
    tables.CHARITY,
    tables.PART_A,
    tables.PART_B,
    tables.EVENTS,
    tables.GOVERNING_DOCUMENT,
    tables.CLASSIFICATION,
    tables.OTHER_NAMES,
)


def member(table: Table, form: str = "json") -> str:
    return f"publicextract.{table.name}.{form}"


def data(table: Table = tables.CHARITY) -> bytes:
    return fixture(ID, member(table))


def records(table: Table = tables.CHARITY) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(data(table).decode("utf-8-sig"))
    return found


def as_json(rows: list[dict[str, Any]]) -> bytes:
    return b"\xef\xbb\xbf" + json.dumps(rows, ensure_ascii=False).encode()


def as_text(rows: list[dict[str, Any]], stray: bool = False) -> bytes:
    """The tab-separated form: byte-order mark, CR LF, escapes, seven decimals of a second."""

    def cell(value: object) -> str:
        text = "" if value is None else str(value)
        if text.endswith("T00:00:00"):
            text = text.replace("T", " ") + ".0000000"
        return text.replace("\\", "\\\\").replace("\t", "\\\t")

    lines = ["\t".join(rows[0])] + ["\t".join(cell(one) for one in row.values()) for row in rows]
    text = "\r\n".join(lines) + "\r\n"
    if stray:
        text = text.replace("https://fictional.example\t", "https://fictional.example\r\n\t", 2)
    return b"\xef\xbb\xbf" + text.encode()


class _Pipe(io.BytesIO):
    """A target that cannot be sought, so that sizes follow the data, as the publisher's do."""

    def seekable(self) -> bool:
        return False

    def seek(self, *args: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def zipped(body: bytes, name: str) -> bytes:
    made = archives.zipped({name: body}, _Pipe())
    assert made[6] & 0x08, "the sizes should stand behind the data"
    return made


def land(body: bytes, folder: Path, table: Table = tables.CHARITY) -> Result:
    form = "json" if body.lstrip(b"\xef\xbb\xbf").startswith(b"[") else "txt"
    name = f"publicextract.{table.name}.zip"
    return read(table.dataset_name, zipped(body, member(table, form)), folder, name)
