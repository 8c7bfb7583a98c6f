"""Every published fact names the sources it draws on: the release gate compares their terms."""

from __future__ import annotations

import csv
import dataclasses

import pytest

from observatory import build
from observatory.errors import PermanentError
from observatory.models.project import Project
from observatory.release.contracts import published_tables
from observatory.release.licences import refuse_breaches
from observatory.settings import from_environment
from observatory.sources.base import registry


@pytest.fixture(scope="module")
def project() -> Project:
    return build.load_project(from_environment({}))


def test_a_derived_fact_names_its_sources(project: Project) -> None:
    nameless = [
        f"{model.name}.{column.name}"
        for model in project.published()
        for column in model.contract.columns
        if column.licence == "derived facts" and not column.sources
    ]
    assert nameless == []


@pytest.mark.parametrize("table", ["evidence", "assessments", "classifications"])
def test_what_rests_on_evidence_names_every_source_of_a_signal(
    project: Project, table: str
) -> None:
    told = {one for column in project.model(table).contract.columns for one in column.sources}
    path = from_environment({}).models / "seeds" / "signals.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        read = {one for row in csv.DictReader(lines) for one in row["source"].split("|")}
    assert told == read


def test_governance_names_the_sources_of_the_readings_that_it_maps(project: Project) -> None:
    columns = project.model("governance").contract.columns
    told = {one for column in columns for one in column.sources}
    seeds = from_environment({}).models / "seeds"
    with (seeds / "governance_readings.csv").open(encoding="utf-8", newline="") as lines:
        mapped = {row["reading"] for row in csv.DictReader(lines)}
    with (seeds / "signals.csv").open(encoding="utf-8", newline="") as lines:
        read = {
            one
            for row in csv.DictReader(lines)
            if row["reads"] in mapped
            for one in row["source"].split("|")
        }
    assert told == read


@pytest.mark.parametrize("table", ["evidence", "classifications", "data_issues"])
def test_rows_of_the_register_of_societies_would_be_refused(project: Project, table: str) -> None:
    terms = {name: {"republish": one.republish} for name, one in registry().items()}
    declared = next(one for one in published_tables(project) if one.name == table)
    refuse_breaches([declared], terms)
    columns = tuple(dataclasses.replace(one, licence="rows") for one in declared.columns)
    with pytest.raises(PermanentError, match="fca_societies"):
        refuse_breaches([dataclasses.replace(declared, columns=columns)], terms)


def test_a_signal_reads_sources_that_there_are_and_keeps_to_their_terms() -> None:
    path = from_environment({}).models / "seeds" / "signals.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            terms = {registry()[one].republish for one in row["source"].split("|")}
            assert row["republish"] == "derived facts" or terms == {"rows"}, row["signal_id"]
