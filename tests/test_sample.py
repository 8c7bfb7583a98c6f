"""The bundled sample is what its manifest says, cites every fact, and lands without an issue."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from observatory import sample
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.sample import SampleFile
from observatory.settings import PROJECT_ROOT, Settings
from observatory.sources import _facts, known_mutuals
from observatory.sources.base import registry

FILES = sample.files()
SEED = PROJECT_ROOT / "dbt_like_models" / "seeds" / "known_mutuals.csv"
LIST = sample.FOLDER / "known_mutuals" / "known_mutuals.csv"


def facts(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def text_of(path: Path) -> str:
    if path.suffix != ".zip":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


def records(path: Path) -> int:
    text = text_of(path)
    if path.suffix == ".json":
        return len(json.loads(text)["releases"])
    if path.suffix == ".jsonl":
        return len(text.splitlines())
    return len(list(csv.reader(io.StringIO(text, newline="")))) - 1


def test_the_manifest_names_every_file_and_no_other() -> None:
    folders = [one for one in sample.FOLDER.iterdir() if one.is_dir() and one.name != "__pycache__"]
    bundled = {path for folder in folders for path in folder.iterdir()}
    assert {one.path for one in FILES} == bundled
    assert sum(path.stat().st_size for path in bundled) < 2_000_000


@pytest.mark.parametrize("one", FILES, ids=lambda one: str(one.path.name))
def test_the_manifest_is_true(one: SampleFile) -> None:
    assert one.path.parent.name == one.source
    assert records(one.path) == one.rows
    assert str(one.scope) in ("extract", "increment")
    assert re.search(r"https?://|every row names its source", one.citation)


@pytest.mark.parametrize("path", [one.path for one in FILES] + [SEED], ids=lambda p: str(p.name))
def test_nothing_is_remembered(path: Path) -> None:
    assert not re.search(r"memory|unverified|remembered", text_of(path), re.IGNORECASE)


@pytest.mark.parametrize("path", [SEED, LIST], ids=["seed", "sample"])
def test_every_fact_is_in_order_and_cited(path: Path) -> None:
    rows = facts(path)
    assert list(rows[0]) == known_mutuals.COLUMNS
    for row in rows:
        assert re.match(r"https?://[^\s/]+\.[^\s]+$", row["source_url"]), row
        assert _facts.problem_with(row["field"], row["value"]) == "", row
    repeated = Counter(tuple(row.values()) for row in rows)
    assert max(repeated.values()) == 1
    names = {(row["entry_id"], row["name"]) for row in rows}
    assert len(names) == len({entry for entry, _ in names})


def test_the_sample_list_is_the_seed_and_the_look_alikes() -> None:
    seed, bundled = facts(SEED), facts(LIST)
    rest = [row for row in bundled if row not in seed]
    assert [row for row in bundled if row in seed] == seed
    assert {row["entry_id"][:8] for row in rest} == {"XM-ALIKE"}
    labels = {row["value"] for row in seed if row["field"] == "label"}
    assert labels == {"psm", "psm-probable", "contested"}
    assert {row["value"] for row in rest if row["field"] == "label"} == {"look-alike"}


def test_a_seed_of_the_same_day_does_not_withdraw_the_samples_look_alikes(home: Settings) -> None:
    """The seed is a whole list: what came before it in publication order and is not in it no
    longer stands. The sample's list must come after it."""
    landing = Landing(home.landing)
    land_file(known_mutuals.SOURCE, SEED, landing, origin="seed")
    one = next(one for one in FILES if one.path == LIST)
    land_file(
        known_mutuals.SOURCE,
        LIST,
        landing,
        origin="sample",
        published_on=one.published_on,
        scope=one.scope,
    )
    order = [snapshot.receipts[0].origin for snapshot in landing.snapshots("known_mutuals")]
    assert order == ["seed", "sample"], "reorder the sample's rows, or date it later"


@pytest.mark.parametrize(
    "path", [one.path for one in FILES if one.source == "contracts_finder"], ids=lambda p: p.name
)
def test_no_contact_and_no_description_is_bundled(path: Path) -> None:
    text = text_of(path)
    assert not re.search(r'"(?:email|telephone|faxNumber|description)":\s*"[^"]', text)
    assert not re.search(r'"contactPoint":\s*\{[^}]*:\s*"[^"]', text)
    assert "@" not in text


@pytest.mark.parametrize("one", FILES, ids=lambda one: str(one.path.name))
def test_each_file_passes_its_sources_check(one: SampleFile, home: Settings) -> None:
    sources = registry()
    if one.source not in sources:
        pytest.skip(f"the source {one.source} is not here yet")
    landed = land_file(
        sources[one.source],
        one.path,
        Landing(home.landing),
        origin="sample",
        published_on=one.published_on,
        scope=one.scope,
    )
    assert landed.new
    assert one.path.is_file()
