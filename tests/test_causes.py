"""A release says which event led to it, whatever the order in which things happened."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from observatory import causes
from observatory.intake import take_in
from observatory.landing import events
from observatory.settings import PROJECT_ROOT, Settings
from observatory.sources.base import get

SOURCE = get("mutual_companies")
CSV = "org_id_a,org_id_b,org_name,relationship,source\nGB-MPR-1R,GB-COH-IP00001R,{},sameas,x\n"


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """A home with a project of its own, whose rules a test may edit."""
    project = tmp_path / "project"
    shutil.copytree(
        PROJECT_ROOT / "dbt_like_models" / "seeds", project / "dbt_like_models" / "seeds"
    )
    shutil.copytree(PROJECT_ROOT / "sql" / "macros", project / "sql" / "macros")
    settings = Settings(home=tmp_path / "home", project_root=project)
    settings.warehouse.mkdir(parents=True)
    return settings


def _drop(home: Settings, name: str) -> None:
    folder = home.inbox / SOURCE.id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.csv").write_text(CSV.format(name), encoding="utf-8")


def test_events_are_told_by_kind_and_source_in_one_order(home: Settings) -> None:
    events.note(home.landing, "fca_societies", "watcher", "v1")
    events.note(home.landing, "contracts_finder", "night of 2026-11-23", "v1")
    events.note(home.landing, "companies_house_basic", "watcher", "v1")
    told = "night of 2026-11-23: contracts_finder; watcher: companies_house_basic, fca_societies"
    assert causes.told(home, "b1") == told
    causes.mark(home, "b1")
    assert causes.told(home, "b1") == ""


def test_what_changed_nothing_is_no_cause(home: Settings) -> None:
    _drop(home, "Fictional Society")
    take_in(SOURCE, home, offline=True, event="watcher")
    assert causes.told(home, "b1") == "inbox: mutual_companies"
    causes.mark(home, "b1")
    shutil.copy(
        home.inbox / SOURCE.id / ".landed" / "Fictional Society.csv",
        home.inbox / SOURCE.id / "again.csv",
    )
    take_in(SOURCE, home, offline=True, event="watcher")
    assert causes.told(home, "b1") == ""


def test_an_edited_seed_a_rule_and_code_are_told_apart(home: Settings) -> None:
    causes.mark(home, "b1")
    assert causes.told(home, "b2") == "code"
    seed = home.models / "seeds" / "judgements.csv"
    seed.write_text(seed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    macro = next((home.sql / "macros").glob("*.sql"))
    macro.write_text(macro.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert causes.told(home, "b2") == f"seed: judgements; rules: {macro.stem}"


def test_a_line_cut_short_by_a_killed_process_is_passed_over(home: Settings) -> None:
    events.note(home.landing, "fca_societies", "watcher", "v1")
    log = home.landing / "events.jsonl"
    log.write_text(log.read_text(encoding="utf-8") + '{"at": "2026', encoding="utf-8")
    assert [one.source for one in events.read(home.landing)] == ["fca_societies"]


def test_members_order_time_stamps_and_row_order_do_not_count(
    home: Settings, tmp_path: Path
) -> None:
    import zipfile

    from observatory.landing.accept import land_file
    from observatory.landing.store import Landing
    from observatory.sources.base import get as source

    register = source("charity_commission_other_names")
    rows = [
        {
            "date_of_extract": "2026-11-20T00:00:00",
            "organisation_number": number,
            "linked_charity_number": 0,
            "registered_charity_number": 9_900_000 + number,
            "charity_name_id": number,
            "charity_name_type": "Working name",
            "charity_name": f"Fictional Charity {number}",
        }
        for number in range(1, 5)
    ]
    versions = []
    for name, given, year in (("a", rows, 2001), ("b", rows[::-1], 2002)):
        path = tmp_path / f"{name}.zip"
        told = [row | {"date_of_extract": f"2026-11-{year - 1981}T00:00:00"} for row in given]
        with zipfile.ZipFile(path, "w") as archive:
            member = zipfile.ZipInfo(
                "publicextract.charity_other_names.json", (year, 1, 1, 0, 0, 0)
            )
            archive.writestr(member, json.dumps(told))
        landing = Landing(home.landing)
        land_file(register, path, landing, origin="command")
        intake = take_in(replace(register), home, offline=True)
        assert intake.problem == ""
        versions.append(intake.data_version)
    assert versions[0] == versions[1]
    assert len(events.read(home.landing)) == 1  # the second one ended there
