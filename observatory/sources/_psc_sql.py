"""Reading the lines of a PSC snapshot: an allow-list of fields, in bounded memory.

Two things worth knowing before you touch this. Only what ``_LINE`` names is ever parsed out of a
line: of an individual that is the kind, what is held and whether it ceased, and these are only
counted. And a private individual is sometimes filed as a legal person, so a name that no register
number stands beside is kept only when it cannot be a person's own.

What belongs here: from lines to rows and issues. What does not: codes (``_psc_words.py``), bytes
(``_psc_lines.py``), what a controller means (the models).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Final

from observatory.lake import Dataset, SnapshotWriter
from observatory.lake_tables import quoted
from observatory.settings import PROJECT_ROOT
from observatory.sources import _psc_words as words
from observatory.sources._psc_lines import LINE_BYTES, Piece, pieces
from observatory.sources.base import Body

_MACROS = PROJECT_ROOT / "sql" / "macros" / "identifiers.sql"
_MEMORY = "192MiB"  # a piece as columns takes some 20 MB; the rest is for adding up the counts
_LINE: Final = (
    "STRUCT(kind VARCHAR, links STRUCT(self VARCHAR), name VARCHAR, identification STRUCT("
    "legal_form VARCHAR, legal_authority VARCHAR, country_registered VARCHAR, "
    "place_registered VARCHAR, registration_number VARCHAR), natures_of_control VARCHAR[], "
    "notified_on VARCHAR, ceased_on VARCHAR, ceased BOOLEAN, statement VARCHAR, exemptions JSON, "
    "persons_of_significant_control_count BIGINT, statements_count BIGINT, "
    "exemptions_count BIGINT)"
)


def _is(kinds: Sequence[str]) -> str:
    return f"kind in ({', '.join(map(quoted, kinds))})"


_DATES: Final = ", ".join(
    f"try_cast({one} as date) as {one}" for one in ("notified_on", "ceased_on")
)
_UNREAD: Final = (
    "list_filter([{'field': 'notified_on', 'value': notified_on}, "
    "{'field': 'ceased_on', 'value': ceased_on}], lambda cell: cell.value is not null and "
    "try_cast(cell.value as date) is null) as _unread"
)
_ID: Final = "split_part(links.self, '/', -1)"
# With a register number beside it, only a title ("Mrs ...") still makes a name a person's.
_PERSONAL: Final = (
    "(identification.registration_number is null "
    r"or regexp_matches(name, '(?i)^(mr|mrs|ms|miss|mx|dr|prof|sir|dame)\.? ')) "
    "and looks_like_person(upper(name))"
)
_SELECTS: Final = {
    words.CONTROLLER_SET.name: f"""
        select locator, company_number, kind, {_ID} as record_id,
            case when not personal then trim(name) end as name,
            name is not null and personal as is_name_withheld,
            nullif(trim(identification.legal_form), '') as legal_form,
            nullif(trim(identification.legal_authority), '') as legal_authority,
            nullif(trim(identification.country_registered), '') as country_registered,
            nullif(trim(identification.place_registered), '') as place_registered,
            nullif(trim(identification.registration_number), '') as registration_number,
            list_filter(natures_of_control, lambda code: code is not null) as natures_of_control,
            {_DATES}, coalesce(ceased, false) or ceased_on is not null as is_ceased, {_UNREAD}
        from (
            select *, {_is(words.SECRET)} or ({_PERSONAL}) as personal
            from lines where {_is(words.CONTROLLERS)}
        )""",
    words.STATEMENT_SET.name: f"""
        select locator, company_number, 'statement' as kind, {_ID} as record_id, statement,
            {_DATES}, {_UNREAD}
        from lines where {_is(words.STATEMENTS)}
        union all
        select locator, company_number, 'exemption', null, statement, {_DATES}, {_UNREAD}
        from (
            select locator, company_number, entry.value.exemption_type as statement,
                unnest(entry.value.items).exempt_from as notified_on,
                unnest(entry.value.items).exempt_to as ceased_on
            from (
                select locator, company_number, unnest(map_entries(from_json(exemptions,
                    '"MAP(VARCHAR, STRUCT(exemption_type VARCHAR, '
                    || 'items STRUCT(exempt_from VARCHAR, exempt_to VARCHAR)[]))"'))) as entry
                from lines where {_is(words.EXEMPTIONS)}
            )
        )""",
    # Of these lines nothing else is read; the counts of the pieces are added up at the end.
    words.COUNT_SET.name: f"""
        with held as (
            select company_number, ceased_on is null and not coalesce(ceased, false) as active,
                array_to_string(natures_of_control, ' ') as natures
            from lines where {_is(words.INDIVIDUALS)}
        )
        select company_number, count(*) as individuals, count(*) filter (active) as active,
            count(*) filter (active and regexp_matches(natures,
                '(shares|rights|assets)-(50-to-75|75-to-100)')) as active_over_half,
            count(*) filter (active and contains(natures, 'right-to-appoint-and-remove'))
                as active_appointing,
            count(*) filter (active and contains(natures, '-as-trust')) as active_as_trust
        from held group by company_number order by company_number""",
}
_UNMAPPED: Final = f"""
    select field, code, count(*) from (
        select 'natures_of_control' as field, unnest(natures_of_control) as code
        from lines where {_is(words.CONTROLLERS)}
        union all
        select 'statement', statement from lines where {_is(words.STATEMENTS)}
    )
    where not regexp_full_match(code, {quoted(words.NATURES + "|" + words.STATEMENT_CODES)})
    group by all order by all"""
_COUNTS: Final = ("individuals", "active", "active_over_half", "active_appointing",
                  "active_as_trust")  # fmt: skip


class Reading:
    """One pass over the bodies of a snapshot; ``kinds`` counts its lines by kind."""

    def __init__(self, writer: SnapshotWriter) -> None:
        self.kinds: Counter[str] = Counter()
        self.totals: dict[str, int] = {}
        self._writer, self._con = writer, writer.con
        self._number = 0
        self._con.execute(f"set memory_limit = '{_MEMORY}'")
        # A second thread costs half as much again and gains nothing on pieces of this size; the
        # other core unpacks.
        self._con.execute("set threads = 1")
        self._con.execute(_MACROS.read_text(encoding="utf-8"))

    def take(self, body: Body) -> None:
        """Read one body, a piece at a time, into files beside each other."""
        scope = body.receipt.scope
        label = f"{scope} " if scope.kind == "part" else ""
        for piece in pieces(body.path, body.receipt.file_name, self._writer.temp_dir):
            self._load(piece, label)
            self._look_for_drift(piece)
            for name, select in _SELECTS.items():
                target = self._writer.temp_dir / f"{name}-{self._number:06}.parquet"
                self._con.execute(f"copy ({select}) to {quoted(str(target))} (format parquet)")
            self._report(piece, label)
            self._number += 1

    def write(self, dataset: Dataset) -> int:
        """Write one dataset from the files of all pieces, in published order."""
        files = f"read_parquet({quoted(str(self._writer.temp_dir / dataset.name))} || '-*.parquet')"
        if dataset is not words.COUNT_SET:
            return self._writer.write(dataset, f"select * from {files}")
        sums = ", ".join(f"sum({name})::bigint as {name}" for name in _COUNTS)
        return self._writer.write(
            dataset,
            f"select 'company ' || company_number as locator, company_number, {sums} "
            f"from {files} group by company_number order by company_number",
        )

    def _load(self, piece: Piece, label: str) -> None:
        if self._loaded(piece) != piece.lines:
            piece.fill_blanks()
            self._loaded(piece)
        self._con.execute(
            "create or replace temp view lines as select "
            f"{quoted(label + 'line ')} || (rowid + {piece.first_line}) as locator, * from loaded "
            "where company_number is not null"
        )

    def _loaded(self, piece: Piece) -> int:
        """Load a piece and return its lines as DuckDB counts them: without the blank ones."""
        self._con.execute(
            "create or replace temp table loaded as select company_number, unnest(data) from "
            f"read_json({quoted(str(piece.path))}, format = 'newline_delimited', columns = "
            f"{{company_number: 'VARCHAR', data: '{_LINE}'}}, ignore_errors = true, "
            f"maximum_object_size = {LINE_BYTES})"
        )
        (count,) = self._con.execute("select count(*) from loaded").fetchall()
        return int(count[0])

    def _report(self, piece: Piece, label: str) -> None:
        """Count the lines by kind, and report those that are nobody's."""
        for kind, lines in self._con.execute(
            "select kind, count(*) from loaded where kind is not null group by all order by all"
        ).fetchall():
            self.kinds[kind] += lines
        self._read_totals()
        bad = self._con.execute(
            f"select rowid + {piece.first_line}, kind from loaded where kind is null "
            f"or (company_number is null and kind <> {quoted(words.TOTALS)}) order by rowid"
        ).fetchall()
        for line, kind in bad:
            detail = "it is not a JSON object with a kind" if kind is None else "no company_number"
            if line in piece.too_long:
                detail = f"it is longer than {LINE_BYTES:,} bytes"
            self._issue("unreadable-line", "quarantined", detail, locator=f"{label}line {line}")
        for field, code, lines in self._con.execute(_UNMAPPED).fetchall():
            detail = "a code that nobody has mapped yet; kept as published"
            self._issue("unmapped-value", "unmapped", detail, field, code, lines)

    def _read_totals(self) -> None:
        names = ("persons_of_significant_control_count", "statements_count", "exemptions_count")
        found = self._con.execute(
            f"select {', '.join(names)} from loaded where kind = {quoted(words.TOTALS)}"
        ).fetchall()
        for row in found:
            self.totals = dict(zip(names, (int(one or 0) for one in row), strict=True))

    def _look_for_drift(self, piece: Piece) -> None:
        for line in piece.sample:
            try:
                data = json.loads(line).get("data")
            except (ValueError, AttributeError):
                continue
            for name in sorted(set(data or ()) - words.FIELDS):
                detail = "a field that this reader does not know (only a sample is looked at)"
                self._issue("unknown-field", "drift", detail, name)

    def _issue(self, kind: str, severity: str, detail: str, field: str = "", value: str = "",
               occurrences: int = 1, *, locator: str = "") -> None:  # fmt: skip
        self._writer.issue(kind, severity=severity, detail=detail, field=field,  # type: ignore[arg-type]
                           value=value, occurrences=occurrences, locator=locator)  # fmt: skip
