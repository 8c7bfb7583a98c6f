"""The data dictionary: what each published table and column means, told by their contracts.

What belongs here: turning contracts into Markdown for people, in a release and in the project's
documentation. What does not: any meaning of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from observatory.release.contracts import ReleaseColumn, ReleaseTable

FILE = "DATA-DICTIONARY.md"
_TITLE = "# Data dictionary"
_OPENING = """\
Every table of this release, with what one row is and what each column means."""
_TERMS = """\
*May be republished* says what the licences of a column's sources allow: `rows` as published,
or only `derived facts` about organisations that we list. A column without a source is the
observatory's own. No single licence is claimed for the whole: each table names the licences of
what it draws on. *Key* columns together name one row. A column is null where no source says;
null never means no.
"""
_FILES = """\
## How the files are written

| format | rules |
|---|---|
| DuckDB | every table with its key; what it and its columns mean are its comments |
| Parquet | one file a table, zstd, typed as below, sorted |
| CSV | RFC 4180, UTF-8 without a byte order mark, CRLF, a header line, sorted likewise |
| JSON Lines | one organisation a line; all that is held on it in the other tables is nested |

In a CSV file:

- an empty cell is null; a quoted empty cell (`""`) is an empty text. A reader that tells them
  apart has to be asked to (DuckDB: `nullstr = '', allow_quoted_nulls = false`);
- a text that begins with `=`, `+`, `-`, `@`, a tab, a carriage return or a null character has an
  apostrophe in front, because a spreadsheet would run it as a formula: take one apostrophe off
  in front of such a character. Numbers and dates are left as they are, negative ones too;
- a date is `2025-02-24`; a time is UTC, `2025-02-24T10:00:00Z`; a boolean is `true` or `false`;
- a list or structure is JSON in one cell. Texts inside it are as published, without apostrophes.
"""
_RUN_NOTE = "\nIt describes the run; a change in it alone makes no new version.\n"
_OWN = "the observatory"


def describe(
    tables: Sequence[ReleaseTable], licences: Mapping[str, str], opening: str = _OPENING
) -> str:
    """Return the Markdown page of ``tables``, in alphabetical order; ``licences`` gives the
    licence of each source by its id."""
    ordered = sorted(tables, key=lambda one: one.name)
    contents = "\n".join(
        f"- [`{one.name}`](#{one.name}): {_first_sentence(one)}" for one in ordered
    )
    pages = [_table(one, licences) for one in ordered]
    parts = [f"{_TITLE}\n", f"{opening}\n", _TERMS, _FILES, "## Tables\n", f"{contents}\n", *pages]
    return "\n".join(parts).rstrip() + "\n"


def _table(table: ReleaseTable, licences: Mapping[str, str]) -> str:
    run = _RUN_NOTE if table.kind == "run" else ""
    header = "| column | type | meaning | may be republished | sources |\n|---|---|---|---|---|"
    rows = "\n".join(_row(table, column) for column in table.columns)
    terms = _terms(table, licences)
    return f"## {table.name}\n\n{_one_line(table.description)}\n{run}\n{terms}\n{header}\n{rows}\n"


def _terms(table: ReleaseTable, licences: Mapping[str, str]) -> str:
    drawn_on = sorted({source for column in table.columns for source in column.sources})
    told = "; ".join(f"`{one}` ({licences.get(one, 'see `sources`')})" for one in drawn_on)
    return f"Licences of what it draws on: {told or 'it is the own work of ' + _OWN}.\n"


def _row(table: ReleaseTable, column: ReleaseColumn) -> str:
    sources = ", ".join(f"`{one}`" for one in column.sources) or _OWN
    cells = (
        f"`{column.name}`",
        column.type,
        _meaning(table, column),
        column.licence,
        sources,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _meaning(table: ReleaseTable, column: ReleaseColumn) -> str:
    parts = [_one_line(column.description).rstrip(".")]
    if column.unit:
        parts.append(f"Unit: {column.unit}")
    if column.enum:
        parts.append("One of: " + ", ".join(f"`{value}`" for value in column.enum))
    if column.references:
        parts.append(f"Refers to `{column.references}`")
    if column.name in table.key:
        parts.append("Key")
    if column.not_a_change:
        parts.append("A new value alone counts as no change")
    return ". ".join(parts)


def _first_sentence(table: ReleaseTable) -> str:
    return _one_line(table.description).partition(". ")[0].rstrip(".")


def _one_line(text: str) -> str:
    return " ".join(text.split())
