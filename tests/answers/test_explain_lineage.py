"""What an explanation tells of parents, successors and rights, from tables written by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO

import duckdb
import pytest
from rich.console import Console

from observatory.answers.explain import explain
from observatory.answers.explanation import Explanation
from observatory.answers.render import render
from tests.answers.test_explain import RELEASE

LINEAGE = """
create table origins as select 'GB-MPR-1R' as org_id, 'Fictional Council' as public_parent,
    'citation' as public_parent_basis, 'https://example.org/parent' as public_parent_url,
    'unknown' as route, null::varchar as route_url, 'staff' as began_by,
    'https://example.org/began' as began_by_url, date '2014-05-01' as spun_out_on,
    'month' as spun_out_precision, date '2015-02-03' as first_contract_on,
    'Fictional Council' as first_contract_buyer, 'probable' as first_contract_match,
    null::varchar as first_contract_url;
create table successions (predecessor_id varchar, predecessor_name varchar,
    predecessor_kind varchar, successor_id varchar, successor_name varchar, kind varchar,
    happened_on date, precision varchar, basis varchar, confidence varchar,
    final_successor_ids varchar[], detail varchar, source varchar, snapshot_id varchar,
    locator varchar, url varchar, succession_key varchar);
insert into successions values
    ('XM-PUB-9999', 'Fictional Council', 'public body', 'GB-MPR-1R', 'x', 'spun out', '2014-01-01',
     'year', 'citation', 'exact', null, 'd', 'coops', 'coops-abc', 'record 1',
     'https://example.org/parent', 'k1'),
    ('GB-MPR-1R', 'x', 'organisation', 'XX-2', 'Fictional [Next] CIC', 'converted', null,
     'unknown', 'name and day', 'probable', ['XX-3'], 'd', 'coops', 'coops-abc', 'record 2', null,
     'k2'),
    ('XX-2', 'x', 'organisation', 'XX-3', 'Of another', 'merged', null, 'unknown', 'citation',
     'exact', ['XX-3'], 'd', 'coops', 'coops-abc', 'record 3', null, 'k3');
create table governance as select 'GB-MPR-1R' as org_id, 'employees' as holder_group,
    'share' as held_right, '75 to 100%' as extent, 'trust' as held_through,
    date '2016-04-06' as valid_from, date '2018-05-01' as valid_to, 'spans' as dates_are,
    'd' as detail, 'coops' as source, null::varchar as url, ['abcdef0123456789'] as evidence_ids,
    'k' as governance_key;
"""


@pytest.fixture
def release() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(RELEASE)
        yield con


def _printed(told: Explanation) -> str:
    console = Console(width=200, record=True, file=StringIO())
    console.print(render(told))
    return console.export_text()


def test_lineage_and_rights_are_told_with_their_records(
    release: duckdb.DuckDBPyConnection,
) -> None:
    release.execute(LINEAGE)
    told = explain(release, "GB-MPR-1R")
    assert [(one.side, one.other) for one in told.lineage.successions] == [
        ("before", "Fictional Council"),
        ("after", "Fictional [Next] CIC"),
    ]
    shown = _printed(told)
    for said in (
        "Public parent: Fictional Council (by citation), at https://example.org/parent",
        "Left it: 2014-05",
        "Route: unknown",
        "Begun by: staff",
        "Earliest contract held: 2015-02-03, Fictional Council, match probable",
        "Came from Fictional Council (XM-PUB-9999): spun out, 2014, by citation",
        "in: coops, coops-abc, record 1",
        "Followed by Fictional [Next] CIC (XX-2): converted, date not known",
        "by name and day, probable",
        "the chain ends with: XX-3",
        "employees: share, 75 to 100%, through a trust; from 2016-04-06 to 2018-05-01 [abcdef]",
    ):
        assert said in shown, said
    assert "Of another" not in shown
    as_dict = json.loads(json.dumps(told.as_dict()))
    assert as_dict["lineage"]["origin"]["began_by"] == "staff"


def test_a_release_without_lineage_says_nothing_of_it(release: duckdb.DuckDBPyConnection) -> None:
    shown = _printed(explain(release, "GB-MPR-1R"))
    assert "Where it came from" not in shown
    assert "Who holds rights" not in shown
