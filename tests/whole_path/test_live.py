"""The live path through the command: publishers on the loopback interface, at their own paths.

The bundled sample's files stand in for what the publishers serve, so that no corpus is needed.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from observatory import intake, sample
from observatory.intake import needs_key
from observatory.landing.http import Publisher
from observatory.sources.base import registry
from tests.faults.home import small_site
from tests.loopback import Answer, Loopback
from tests.whole_path.corpus_files import observatory

LIST = "/societylist/SocietyList.csv"
FRONT_PAGE = (
    '<html><body><a href="//fcastoragemprprod.blob.core.windows.net'
    f'{LIST}">Download the list</a></body></html>'
)
COMPANIES = "/BasicCompanyDataAsOneFile-2024-11-01.zip"
COMPANIES_PAGE = (
    f'<html><body><ul><li><a href="{COMPANIES[1:]}">{COMPANIES[1:]} (469Mb)</a></li></ul>'
    "<strong>Last Updated:</strong> 01/11/2024</body></html>"
)
COOPS_FOLDER = "/sites/default/files/2017-06"
COOPS_PAGE = f"""<html><body>
<a href="{COOPS_FOLDER}/open_data_organisations_2017_06.csv">Organisations</a>
<a href="{COOPS_FOLDER}/open_data_economic_2016_06.csv">Economic</a></body></html>"""
CROSSWALK = "/drkane/charity-lookups/main/relationships/mutual-companies.csv"
NOTICES = "/Published/Notices/OCDS/Search"


SERVED = (
    "fca_societies",
    "mutual_companies",
    "companies_house_basic",
    "coops_uk_organisations",
    "coops_uk_economic",
    "contracts_finder",
    "known_mutuals",
)


def _bundled(source: str, suffix: str = "") -> bytes:
    (path,) = [
        one.path
        for one in sample.files()
        if one.source == source and one.path.name.endswith(suffix or one.path.name)
    ]
    return path.read_bytes()


def _serve(publisher: Loopback) -> None:
    publisher.route("/", FRONT_PAGE, content_type="text/html")
    publisher.route(LIST, _bundled("fca_societies"), headers={"ETag": '"first"'})
    publisher.route("/en_output.html", COMPANIES_PAGE, content_type="text/html")
    publisher.route(COMPANIES, _bundled("companies_house_basic", ".zip"))
    publisher.route("/resources/open-data", COOPS_PAGE, content_type="text/html")
    for name in ("organisations_2017_06", "economic_2016_06"):
        file = f"open_data_{name}.csv"
        publisher.route(f"{COOPS_FOLDER}/{file}", _bundled(f"coops_uk_{name.split('_')[0]}"))
    publisher.route(CROSSWALK, _bundled("mutual_companies"), headers={"ETag": '"c1"'})
    package = json.loads(_bundled("contracts_finder", "2025-01-23.json"))
    package.pop("links", None)
    publisher.route(NOTICES, json.dumps(package), content_type="application/json")


@pytest.fixture
def home(tmp_path: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder whose every publisher is the loopback one; pacing does not really wait, and
    a release has a site of one page, since what pages say is not asked here."""
    _serve(loopback)
    monkeypatch.setattr("assets.release.site.writer", small_site)
    monkeypatch.setenv("OBSERVATORY_ORIGIN_OVERRIDES", f"*={loopback.origin}")
    _without_waiting(monkeypatch)
    return tmp_path


def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [time.time()]

    def sleep(seconds: float) -> None:
        moment[0] += seconds

    monkeypatch.setattr(
        intake, "Publisher", partial(Publisher, sleeper=sleep, ticks=lambda: moment[0])
    )


def _refresh(home: Path, *, exit_code: int = 0, sources: Sequence[str] = SERVED) -> dict[str, Any]:
    chosen = [word for source in sources for word in ("--source", source)]
    result = observatory("refresh", "--json", *chosen, home=home)
    assert result.exit_code == exit_code, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def test_first_run_lands_second_lands_nothing_and_a_change_lands_once(
    home: Path, loopback: Loopback
) -> None:
    first = _refresh(home)
    assert first["published"]
    assert first["new_files"] == 7  # six publishers' files and the curated list

    second = _refresh(home)
    assert (second["new_files"], second["published"], second["models_built"]) == (0, False, 0)

    changed = _bundled("fca_societies").replace(b",Registered\r\n", b",Deregistered\r\n", 1)
    if changed == _bundled("fca_societies"):
        changed = _bundled("fca_societies").replace(b",Registered\n", b",Deregistered\n", 1)
    assert changed != _bundled("fca_societies")
    loopback.route(LIST, changed, headers={"ETag": '"second"'})
    third = _refresh(home)
    assert third["new_files"] == 1
    fourth = _refresh(home)
    assert fourth["new_files"] == 0


def test_one_broken_publisher_is_named_and_does_not_block_the_others(
    home: Path, loopback: Loopback
) -> None:
    loopback.sequence(LIST, [Answer(status=503)])
    loopback.route(
        CROSSWALK, "<!DOCTYPE html><html><body>Gone away</body></html>", content_type="text/html"
    )
    told = _refresh(home, exit_code=1)
    assert told["published"]
    problems = "\n".join(told["problems"])
    assert "fca_societies" in problems
    assert "503" in problems
    assert "mutual_companies" in problems
    assert "HTML page" in problems
    assert "companies_house_basic" not in problems

    _serve(loopback)
    assert _refresh(home)["problems"] == []


def test_a_renamed_column_keeps_the_last_good_snapshot(home: Path, loopback: Loopback) -> None:
    before = _refresh(home)
    renamed = _bundled("fca_societies").replace(b"Society Name", b"Name Of Society", 1)
    loopback.route(LIST, renamed, headers={"ETag": '"renamed"'})
    after = _refresh(home, exit_code=1)
    assert "Society Name" in "\n".join(after["problems"])
    assert not after["published"]
    assert after["version"] == before["version"]


def test_without_a_network_each_source_is_named_and_nothing_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        monkeypatch.setenv("OBSERVATORY_ORIGIN_OVERRIDES", f"*=http://127.0.0.1:{port}")
        _without_waiting(monkeypatch)
        # none named: every one. The port is held meanwhile, so that nobody else begins to answer.
        told = _refresh(tmp_path, exit_code=1, sources=())
    assert not told["published"]
    assert told["version"] == ""
    for source in registry().values():
        # One that asks about watched organisations has nobody to ask about before a release.
        if source.fetch and not source.local and not needs_key(source):
            assert any(one.startswith(f"{source.id}: ") for one in told["problems"]), source.id
    assert not list((tmp_path / "releases").glob("v*"))
