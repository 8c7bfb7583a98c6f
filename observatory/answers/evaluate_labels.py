"""The labelled organisations of a gold folder: ``positives.csv`` and ``negatives.csv``.

What belongs here: reading them, and what each row's label is worth. What does not: finding the
organisations (``evaluate_records.py``) and scoring (``evaluate_scores.py``).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from observatory.answers.label_dates import Span, span_of
from observatory.errors import BadInput

POSITIVES, NEGATIVES = "positives.csv", "negatives.csv"
_MUST = {POSITIVES: ("name", "label"), NEGATIVES: ("name",)}
_SCHEMES = {"gb_coh": "GB-COH", "gb_mpr": "GB-MPR", "gb_chc": "GB-CHC"}

# What a label is worth (the corpus' README). Groups other than the first two are told apart.
SCORED = ("positive", "negative")
APART = ("probable", "contested", "borderline", "unsourced positive", "unsourced negative")
_POSITIVE_LABELS = {"psm": "positive", "psm-probable": "probable", "contested": "contested"}
NEVER = "psm-memory-unverified"

# "PSM status" or the reason said to be from memory: the identifiers are sourced, the label is not.
_FROM_MEMORY = re.compile(r"memory-unverified:[^;]*\bPSM status\b|reason: memory-unverified")
_FORMS: tuple[tuple[str, str], ...] = (
    (r"\bCIC\b|community interest", "CIC"),
    (r"societ|\bIPS\b|\bCBS\b|credit union|co-?operative", "society"),
    (r"\bS?CIO\b", "CIO"),
    (r"\bCLG\b|guarantee", "company by guarantee"),
    (r"\bLtd\b|\bplc\b|\blimited\b|\bcompany\b", "company by shares"),
    (r"charity", "charity"),
)


@dataclass(frozen=True)
class Labelled:
    """One row. ``group`` says how it counts; ``scored`` is False for those told apart;
    ``identifiers`` are (scheme, text) as written; ``span`` bounds the days of its label."""

    name: str
    group: str
    place: str
    other_names: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    form: str = "not stated"
    sector: str = "not stated"
    span: Span = field(default_factory=Span)
    note: str = ""

    @property
    def scored(self) -> bool:
        """Whether it enters precision and recall."""
        return self.group in SCORED

    @property
    def is_positive(self) -> bool:
        """Whether its label says that it is a mutual."""
        return self.group == "positive"


@dataclass(frozen=True)
class Labels:
    """The rows that can be used, and what was odd in the files, in words with their place."""

    rows: tuple[Labelled, ...]
    remarks: tuple[str, ...]


def read(folder: Path) -> Labels:
    """Read both files of ``folder``. Raises BadInput, naming file and line, where one is missing,
    is not UTF-8 CSV with the columns that are needed, or has a row that names nobody."""
    rows: list[Labelled] = []
    remarks: list[str] = []
    for file in (POSITIVES, NEGATIVES):
        for place, cells in _cells(folder / file, _MUST[file]):
            row = _labelled(file, place, cells, remarks)
            if row is not None:
                rows.append(row)
    if not rows:
        raise BadInput(
            "neither file holds a row",
            where=str(folder),
            remedy=f"give a folder whose {POSITIVES} and {NEGATIVES} hold labelled organisations",
        )
    return Labels(tuple(rows), tuple(remarks))


def form_of(words: str) -> str:
    """The legal form in a few families, from free words; ``not stated`` where they tell none."""
    for pattern, family in _FORMS:
        if re.search(pattern, words, re.IGNORECASE):
            return family
    return "not stated"


def _labelled(file: str, place: str, cells: dict[str, str], remarks: list[str]) -> Labelled | None:
    identifiers = tuple(
        (scheme, number)
        for column, scheme in _SCHEMES.items()
        for number in re.split(r"[\s;,|/]+", cells.get(column, ""))
        if number
    )
    if not cells["name"] and not identifiers:
        raise BadInput(
            "the row has neither a name nor a number",
            where=place,
            remedy="fill `name` (or one of gb_coh, gb_mpr, gb_chc), or take the row out",
        )
    group = _group(file, place, cells, remarks)
    if group is None:
        return None
    span, odd = span_of(cells)
    remarks += [f"{place}: {one}" for one in odd]
    return Labelled(
        cells["name"] or identifiers[0][1],
        group,
        place,
        tuple(
            one.strip() for one in re.split(r"[;|]", cells.get("other_names", "")) if one.strip()
        ),
        identifiers,
        form_of(cells.get("legal_form", "")),
        cells.get("sector", "") or "not stated",
        span,
        cells.get("note", ""),
    )


def _group(file: str, place: str, cells: dict[str, str], remarks: list[str]) -> str | None:
    is_sourced = _is_sourced(cells)
    if file == NEGATIVES:
        if cells.get("label", "") not in ("", "negative", "not-psm"):
            remarks.append(f"{place}: the label {cells['label']!r} is not known, so not scored")
            return None
        is_borderline = cells.get("borderline", "").lower() not in ("", "no", "false", "0")
        return "borderline" if is_borderline else "negative" if is_sourced else "unsourced negative"
    label = cells["label"].lower()
    if label == NEVER:
        return NEVER
    if label not in _POSITIVE_LABELS:
        said = f"the label {cells['label']!r} is not known" if label else "there is no label"
        remarks.append(f"{place}: {said}, so not scored")
        return None
    group = _POSITIVE_LABELS[label]
    return "unsourced positive" if group == "positive" and not is_sourced else group


def _is_sourced(cells: dict[str, str]) -> bool:
    """Whether a page is cited for the label. A folder without the column is taken as sourced."""
    if _FROM_MEMORY.search(cells.get("note", "")):
        return False
    return "source_url" not in cells or "http" in cells["source_url"].lower()


def _cells(path: Path, must: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each row that is not empty as ``file, line n`` and its trimmed cells by column."""
    rows = _rows(path)
    first = next(rows, None)
    if first is None:
        raise BadInput("the file is empty", where=str(path), remedy=_expected(must))
    header = [cell.strip().lower() for cell in first[1]]
    missing = [column for column in must if column not in header]
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if missing or twice:
        what = f"there is no column {missing[0]!r}" if missing else f"two columns {twice[0]!r}"
        raise BadInput(what, where=f"{path}, line {first[0]}", remedy=_expected(must))
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(header) :]):
            raise BadInput(
                f"the row has {len(cells)} cells under {len(header)} columns",
                where=f"{path}, line {line}",
                remedy="put a cell that holds a comma or a line break into double quotes",
            )
        padded = [*cells, *[""] * (len(header) - len(cells))]
        named = zip(header, padded, strict=False)
        yield f"{path.name}, line {line}", {key: cell.strip() for key, cell in named if key}


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each row begins, and its cells."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise BadInput(
            "there is no such file",
            where=str(path),
            remedy=f"give a folder that holds {POSITIVES} and {NEGATIVES}",
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput(
            f"byte {error.start} is not UTF-8",
            where=f"{path}, line {line}",
            remedy="save the file as CSV in UTF-8",
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(
            f"not CSV: {error}",
            where=f"{path}, line {begins}",
            remedy="close every double quote, and double those inside a cell",
        ) from error


def _expected(must: Sequence[str]) -> str:
    return (
        f"the first line must name the columns, {' and '.join(must)} among them, with commas "
        "between them (docs/methodology/evaluation.md has the layout)"
    )
