"""The rules that tell councils, NHS bodies, employee trustees and parents among controllers."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import duckdb
import pytest

from observatory.settings import PROJECT_ROOT

SEED = PROJECT_ROOT / "dbt_like_models" / "seeds" / "controller_rules.csv"
with SEED.open(encoding="utf-8", newline="") as file:
    RULES = list(csv.DictReader(file))
BY_CODE = {rule["controller_rule"]: rule for rule in RULES}


def matching(code: str, values: list[str]) -> list[str]:
    """The values that one rule recognises, with DuckDB's own regular expressions."""
    rule = BY_CODE[code]
    plain = (
        "trim(regexp_replace(regexp_replace(lower(v), '[''’]', '', 'g'), '[^a-z0-9]+', ' ', 'g'))"
    )
    with duckdb.connect() as con:
        rows = con.execute(
            f"select v from (select unnest(?::varchar[]) as v) where regexp_matches({plain}, ?) "
            f"and not (? <> '' and regexp_matches({plain}, ?))",
            [values, rule["matches"], rule["unless"], rule["unless"] or "^$"],
        ).fetchall()
    return [str(row[0]) for row in rows]


@pytest.mark.parametrize("code", BY_CODE)
def test_a_rule_recognises_its_example_and_leaves_its_counter_example_alone(code: str) -> None:
    rule = BY_CODE[code]
    assert matching(code, [rule["example"], rule["counter_example"]]) == [rule["example"]]


def test_real_trustee_companies_are_told_from_names_that_sound_alike() -> None:
    real = [
        "AIRFLOW COOLING EOT LIMITED",
        "BDB EOT TRUSTEE LIMITED",
        "LINEAR EMPLOYEE OWNERSHIP TRUST LIMITED",
        "CARING HANDS (CARE SERVICES) EOT LIMITED",
        "IM&M (EOT) LIMITED",
        "WICKER EMPLOYEE TRUSTEE LTD",
        "A.E.S ENGINEERING EMPLOYEE TRUST LIMITED",
    ]
    other = [
        "FICTIONAL GEOTECHNICS LIMITED",
        "ICEOTOPE FICTIONAL LIMITED",
        "FICTIONAL TRUSTEES LTD",
    ]
    assert matching("employee-ownership-trust", [*real, *other]) == real
    assert matching("employee-benefit-trust", [*real, "ECUS EBT TRUSTEE LIMITED"]) == [
        "ECUS EBT TRUSTEE LIMITED"
    ]


@pytest.mark.corpus
def test_names_of_councils_and_nhs_bodies_are_recognised_and_companies_are_not(
    corpus: Path,
) -> None:
    folder = corpus / "companies_house" / "names-2018-06"
    councils = _names(folder / "local-authority.txt.gz")
    assert len(matching("council", councils)) / len(councils) > 0.95
    with (corpus / "public_bodies" / "ods_etr_2026-01.csv").open(encoding="utf-8") as file:
        trusts = [row[1] for row in csv.reader(file)]
    assert len(matching("nhs-body", trusts)) / len(trusts) > 0.95
    companies = _names(folder / "community-interest-company.txt.gz")
    companies += _names(folder / "registered-society.txt.gz")
    for code, rule in BY_CODE.items():
        if rule["controller_kind"] == "public-body" and rule["looks_at"] == "name":
            assert matching(code, companies) == [], code


def _names(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [row[0] for row in csv.reader(file) if row]
