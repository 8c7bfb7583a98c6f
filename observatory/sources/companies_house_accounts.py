"""Companies House: accounts filed as iXBRL, an archive a day, read for watched companies only.

Three traps. The date in a filing's name is that of its balance sheet, not of its filing. Only
accounts filed by software are here, so that an organisation without a filing may well have
filed on paper. And CICs file packages (``_CIC.zip``), which most readers leave out.
What does not belong here: names and columns (``_accounts_columns.py``), archives
(``_accounts_members.py``), documents (``observatory/ixbrl*.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from observatory.errors import BadInput
from observatory.lake import SnapshotWriter
from observatory.landing.receipts import Scope
from observatory.sources import _accounts_columns as columns
from observatory.sources import _accounts_fetch
from observatory.sources._accounts_members import Directory, Member, directory, mentions
from observatory.sources._accounts_rows import outcome
from observatory.sources.base import Body, Limits, Past, Promise, Source

if TYPE_CHECKING:
    pass

# Without a watch list only archives below this are read: the tests' and a person's own extracts.
SMALL: Final = 1_000


def check(path: Path, file_name: str) -> Promise:
    """Promise the date in an archive's name. Raises BadInput for an archive without a filing,
    and for a loose file that is not named as one."""
    with directory(path, file_name) as found:
        if not found.members:
            raise BadInput(
                "holds no member named like Prod223_3384_NI681295_20220831.html",
                where=file_name,
                remedy="land an archive of the accounts data product, or a filing under its "
                "published name",
            )
    day = columns.published_on(file_name)
    return Promise(day, "file name") if day else Promise()


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write one row a filing of the watched companies, in the archive's order."""
    rows: list[dict[str, Any]] = []
    for body in bodies:
        with directory(body.path, body.receipt.file_name) as found:
            for member in _chosen(found, writer):
                result = outcome(member)
                for kind, severity, detail in result.findings:
                    writer.issue(kind, severity=severity, locator=member.name, detail=detail)
                rows += [result.row] if result.row else []
    file = writer.temp_dir / "filings.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, default=date.isoformat) + "\n" for row in rows)
    kinds = ", ".join(f"{name}: '{kind}'" for name, kind in columns.LOCATED.items())
    writer.write(
        columns.DATASET,
        "select * from read_json(?, format = 'newline_delimited', "
        f"maximum_object_size = 16777216, columns = {{{kinds}}})",
        [str(file)],
    )


def _chosen(found: Directory, writer: SnapshotWriter) -> Iterable[Member]:
    """Return the filings to be read: of watched companies, or of a small archive all when
    nobody is watched yet."""
    if found.others:
        writer.issue(
            "unknown-member",
            severity="drift",
            detail="its name is not that of a filing; it was not opened",
            occurrences=len(found.others),
        )
    watched = writer.watched.company_numbers if writer.watched else frozenset()
    if watched:
        return [member for member in found.members if member.company_number in watched]
    small = len(found.members) < SMALL
    writer.issue(
        "no-watch-list",
        severity="info",
        detail=f"no release says who is watched: {'every' if small else 'no'} filing was read",
        occurrences=len(found.members),
    )
    return found.members if small else ()


SOURCE = Source(
    id="companies_house_accounts",
    title="Accounts data product: filed accounts of watched companies",
    publisher="Companies House",
    homepage=_accounts_fetch.PAGE,
    # As for the register itself: Companies House places no restriction on its use and names no
    # licence on the product's page. The documents are their authors': only facts are kept.
    licence="no restriction on use of the public register; no licence is named",
    licence_url="https://www.gov.uk/guidance/companies-house-data-products",
    attribution="Contains data from the public register of Companies House",
    republish="derived facts",
    keeps="derived",
    cadence="daily, Tuesday to Saturday; about 60 days stay published",
    freshness_days=7,
    limits=Limits(
        seconds_between_requests=2.0,
        evidence="none is stated for the download host; at most eleven archives a night",
    ),
    default_scope=Scope("increment"),
    datasets=(columns.DATASET,),
    reader_version=3,
    check=check,
    read=read,
    fetch=_accounts_fetch.fetch,
    past=Past("day", date(2020, 1, 1), _accounts_fetch.between),
    watcher=_accounts_fetch.WATCHER,
    body_days=400,  # whoever is watched within a year is still found
    checks_members=True,
    reads_watched=True,
    mentions=mentions,
    notes="accounts filed on paper are absent; monthly archives are landed by hand",
)
