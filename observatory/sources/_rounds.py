"""Asking a publisher about one thing after another, and landing only answers that changed.

Two things worth knowing before you touch this. What was asked about is noted only after the batch
has landed, so a night that breaks off asks again and loses nothing. And every line carries the
time when it was asked, or a return to an earlier state would be taken for bytes long known.

What belongs here: batches, their memory, and turning kept fields into rows. What does not: any
publisher's address or answer (the source modules).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from observatory import clock
from observatory.errors import BadInput, ObservatoryError
from observatory.lake import Dataset, SnapshotWriter
from observatory.lake_tables import quoted
from observatory.landing.receipts import Receipt, Scope
from observatory.sources.base import Check, Download, Promise

if TYPE_CHECKING:
    from observatory.landing.asked import Asked
    from observatory.landing.http import Publisher

# Odd answers are passed over and reported at the end; so many of them are no oddity.
_MOST_ODD = 5


@dataclass(frozen=True)
class Answer:
    """One answer: ``whole`` lands, ``kept`` is what the reader will keep of it, by which a
    change is told."""

    whole: Any
    kept: Any

    @property
    def essence(self) -> str:
        """A hash of what is kept, whatever the order of its keys."""
        return hashlib.sha256(json.dumps(self.kept, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Round:
    """How a publisher is asked: ``look`` asks about one key, ``every`` so often at most, and
    ``batch`` answers land together as ``<name>_<time>_<first key>_<last key>.jsonl``."""

    name: str
    url: str
    every: timedelta
    batch: int
    look: Callable[[Publisher, str], Answer]

    def walk(self, publisher: Publisher, asked: Asked, keys: Iterable[str]) -> Iterator[Download]:
        """Yield a body a batch that holds something new.

        An answer in an unknown form is passed over and raised at the end (BadInput); any other
        failure of the publisher ends the round once what came before it has landed.
        """
        odd: list[BadInput] = []
        due = asked.due(keys, self.every)
        for start in range(0, len(due), self.batch):
            batch = due[start : start + self.batch]
            heard, failure = self._ask(publisher, batch, odd)
            lines = [
                _line(key, answer.whole)
                for key, answer in heard.items()
                if answer.essence != asked.answer(key)
            ]
            if lines:
                yield self._download(publisher, lines, batch)
            asked.note({key: answer.essence for key, answer in heard.items()})
            if failure:
                raise failure
        if odd:
            raise odd[0]

    def _ask(
        self, publisher: Publisher, keys: Sequence[str], odd: list[BadInput]
    ) -> tuple[dict[str, Answer], ObservatoryError | None]:
        """Return the answers, and the failure that ended the asking, if one did."""
        heard: dict[str, Answer] = {}
        for key in keys:
            try:
                heard[key] = self.look(publisher, key)
            except BadInput as error:
                odd.append(error)
                if len(odd) > _MOST_ODD:
                    return heard, error
            except ObservatoryError as error:
                return heard, error
        return heard, None

    def _download(
        self, publisher: Publisher, lines: Sequence[str], batch: Sequence[str]
    ) -> Download:
        name = f"{self.name}_{clock.now():%Y%m%dT%H%M%S}_{batch[0]}_{batch[-1]}.jsonl"
        path = publisher.written(lines)
        return Download(path, name.replace(" ", "-"), self.url, scope=Scope("increment"))


# An answer as its publisher gives it, without our line around it: what it is about, what it says.
Bare = Callable[[Any], tuple[str, Any] | None]


def answers(
    path: Path, where: str, bare: Bare | None = None
) -> Iterator[tuple[str, str, str | None, Any]]:
    """Yield locator, key, time asked and answer of each line of a body.

    With ``bare`` a person may also land what the publisher answers: one JSON value (laid out as it
    likes), a list of them, or one a line; the time asked is then None. Raises BadInput.
    """
    remedy = "land one JSON object a line, with key, asked_at and answer"
    if bare:
        remedy += ", or the publisher's own answer as JSON"
    for locator, found in _values(path, where, remedy):
        if isinstance(found, dict) and found.keys() >= {"key", "asked_at", "answer"}:
            yield locator, str(found["key"]), str(found["asked_at"]), found["answer"]
        elif told := bare(found) if bare else None:
            yield locator, told[0], None, told[1]
        else:
            raise BadInput(
                f"{locator} is not an answer with its key and time", where=where, remedy=remedy
            )


def _values(path: Path, where: str, remedy: str) -> Iterator[tuple[str, Any]]:
    """Yield the JSON values of a file with their locators: one a line, or the file's own one (its
    members, where that is a list)."""
    locator = "the file"
    with path.open(encoding="utf-8-sig") as file:
        try:
            if _one_a_line(next((line for line in file if line.strip()), "")):
                file.seek(0)
                for number, line in enumerate(file, start=1):
                    locator = f"line {number}"
                    if line.strip():
                        yield locator, json.loads(line)
                return
            file.seek(0)
            whole = json.load(file)
        except ValueError as error:
            raise BadInput(
                f"{locator} is not JSON ({error})", where=where, remedy=remedy
            ) from error
    if isinstance(whole, list):
        yield from ((f"/{place}", one) for place, one in enumerate(whole))
    else:
        yield "line 1", whole


def _one_a_line(first: str) -> bool:
    if first.lstrip().startswith("["):
        return False
    try:
        json.loads(first)
    except ValueError:
        return False
    return True


def check_by(judge: Callable[[Any, str], object], bare: Bare | None = None) -> Check:
    """Return a check that reads every answer and lets ``judge`` refuse it (BadInput)."""

    def check(path: Path, file_name: str) -> Promise:
        for locator, key, _, answer in answers(path, file_name, bare):
            judge(answer, f"{file_name}, {locator} ({key})")
        return Promise()

    return check


def asked_at(told: str | None, receipt: Receipt) -> str:
    """Return when an answer was given: as its line says, else the day of its publication, or the
    time of landing where nobody named a day."""
    if told:
        return told
    if receipt.published_basis == "fetched":
        return receipt.fetched_at.replace(tzinfo=None).isoformat()
    return f"{receipt.published_on}T00:00:00"


def write_rows(
    writer: SnapshotWriter, dataset: Dataset, rows: Iterable[Mapping[str, object]]
) -> int:
    """Write rows of plain values (dates and times as ISO text), each with its locator."""
    path = writer.temp_dir / f"{dataset.name}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    types = {one.name: one.type for one in dataset.written_columns}
    columns = ", ".join(f"{name}: {quoted(kind)}" for name, kind in types.items())
    if not path.stat().st_size:
        nulls = ", ".join(f"null::{kind} as {name}" for name, kind in types.items())
        return writer.write(dataset, f"select {nulls} where false")
    return writer.write(
        dataset,
        f"select * from read_json({quoted(str(path))}, format = 'newline_delimited', "
        f"columns = {{{columns}}})",
    )


def _line(key: str, whole: object) -> str:
    asked_at = clock.now().replace(tzinfo=None).isoformat()
    return json.dumps({"key": key, "asked_at": asked_at, "answer": whole}, ensure_ascii=False)
