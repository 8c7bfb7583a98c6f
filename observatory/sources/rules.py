"""The rules by which verdicts are reached: seeds, judgements and corrections, landed as they stood.

Two things worth knowing before you touch this. Rules decide through the files in the project, not
through what landed: this is the memory of which rule was known on which day. And a rule that is
taken back to what it was is a new version: the body says on which day it was made, so its hash
differs from that of the first time.

What belongs here: the form of that body. What does not: what a rule means (the models), and the
curated list of known mutuals, which lands as a source of its own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from observatory import clock, seed_versions
from observatory.errors import BadInput
from observatory.lake import Column, Dataset, SnapshotWriter
from observatory.landing.receipts import Receipt, Scope
from observatory.sources.base import Body, Download, Limits, Promise, Source, Watcher

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

DATASET: Final = Dataset(
    "rules",
    (
        Column("seed", "VARCHAR", "the rule file, without its ending"),
        Column("sha256", "VARCHAR", "hash of the whole file"),
        Column("rule", "VARCHAR", "one line of it: its cells as JSON, by column"),
    ),
)
_REMEDY: Final = "land no such file by hand: a refresh makes it from dbt_like_models/seeds"


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield the rule files as one body, unless the newest that landed holds the same."""
    files = seed_versions.seeds()
    digest = digest_of(files)
    if receipts and max(receipts, key=_order).file_name.endswith(f"{digest}.jsonl"):
        return
    today = clock.now().date()
    path = publisher.written(_lines(files, today))
    name = f"rules-{today.isoformat()}-{digest}.jsonl"
    yield Download(path, name, "", published_on=today, published_basis="content")


def digest_of(files: Sequence[Path]) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 over the names and bytes of files."""
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()[:16]


def check(path: Path, file_name: str) -> Promise:
    """Promise the day on which the body was made. Raises BadInput for another form, or for a text
    that its own hash does not fit."""
    made_on, _ = _parsed(path, file_name)
    return Promise(made_on)


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write every line of every rule file."""
    rows: list[list[str]] = []
    for body in bodies:
        _, files = _parsed(body.path, body.receipt.file_name)
        for one in files:
            lines = csv.DictReader(io.StringIO(one["text"].lstrip("\ufeff"), newline=""))
            for number, row in enumerate(lines, start=2):
                cells = json.dumps(row, ensure_ascii=False, sort_keys=True)
                rows.append([f"{one['seed']}, line {number}", one["seed"], one["sha256"], cells])
    import pandas as pd  # a quarter of a second, and every command finds this module

    frame = pd.DataFrame(rows, columns=["locator", "seed", "sha256", "rule"], dtype="str")
    writer.con.register("rule_lines", frame)
    writer.write(DATASET, "select locator, seed, sha256, rule from rule_lines")


def _order(receipt: Receipt) -> tuple[object, str]:
    return receipt.fetched_at, receipt.sha256


def _lines(files: Sequence[Path], made_on: date) -> Iterator[str]:
    yield json.dumps({"rules_made_on": made_on.isoformat()})
    for path in files:
        body = path.read_bytes()
        yield json.dumps(
            {
                "seed": path.stem,
                "sha256": hashlib.sha256(body).hexdigest(),
                "text": body.decode("utf-8"),
            },
            ensure_ascii=False,
        )


def _parsed(path: Path, file_name: str) -> tuple[date, list[dict[str, Any]]]:
    try:
        head, *rest = (json.loads(line) for line in path.read_text("utf-8").split("\n") if line)
        made_on = date.fromisoformat(head["rules_made_on"])
        files = [{key: str(one[key]) for key in ("seed", "sha256", "text")} for one in rest]
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("it is no body of rules", where=file_name, remedy=_REMEDY) from error
    for one in files:
        if hashlib.sha256(one["text"].encode()).hexdigest() != one["sha256"]:
            raise BadInput(
                f"the text of {one['seed']} does not fit its hash", where=file_name, remedy=_REMEDY
            )
    if not files:
        raise BadInput("it holds no rule file", where=file_name, remedy=_REMEDY)
    return made_on, files


def _look(publisher: Publisher, receipts: Sequence[Receipt]) -> str | None:
    return digest_of(seed_versions.seeds())


SOURCE = Source(
    id="rules",
    title="Rules, judgements and corrections of the observatory, as they stood day by day",
    publisher="Mutuals Observatory",
    homepage="",
    licence="MIT, as the rest of this project",
    licence_url="https://opensource.org/license/mit",
    attribution="Mutuals Observatory, rules",
    republish="rows",
    keeps="bytes",
    cadence="when a rule is edited",
    freshness_days=365,
    limits=Limits(evidence="packaged with the project: nothing is asked of anybody"),
    default_scope=Scope("whole"),
    datasets=(DATASET,),
    reader_version=1,
    check=check,
    read=read,
    fetch=fetch,
    watcher=Watcher("project file", "the rule files in dbt_like_models/seeds", _look),
    local=True,
)
