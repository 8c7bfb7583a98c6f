"""The registry: every source complete, documented, and listed by nothing but itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from observatory.cli import main
from observatory.intake import take_in
from observatory.settings import PROJECT_ROOT, Settings
from observatory.sources import __main__ as listing
from observatory.sources import base

DOCS = PROJECT_ROOT / "docs" / "sources"

NEW_SOURCE = '''
"""A fictional register, as somebody would add it."""
from observatory.lake import Column, Dataset
from observatory.landing.receipts import Scope
from observatory.sources.base import Limits, Promise, Source

DATASET = Dataset("fictional_register", (Column("name", "VARCHAR", "its name"),))


def check(path, file_name):
    return Promise()


def read(bodies, writer):
    writer.write(DATASET, "select 'Fictional Society' as name, 'line 2' as locator")


SOURCE = Source(
    id="fictional_register", title="Fictional register", publisher="Nobody", homepage="",
    licence="none", licence_url="", attribution="", republish="none", keeps="bytes",
    cadence="never", freshness_days=1, limits=Limits(), default_scope=Scope("whole"),
    datasets=(DATASET,), reader_version=1, check=check, read=read, fetch=None,
)
'''


@pytest.fixture
def one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The registry with one more module in its package, and nothing else changed."""
    import observatory.sources as package

    (tmp_path / "fictional_register.py").write_text(NEW_SOURCE, encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    base.registry.cache_clear()
    yield
    base.registry.cache_clear()


@pytest.mark.usefixtures("one_more")
def test_a_new_source_is_one_file(home: Settings) -> None:
    assert len(NEW_SOURCE.splitlines()) < 150
    assert "| [fictional_register](fictional_register.md) |" in listing.page()
    told = CliRunner().invoke(main, ["sources", "--json"], env={"OBSERVATORY_HOME": str(home.home)})
    assert (told.exit_code, "fictional_register" in told.output) == (0, True)
    (home.inbox / "fictional_register").mkdir(parents=True)
    (home.inbox / "fictional_register" / "given.txt").write_text("Fictional Society")
    turn = take_in(base.get("fictional_register"), home, offline=True)
    assert turn.problem == ""
    assert [one.rows for one in turn.read] == [1]


@pytest.mark.usefixtures("one_more")
def test_a_new_source_has_its_asset() -> None:
    from assets.sources import source_assets

    keys = {key.to_user_string() for one in source_assets() for key in one.keys}
    assert any("fictional_register" in key for key in keys)


def test_every_source_says_what_it_is_and_what_it_allows() -> None:
    for source in base.registry().values():
        for field in (source.title, source.publisher, source.licence, source.attribution):
            assert field, source.id
        assert source.homepage or source.local, source.id
        assert source.cadence, source.id
        assert source.freshness_days > 0, source.id
        if source.fetch and not source.local:
            assert source.limits.evidence, source.id
        for dataset in source.datasets:
            assert all(column.meaning for column in dataset.columns), source.id


def test_source_modules_stay_small() -> None:
    for path in (PROJECT_ROOT / "observatory" / "sources").glob("[a-z]*.py"):
        if path.stem in base.registry():
            assert len(path.read_text(encoding="utf-8").splitlines()) < 150, path


def test_every_source_has_a_page_and_the_list_is_true() -> None:
    assert (DOCS / "README.md").read_text(encoding="utf-8") == listing.page()
    for source in base.registry():
        assert (DOCS / f"{source}.md").is_file(), source


def test_finding_the_sources_brings_no_heavy_library() -> None:
    # Every command finds the sources; pandas and numpy take longer than most of them do.
    asked = "import sys; from observatory.sources.base import registry; registry(); "
    told = "print(sorted({'pandas', 'numpy'} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", asked + told], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
