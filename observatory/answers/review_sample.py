"""A seeded sample of all published organisations, stratified by verdict and basis, for hand review.

What belongs here: drawing it and writing the sheet. What does not: reading a reviewed sheet back
(``review_estimate.py``).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from observatory.errors import BadInput, PermanentError
from observatory.release.connections import reading

SEED = 1
MOST_LINKS = 5

# The reviewer fills the last four. No line of it names a person but the reviewer.
FILLED_IN = ("reviewer", "reviewed_on", "is_mutual", "notes")
COLUMNS = (
    "release", "definition_id", "seed", "stratum", "stratum_population", "stratum_sampled",
    "org_id", "name", "legal_form", "verdict", "basis", "valid_from", "valid_to", "reason",
    "register_url", "evidence_urls", *FILLED_IN,
)  # fmt: skip

# A spreadsheet runs a cell that begins so (OWASP, CSV Injection).
_RUN = ("=", "+", "-", "@", "\t", "\r", "\x00")


@dataclass(frozen=True)
class Sample:
    """The rows of a sheet, and the published organisations and the drawn ones by stratum."""

    rows: tuple[dict[str, str], ...]
    strata: tuple[tuple[str, int, int], ...]


def draw(
    database: Path, release: str, *, per_stratum: int, seed: int, definition_id: str | None
) -> Sample:
    """Draw ``per_stratum`` organisations (all, where there are fewer) of each verdict and basis.

    They come in the order of a hash of seed and org-id: the same release and seed give the same
    sheet, and a larger sample holds the smaller one. ``definition_id`` is the headline when None.
    Raises BadInput for a definition that the release does not have.
    """
    with reading(database) as con:
        definition = _definition(con, definition_id)
        members: dict[str, list[dict[str, Any]]] = {}
        for row in _published(con, definition):
            members.setdefault(f"{row['verdict']}, {row['basis']}", []).append(row)
        rows: list[dict[str, str]] = []
        for stratum in sorted(members):
            held = sorted(members[stratum], key=lambda row: _place(seed, row["org_id"]))
            drawn = held[:per_stratum]
            common = {
                "release": release,
                "definition_id": definition,
                "seed": seed,
                "stratum": stratum,
                "stratum_population": len(held),
                "stratum_sampled": len(drawn),
            }
            links = _links(con, [row["org_id"] for row in drawn])
            rows += [
                _sheet_row({**row, **common, "evidence_urls": links.get(row["org_id"])})
                for row in drawn
            ]
    strata = ((one, len(all_), min(per_stratum, len(all_))) for one, all_ in members.items())
    return Sample(tuple(rows), tuple(sorted(strata)))


def write(sample: Sample, path: Path) -> None:
    """Write the sheet, formula-safe. Raises PermanentError where the file is there already: it
    may hold somebody's review."""
    if path.exists():
        raise PermanentError(
            "there is such a file already, and it may hold a review",
            where=str(path),
            remedy="give another name, or move it away",
        )
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sample.rows)
    partial.replace(path)


def _definition(con: duckdb.DuckDBPyConnection, asked: str | None) -> str:
    rows = con.execute(
        "select definition_id, is_headline from definitions order by definition_id"
    ).fetchall()
    for definition_id, is_headline in rows:
        if definition_id == asked or (asked is None and is_headline):
            return str(definition_id)
    raise BadInput(
        f"there is no definition {asked!r}",
        where="--definition",
        remedy=f"take one of {', '.join(row[0] for row in rows)}",
    )


def _published(con: duckdb.DuckDBPyConnection, definition: str) -> Sequence[dict[str, Any]]:
    cursor = con.execute(
        "select c.org_id, o.name, o.legal_form, c.verdict, c.basis, c.valid_from, c.valid_to,"
        " c.reason, o.register_url from classifications c join organisations o using (org_id)"
        " where c.definition_id = ? order by c.org_id",
        [definition],
    )
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _links(con: duckdb.DuckDBPyConnection, org_ids: Sequence[str]) -> dict[str, str]:
    """The links to the strongest evidence of each organisation, with a space between them."""
    rows = con.execute(
        "with links as (select org_id, url,"
        " max(array_position(['weak', 'moderate', 'strong', 'decisive'], strength)) as rank"
        " from evidence where list_contains(?, org_id) and url is not null group by org_id, url)"
        " select org_id, array_to_string(list(url order by rank desc, url)[:?], ' ')"
        " from links group by org_id",
        [list(org_ids), MOST_LINKS],
    ).fetchall()
    return dict(rows)


def _place(seed: int, org_id: str) -> str:
    return hashlib.sha256(f"{seed}:{org_id}".encode()).hexdigest()


def _sheet_row(row: dict[str, Any]) -> dict[str, str]:
    return {name: _safe(row.get(name)) for name in COLUMNS}


def _safe(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_RUN) else text
