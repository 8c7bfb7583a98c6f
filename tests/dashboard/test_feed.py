"""The feed: valid by RFC 4287, its entries the same from release to release."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from lxml import etree

from observatory.dashboard.feed import FILE, feed
from observatory.dashboard.policy import SITE
from observatory.dashboard.reader import opened
from observatory.errors import PermanentError
from observatory.release import records
from observatory.settings import from_environment

# The rules of RFC 4287 section 4.1 and 4.2 for what this feed uses, as RELAX NG.
RULES = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="feed"><ref name="common"/><interleave>
    <oneOrMore><element name="author"><element name="name"><text/></element></element></oneOrMore>
    <ref name="id"/><ref name="title"/><ref name="updated"/>
    <zeroOrMore><ref name="link"/></zeroOrMore>
    <zeroOrMore><ref name="entry"/></zeroOrMore>
  </interleave></element></start>
  <define name="entry"><element name="entry"><interleave>
    <ref name="id"/><ref name="title"/><ref name="updated"/>
    <oneOrMore><ref name="link"/></oneOrMore>
    <zeroOrMore><element name="category"><attribute name="term"><text/></attribute>
      <optional><attribute name="scheme"><data type="anyURI"/></attribute></optional></element>
    </zeroOrMore>
    <element name="content"><attribute name="type"><value>text</value></attribute><text/></element>
  </interleave></element></define>
  <define name="common"><optional><attribute name="xml:lang"><text/></attribute></optional></define>
  <define name="id"><element name="id">
    <data type="anyURI"><param name="pattern">[a-z]+:.+</param></data></element></define>
  <define name="title"><element name="title"><text/></element></define>
  <define name="updated"><element name="updated"><data type="dateTime">
    <param name="pattern">.*(Z|[+-][0-9]{2}:[0-9]{2})</param></data></element></define>
  <define name="link"><element name="link"><attribute name="href"><data type="anyURI"/></attribute>
    <attribute name="rel"><text/></attribute><attribute name="type"><text/></attribute></element>
  </define>
</grammar>
"""
NS = {"a": "http://www.w3.org/2005/Atom"}
MADE = """
create table _observatory (key varchar, value varchar);
create table organisations (org_id varchar, name varchar, is_candidate boolean);
create table definitions (definition_id varchar, title varchar, kind varchar, is_headline boolean);
create table classifications (org_id varchar, definition_id varchar, verdict varchar);
create table ends (org_id varchar, end_of varchar, cause varchar, precision varchar, ended_to date);
create table changes (table_name varchar, key varchar, column_name varchar, kind varchar,
    org_id varchar, old_value varchar, new_value varchar, cause varchar, behind varchar[],
    is_withheld boolean);
insert into definitions values
    ('d-1', 'Fictional definition', 'policy', true), ('d-2', 'Another one', 'statutory', false),
    ('d-3', 'A kind that is confused with it', 'other', false);
insert into organisations values
    ('XX-1', 'Fictional <script>alert(1)</script> & Sons' || chr(27) || ' CIC', true),
    ('XX-2', 'Fictional Hill', false), ('XX-3', 'Fictional Dale', true);
insert into classifications values
    ('XX-1', 'd-1', 'mutual'), ('XX-2', 'd-1', 'not_mutual'), ('XX-3', 'd-1', 'probable');
"""


def made(
    releases: Path, version: str, previous: str, verdicts: list[tuple[str, ...]], more: str = ""
) -> Path:
    """A release of fictional organisations with these changed verdicts (organisation, definition,
    before, after), and its feed."""
    folder = releases / version
    (folder / SITE).mkdir(parents=True)
    with duckdb.connect(str(folder / "observatory.duckdb")) as con:
        con.execute(MADE)
        con.executemany(
            "insert into _observatory values (?, ?)",
            [
                ("version", version),
                ("previous_version", previous),
                ("built_at", f"2026-11-{version[9:11]}T02:30:00+00:00"),
            ],
        )
        for org_id, definition, before, after in verdicts:
            key = f'{{"org_id":"{org_id}","definition_id":"{definition}"}}'
            con.execute(
                "insert into changes values ('classifications', ?, 'verdict', 'changed', ?, "
                "nullif(?, ''), nullif(?, ''), 'source', ['register-2'], false)",
                [key, org_id, before, after],
            )
        con.execute(more or "select 1")
    with opened(folder) as reader:
        (folder / SITE / FILE).write_text(feed(reader), encoding="utf-8")
    return folder


def found(node: etree._Element, path: str) -> list[str]:
    """The texts or attributes at an XPath."""
    answer = node.xpath(path, namespaces=NS)
    assert isinstance(answer, list)
    return [str(one) for one in answer]


def read(folder: Path) -> etree._Element:
    """The feed of a release, after it was found valid."""
    root = etree.fromstring((folder / SITE / FILE).read_bytes())
    rules = etree.RelaxNG(etree.fromstring(RULES))
    assert rules.validate(root), rules.error_log
    ids = found(root, "//a:id/text()")
    assert len(ids) == len(set(ids))
    assert [one for one in found(root, "//a:link/@href") if ":" in one] == []
    return root


def titles(folder: Path) -> list[str]:
    return found(read(folder), "a:entry/a:title/text()")


ON = ("XX-1", "d-1", "undetermined", "mutual")
OFF = ("XX-2", "d-1", "possible", "not_mutual")


def test_a_verdict_that_matters_is_an_entry_and_stays_the_same_one(tmp_path: Path) -> None:
    first = made(tmp_path, "v2026.11.21.1", "", [])
    assert titles(first) == []
    second = made(
        tmp_path,
        "v2026.11.22.1",
        "v2026.11.21.1",
        [
            ON,
            ("XX-1", "d-2", "", "possible"),
            ("XX-1", "d-3", "possible", "mutual"),  # no mutual of public services
            ("XX-3", "d-1", "undetermined", "not_mutual"),  # on no list before or after
            OFF,
        ],
    )
    said = [
        "Fictional <script>alert(1)</script> & Sons CIC: not shown to meet → meets "
        "(Fictional definition)",
        "Fictional Hill: may meet → does not meet (Fictional definition)",
    ]
    assert titles(second) == said
    content = found(read(second), "a:entry[1]/a:content/text()")[0]
    assert "Another one: not listed → may meet." in content
    assert "Why: a source published something new (register-2)." in content
    assert found(read(second), "a:entry/a:link/@href") == [
        "organisations/XX-1.html", "organisations.html"
    ]  # fmt: skip

    third = made(
        tmp_path, "v2026.11.23.1", "v2026.11.22.1", [("XX-3", "d-1", "mutual", "probable")]
    )
    assert titles(third) == ["Fictional Dale: meets → probably meets (Fictional definition)", *said]
    ids, moments = (
        [found(read(one), f"a:entry/a:{name}/text()") for one in (second, third)]
        for name in ("id", "updated")
    )
    assert ids[1][1:] == ids[0]
    assert moments[1] == ["2026-11-23T02:30:00Z", *moments[0]]


def test_an_end_is_an_entry(tmp_path: Path) -> None:
    ends = """
        insert into ends values
            ('XX-1', 'legal end', 'left the register', 'month', '2026-10-31'),
            ('XX-2', 'legal end', 'left the register', 'day', '2026-10-31');
        insert into changes select 'ends', '{"org_id":"' || org_id || '","end_of":"legal end"}',
            '*', 'added', org_id, null, null, 'source', ['register-2'], false from ends
    """
    folder = made(tmp_path, "v2026.11.22.1", "", [], ends)
    assert [one.split(": ")[1] for one in titles(folder)] == ["legal end (left the register)"]
    content = found(read(folder), "a:entry/a:content/text()")[0]
    assert "Date: October 2026." in content


def test_what_was_withdrawn_or_removed_is_not_carried_on(tmp_path: Path) -> None:
    made(tmp_path, "v2026.11.21.1", "", [ON])
    made(tmp_path, "v2026.11.22.1", "v2026.11.21.1", [OFF])
    records.write(
        tmp_path / records.WITHDRAWN / "v2026.11.21.1.json", {"on": "2026-11-22", "reason": "test"}
    )
    third = made(tmp_path, "v2026.11.23.1", "v2026.11.22.1", [])
    assert [one.split(":")[0] for one in titles(third)] == ["Fictional Hill"]
    last = made(
        tmp_path, "v2026.11.24.1", "v2026.11.23.1", [],
        "delete from organisations where org_id = 'XX-2'",
    )  # fmt: skip
    assert titles(last) == []


def test_a_withheld_value_is_no_entry(tmp_path: Path) -> None:
    folder = made(tmp_path, "v2026.11.22.1", "", [OFF], "update changes set is_withheld = true")
    assert titles(folder) == []


def test_many_changes_are_counted_not_listed(tmp_path: Path) -> None:
    many = """
        insert into organisations select 'YY-' || i, 'Fictional ' || i, true from range(60) t(i);
        insert into changes select 'classifications',
            '{"org_id":"YY-' || i || '","definition_id":"d-1"}', 'verdict', 'changed', 'YY-' || i,
            'possible', 'probable', 'rule', ['seed signals 0123'], false from range(60) t(i)
    """
    said = titles(made(tmp_path, "v2026.11.22.1", "", [], many))
    assert len(said) == 51
    assert said[-1] == "v2026.11.22.1: 10 more"


def test_with_a_base_url_every_address_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_BASE_URL", "https://example.org/mutuals")
    folder = made(tmp_path, "v2026.11.22.1", "", [ON])
    with opened(folder) as reader:
        text = feed(reader, from_environment().base_url)
    assert set(re.findall(r'href="([^"]*)"', text)) == {
        "https://example.org/mutuals/feed.xml",
        "https://example.org/mutuals/index.html",
        "https://example.org/mutuals/organisations/XX-1.html",
    }
    assert "<id>https://example.org/mutuals/feed.xml</id>" in text


@pytest.mark.parametrize("wrong", ["example.org", "ftp://example.org/", "https://", "https://a/?b"])
def test_a_base_url_that_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(PermanentError, match="OBSERVATORY_BASE_URL"):
        from_environment({"OBSERVATORY_BASE_URL": wrong})


def test_every_page_of_the_site_names_the_feed(folder: Path) -> None:
    read(folder)
    for page in (folder / SITE).rglob("*.html"):
        if page.name == "404.html":  # shown at any depth: its links begin at the root
            continue
        up = "../" * (len(page.relative_to(folder / SITE).parts) - 1)
        assert f'type="application/atom+xml" title="Verdicts and ends" href="{up}{FILE}"' in (
            page.read_text(encoding="utf-8")
        ), page
