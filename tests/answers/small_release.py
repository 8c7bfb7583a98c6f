"""A small release and build written by hand, and gold folders; all is fictional."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

RELEASE = """
create table organisations (org_id varchar, name varchar, legal_form varchar, registered_on date,
    ended_on date, register_url varchar);
insert into organisations values
    ('GB-MPR-99001R', 'Fictional Vale Libraries Limited', 'registered-society', '2012-02-01', null,
     'https://example.org/99001R'),
    ('GB-COH-99000001', '=Fictional Vale Care CIC', 'cic', '2011-01-01', null, null),
    ('GB-COH-99000002', 'Fictional Hill Care Limited', 'private-company', null, null, null),
    ('GB-COH-99000003', 'Fictional Moor Youth CIC', 'cic', '2013-01-01', '2016-05-01', null),
    ('XM-PSM-9001', 'Fictional Listed Only CIC', 'unknown', null, null, null);
create table identifiers as select * from (values
    ('GB-MPR-99001R', 'GB-MPR', '99001R', 'fca'), ('GB-MPR-99001R', 'GB-COH', 'IP99001R', 'links'),
    ('GB-COH-99000001', 'GB-COH', '99000001', 'basic'),
    ('GB-COH-99000002', 'GB-COH', '99000002', 'basic'),
    ('GB-COH-99000003', 'GB-COH', '99000003', 'basic')
) as t (org_id, scheme, identifier, source);
create table names as select * from (values
    ('GB-MPR-99001R', 'Fictional Vale Libraries Limited', 'fca'),
    ('GB-COH-99000001', 'Fictional Vale Care CIC', 'basic'),
    ('GB-COH-99000002', 'Fictional Hill Care Limited', 'basic'),
    ('GB-COH-99000003', 'Fictional Moor Youth CIC', 'basic'),
    ('XM-PSM-9001', 'Fictional Listed Only CIC', 'known_mutuals')
) as t (org_id, name, source);
create table evidence as select * from (values
    ('GB-COH-99000001', 'notices', 'strong', 'https://example.org/notice', 'staff', 'for'),
    ('GB-COH-99000001', 'known_mutuals', 'weak', 'https://example.org/cited', 'staff', 'for'),
    ('XM-PSM-9001', 'known_mutuals', 'strong', 'https://example.org/cited', 'staff', 'for')
) as t (org_id, source, strength, url, criterion_id, direction);
create table definition_criteria as select 'head' as definition_id, 'staff' as criterion_id,
    'required' as role;
create table awards as select null::varchar as org_id, null::varchar as source where false;
create table payments as select 'GB-COH-99000002' as org_id, 'payers' as source;
create table returns as from awards;
create table evidence_sources as select * from (values
    ('basic', 'company filings'), ('fca', 'FCA register'), ('links', 'FCA register'),
    ('notices', 'buyers'), ('known_mutuals', 'cited sources')
) as t (source, origin);
create table definitions as select * from (values
    ('head', 'The headline', 'policy', true), ('older', 'An older one', 'policy', false),
    ('act', 'An Act', 'statutory', false)
) as t (definition_id, title, kind, is_headline);
create table criteria as select 'staff' as criterion_id, 'Staff have influence' as title;
create table assessments as select org_id, 'head' as definition_id, 'staff' as criterion_id,
    'required' as role, 'unknown' as inferred_state from organisations;
create table classifications (org_id varchar, definition_id varchar, verdict varchar,
    inferred_verdict varchar, basis varchar, reason varchar, valid_from date, valid_to date);
insert into classifications values
    ('GB-MPR-99001R', 'head', 'mutual', 'undetermined', 'curated', 'Cited.', '2014-01-01', null),
    ('GB-COH-99000001', 'head', 'possible', 'possible', 'inferred', 'Shown.', '2011-01-01', null),
    ('GB-COH-99000002', 'head', 'probable', 'probable', 'inferred', 'Looks so.', null, null),
    ('GB-COH-99000003', 'head', 'possible', 'possible', 'inferred', 'Was.', '2013-01-01',
     '2016-05-01'),
    ('XM-PSM-9001', 'head', 'mutual', 'undetermined', 'curated', 'Cited.', '2011-01-01', null);
insert into classifications select * replace ('older' as definition_id) from classifications;
insert into classifications select * replace ('act' as definition_id, 'undetermined' as verdict)
    from classifications where definition_id = 'head';
"""

BUILD = """
create table ent_organisations as select 'GB-COH-99000077' as org_id,
    'Fictional Quiet Homes Limited' as name, 'private-company' as legal_form,
    null::date as registered_on, null::date as ended_on;
create table ent_identifiers as select 'GB-COH-99000077' as org_id, 'GB-COH' as scheme,
    '99000077' as identifier, 'basic' as source;
create table ent_record_organisations as select org_id, source from ent_identifiers;
create table ent_party_links (org_id varchar, source varchar);
create table ent_names as select 'GB-COH-99000077' as org_id,
    'Fictional Quiet Homes Limited' as name, 'fictional quiet homes limited' as name_normalised,
    'basic' as source;
create table ev_upheld (org_id varchar, source varchar);
"""

HEADER = (
    "name", "other_names", "gb_coh", "gb_mpr", "gb_chc", "legal_form", "sector", "spun_out",
    "status", "status_date", "note", "source_url",
)  # fmt: skip


def folder(
    path: Path,
    positives: Sequence[Mapping[str, str]],
    negatives: Sequence[Mapping[str, str]],
    *,
    extra: Sequence[str] = (),
    encoding: str = "utf-8",
) -> Path:
    """Write a gold folder in the corpus' layout; cells that are not given are empty."""
    path.mkdir(exist_ok=True)
    for name, rows, last in (
        ("positives.csv", positives, "label"),
        ("negatives.csv", negatives, "borderline"),
    ):
        with (path / name).open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, [*HEADER, last, *extra], restval="")
            writer.writeheader()
            defaults = {"source_url": "https://example.org/page"}
            if last == "label":
                defaults["label"] = "psm"
            writer.writerows({**defaults, **row} for row in rows)
    return path
