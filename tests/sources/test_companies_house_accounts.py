"""Filed accounts: the right figure or a named reason, for watched companies, without names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from observatory.errors import BadInput
from observatory.intake import take_in
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.receipts import Scope
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources import _accounts_fetch
from observatory.sources import companies_house_accounts as source
from observatory.sources.base import Body, get
from observatory.watchlist import WatchList
from tests.loopback import Answer, Loopback
from tests.sources import accounts_files as made
from tests.sources.reading import Result, failure, read, refresh, table
from tests.sources.watching import watch

ID = "companies_house_accounts"
PAGE_PATH = "/en_accountsdata.html"


def one(data: bytes, folder: Path, name: str = made.NAME) -> dict[str, Any]:
    """The row of a loose filing."""
    (row,) = read(ID, data, folder, name).rows
    return row


def day(folder: Path, **members: bytes) -> Result:
    """A daily archive of these members beside a good filing, as read."""
    return read(ID, made.zipped({made.NAME: made.document(), **members}), folder, made.DAILY)


def test_a_filing_gives_figures_of_its_own_period_with_their_contexts(tmp_path: Path) -> None:
    row = one(made.document(), tmp_path)
    assert (row["company_number"], row["company_name"]) == (
        made.NUMBER,
        "Fictional Community Care CIC",
    )
    assert (row["period_start_on"], row["period_end_on"], row["made_up_to"]) == (
        date(2025, 4, 1),
        date(2026, 3, 31),
        date(2026, 3, 31),
    )
    assert (row["employees"], row["employees_context"]) == (321, "year")
    assert (row["turnover"], row["turnover_tag"]) == (12_345_678, "TurnoverRevenue")
    assert (row["net_assets"], row["net_assets_context"]) == (-1_234_000, "end")
    assert (row["profit"], row["profit_missing"]) == (0, None)
    assert (row["staff_costs"], row["staff_costs_missing"]) == (None, "not-tagged")
    assert (row["currency"], row["is_dormant"], row["document_form"]) == ("GBP", False, "ixbrl")
    assert row["legal_form"] == "CompanyLimitedByGuarantee"
    assert (row["has_group_figures"], row["has_cic_report"]) == (True, False)


def test_what_is_said_is_kept_as_rules_and_names_of_organisations(tmp_path: Path) -> None:
    row = one(made.document(), tmp_path)
    assert row["parent_name"] == "Fictional Borough Council"
    assert (row["controlling_party_name"], row["controlling_party_missing"]) == (
        None,
        "no-organisation-named",
    )
    assert row["principal_activities"].startswith("The provision of community health services")
    assert [(hit["rule_id"], hit["terms"]) for hit in row["wording"]] == [
        ("pension-lgps", ["local government pension scheme", "lgps"]),
        ("pension-nhs", ["nhs pension scheme", "nhs pension"]),
        ("tupe", ["tupe"]),
    ]


def test_a_cic_package_gives_one_row_with_its_report(tmp_path: Path) -> None:
    result = day(tmp_path, **{made.PACKAGE: made.package()})
    row = result.rows[1]
    assert row["locator"] == (f"{made.PACKAGE}!CIC-{made.NUMBER}/accounts/financialStatement.xhtml")
    assert (row["package"], row["employees"], row["has_cic_report"]) == ("CIC", 321, True)
    assert row["consultation_held"] is True
    assert [hit["rule_id"] for hit in row["stakeholder_wording"]] == [
        "staff",
        "co-owners",
        "members",
    ]


def test_no_canary_reaches_lake_or_issues(tmp_path: Path) -> None:
    broken = made.document().replace(b"</html>", b"Jane Canary")
    officer = made.document(
        made.TEXTS.replace("Fictional Borough Council", "Jane Canary and Canary Holdings Limited"),
        number="09999902",
    )
    result = day(
        tmp_path,
        **{
            made.PACKAGE: made.package(),
            made.NAME.replace("01_", "02_"): officer,
            made.NAME.replace("01_", "03_"): broken,
        },
    )
    assert len(result.rows) == 3
    assert result.rows[2]["parent_missing"] == "may-name-a-person"
    said = f"{result.rows}{result.issues}"
    for path in result.snapshot.folder.iterdir():
        said += path.read_bytes().decode("latin-1")
    assert not [canary for canary in made.CANARIES if canary in said]


@pytest.mark.parametrize(
    ("body", "value", "missing", "kind"),
    [
        (made.employees('scale="-2"', "317"), 317, None, "figure-as-printed"),
        (made.employees('sign="-"', "12"), 12, None, "figure-as-printed"),
        (made.employees('scale="3"', "12"), None, "unclear-scale", None),
        (made.employees("", "12.5"), 12.5, None, None),
        (made.employees('format="t:fixed-zero"', "none"), 0, None, None),
        (made.employees("", "about ten"), None, "unreadable-number", None),
        (made.employees("", "12", "before"), None, "only-other-periods", None),
        (made.employees("", "12", "group"), None, "only-with-dimension", None),
        (made.employees("", "12", "nowhere"), None, "unknown-context", None),
        (made.employees("", "12") + made.employees("", "13"), None, "conflicting-values", None),
        (made.employees("", "12") + made.employees("", "12.0"), 12, None, None),
        (made.employees("", "12", "end"), 12, None, None),
        (
            made.employees(
                'xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', ""
            ),
            None,
            "nil",
            None,
        ),
        (
            made.employees('xmlns:c="https://example.org/other-taxonomy"', "12"),
            None,
            "not-tagged",
            None,
        ),
    ],
)
def test_employees_are_right_or_say_why_not(
    tmp_path: Path, body: str, value: float | None, missing: str | None, kind: str | None
) -> None:
    result = read(ID, made.document(body), tmp_path, made.NAME)
    (row,) = result.rows
    assert (row["employees"], row["employees_missing"]) == (value, missing)
    assert [one for one in result.kinds() if one != "no-watch-list"] == ([kind] if kind else [])


def test_rounded_figures_agree_and_the_exact_one_is_taken(tmp_path: Path) -> None:
    body = made.amount("TurnoverRevenue", "8,478,308") + made.amount(
        "TurnoverRevenue", "8,478", attributes='decimals="-3" scale="3"'
    )
    assert one(made.document(body), tmp_path)["turnover"] == 8_478_308


def test_equity_stands_for_net_assets_and_says_so(tmp_path: Path) -> None:
    body = made.amount("Equity", "100", context="end") + made.amount("Equity", "9", context="start")
    row = one(made.document(body), tmp_path)
    assert (row["net_assets"], row["net_assets_tag"]) == (100, "Equity")


def test_amounts_in_another_currency_name_it(tmp_path: Path) -> None:
    body = made.amount("TurnoverRevenue", "5").replace('unitRef="GBP"', 'unitRef="EUR"')
    row = one(made.document(body), tmp_path)
    assert (row["turnover"], row["currency"]) == (5, "EUR")


def test_the_prefix_is_the_vendors_and_continued_texts_are_joined(tmp_path: Path) -> None:
    body = made.employees("", "12").replace("c:Average", "ns5:Average") + (
        '<ix:nonNumeric name="b:DescriptionPrincipalActivities" contextRef="year" '
        'continuedAt="more">Running <ix:exclude>page 3</ix:exclude>leisure</ix:nonNumeric>'
        '<ix:continuation id="more" continuedAt="more">centres</ix:continuation>'
    )
    data = made.document(body).replace(b"<html ", f'<html xmlns:ns5="{made.CORE}" '.encode())
    row = one(data, tmp_path)
    assert row["employees"] == 12
    assert row["principal_activities"] == "Running leisure centres"


UNREADABLE = {
    "attachment-placeholder": b"ATTACHMENTPLACEHOLDER127319911",
    "not-well-formed": b"<*\x00\x01\x02" * 100,
    "empty-document": b"  ",
    "no-facts": b"<html><body>Page not found</body></html>",
    "another-company": made.document(number="09999977"),
    "declares-entities": made.document(
        prolog='<!DOCTYPE html [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    ),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_member_that_cannot_be_read_is_quarantined_by_name(tmp_path: Path, kind: str) -> None:
    name = made.NAME.replace("01_", "02_")
    result = day(tmp_path, **{name: UNREADABLE[kind]})
    assert len(result.rows) == 1
    issue = result.issue(kind)
    assert (issue["locator"], issue["severity"]) == (name, "quarantined")
    assert result.snapshot.quarantined == 1


def test_a_damaged_member_does_not_keep_the_others_out(tmp_path: Path) -> None:
    name = made.NAME.replace("01_", "02_")
    data = bytearray(
        made.zipped({name: b"x" * 5000, made.NAME: made.document(), made.PACKAGE: b"PK\x03\x04?"})
    )
    data[30 + len(name) + 2] ^= 0xFF
    result = read(ID, bytes(data), tmp_path, made.DAILY)
    assert [row["member"] for row in result.rows] == [made.NAME]
    assert result.issue("corrupt-member")["locator"] == name
    assert result.issue("corrupt-package")["locator"] == made.PACKAGE


def test_odd_names_and_packages_are_read_and_reported(tmp_path: Path) -> None:
    plain = made.NAME.replace("01_", "02_").replace(".html", ".zip")
    exempt = made.NAME.replace("01_", "03_").replace(".html", "_AUDIT_EXEMPT.zip")
    guarantor = made.document(made.employees("", "9"), number="09999988")
    result = day(
        tmp_path,
        **{
            plain: made.document(number="09999902"),
            exempt: made.zipped(
                {"a/own.xhtml": made.document(number="09999903"), "a/parent.xhtml": guarantor}
            ),
            made.PACKAGE: made.zipped({"CIC-09999901/cic34/r.xhtml": made.document(made.REPORT)}),
            "__MACOSX/._" + made.NAME: b"\0\5\26\7",
            "readme.txt": b"hello",
        },
    )
    assert [row["company_number"] for row in result.rows] == ["09999901", "09999902", "09999903"]
    assert [row["employees"] for row in result.rows] == [321, 321, 321]
    assert sorted(result.kinds()) == [
        "another-company",
        "document-named-zip",
        "no-watch-list",
        "package-without-accounts",
        "unknown-member",
    ]
    assert result.issue("unknown-member")["occurrences"] == 1


def test_a_name_for_a_number_a_target_and_another_date_are_reported(tmp_path: Path) -> None:
    data = made.document(entity="FICTIONAL COMMUNITY CARE CIC").replace(
        b'<ix:nonFraction name="c:TurnoverRevenue"',
        b'<ix:nonFraction target="UKFRS" name="c:TurnoverRevenue"',
    )
    result = read(ID, data, tmp_path, made.NAME.replace("20260331", "20260430"))
    assert sorted(result.kinds()) == [
        "entity-not-a-number",
        "no-watch-list",
        "period-differs-from-name",
        "target-document",
    ]
    (row,) = result.rows
    assert (row["period_end_on"], row["made_up_to"]) == (date(2026, 3, 31), date(2026, 4, 30))
    assert (row["turnover"], row["employees"]) == (12_345_678, 321)


def test_without_dates_of_its_own_the_published_name_dates_it(tmp_path: Path) -> None:
    row = one(made.document(made.employees("", "12"), dates=""), tmp_path)
    assert (row["period_end_on"], row["period_start_on"]) == (date(2026, 3, 31), date(2025, 4, 1))
    assert row["employees"] == 12


def test_only_watched_companies_are_opened(tmp_path: Path) -> None:
    other = made.NAME.replace("01_", "02_")
    given = tmp_path / made.DAILY
    given.write_bytes(made.archive(**{other: b"ATTACHMENTPLACEHOLDER1"}))
    landing, lake = Landing(tmp_path / "landing"), Lake(tmp_path / "lake")
    land_file(get(ID), given, landing, origin="command")
    (snapshot,) = landing.snapshots(ID)
    bodies = [Body(landing.body(receipt), receipt) for receipt in snapshot.receipts]
    watched = WatchList("v1", frozenset({made.NUMBER}))
    found = lake.ingest(get(ID), snapshot, bodies, watched)
    assert (found.rows, found.quarantined) == (2, 0)
    assert table(found.folder / "issues.parquet") == []


def test_a_large_archive_is_not_read_before_somebody_is_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "SMALL", 2)
    result = read(ID, made.archive(), tmp_path, made.DAILY)
    assert result.rows == []
    assert result.issue("no-watch-list")["occurrences"] == 2


@pytest.mark.parametrize(
    ("name", "published"),
    [
        (made.DAILY, date(2026, 11, 20)),
        ("Accounts_Monthly_Data-January2026.zip", date(2026, 1, 31)),
        ("Accounts_Monthly_Data-JanToDec2008.zip", date(2008, 12, 31)),
        ("Accounts_Monthly_Data-JanuaryToDecember2010.zip", date(2010, 12, 31)),
        ("Accounts_Monthly_Data-Foo2010.zip", None),
        ("somewhere.zip", None),
    ],
)
def test_the_archives_name_dates_it(tmp_path: Path, name: str, published: date | None) -> None:
    path = tmp_path / name
    path.write_bytes(made.archive())
    assert get(ID).check(path, name).published_on == published


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (made.DAILY, made.zipped({"readme.txt": b"hello"})),
        ("accounts.html", made.document()),
        (made.DAILY, b"<html><title>Sorry</title></html>"),
    ],
)
def test_what_is_no_filing_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(BadInput):
        read(ID, data, tmp_path, name)


def page(*names: str) -> str:
    links = "".join(f'<li><a href="{name}">{name} (61Mb)</a></li>' for name in names)
    return f"<html><body><ul>{links}</ul><a href='en_monthlyaccountsdata.html'>m</a></body></html>"


def serve(publisher: Loopback, **archives: bytes) -> None:
    names = [f"Accounts_Bulk_Data-{day.replace('_', '-')[1:]}.zip" for day in archives]
    publisher.route(PAGE_PATH, page(*names))
    for name, data in zip(names, archives.values(), strict=True):
        publisher.route(f"/{name}", data, headers={"ETag": f'"{len(data)}"'})


def test_days_land_once_newest_first_and_a_change_once(home: Settings, loopback: Loopback) -> None:
    older = made.zipped({made.NAME: made.document()})
    serve(loopback, d2026_11_19=older, d2026_11_20=made.archive())
    first = refresh(ID, home, loopback)
    assert first.problem == ""
    assert [one.receipt.published_on.day for one in first.new] == [20, 19]
    assert {one.receipt.scope for one in first.new} == {Scope("increment")}
    assert [one.rows for one in first.read] == [1, 2]
    second = refresh(ID, home, loopback)
    assert (second.new, second.changed, second.problem) == ([], False, "")
    assert len(loopback.asked("/Accounts_Bulk_Data-2026-11-19.zip")) == 1
    replaced = made.archive(**{"a.txt": b"put in again by the publisher"})
    serve(loopback, d2026_11_19=older, d2026_11_20=replaced)
    third = refresh(ID, home, loopback)
    assert [one.receipt.published_on.day for one in third.new] == [20]
    assert refresh(ID, home, loopback).new == []


def test_a_run_takes_at_most_some_days(
    home: Settings, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_accounts_fetch, "MOST_A_RUN", 1)
    serve(
        loopback,
        d2026_11_19=made.archive(**{"a.txt": b"1"}),
        d2026_11_20=made.archive(**{"a.txt": b"2"}),
    )
    assert [one.receipt.published_on.day for one in refresh(ID, home, loopback).new] == [20]
    assert [one.receipt.published_on.day for one in refresh(ID, home, loopback).new] == [19]


def test_a_refresh_reads_whom_the_last_release_watches(home: Settings, loopback: Loopback) -> None:
    watch(home.releases, companies=["09999902"])
    other = made.document(number="09999902")
    serve(loopback, d2026_11_20=made.archive(**{made.NAME.replace("01_", "02_"): other}))
    done = refresh(ID, home, loopback)
    assert [one.rows for one in done.read] == [1]


OTHER = "09999902"


def two_companies() -> bytes:
    second = made.NAME.replace(made.NUMBER, OTHER)
    return made.zipped({made.NAME: made.document(), second: made.document(number=OTHER)})


def kept(home: Settings) -> set[str]:
    [snapshot] = Lake(home.lake).snapshots(ID, get(ID).reader_version)
    with duckdb.connect() as con:
        file = snapshot.parquet(get(ID).datasets[0].name)
        rows = con.execute("select company_number from read_parquet(?)", [str(file)]).fetchall()
    return {number for (number,) in rows}


def test_what_landed_is_read_again_for_whom_is_watched_since(home: Settings) -> None:
    (home.inbox / ID).mkdir(parents=True)
    (home.inbox / ID / made.DAILY).write_bytes(two_companies())
    watch(home.releases, companies=[made.NUMBER])
    take_in(get(ID), home, offline=True)
    assert kept(home) == {made.NUMBER}
    watch(home.releases, companies=[made.NUMBER, OTHER])
    again = take_in(get(ID), home, offline=True)
    assert kept(home) == {made.NUMBER, OTHER}
    assert again.changed
    # who is no longer watched keeps its records, and somebody whom no archive names costs nothing
    watch(home.releases, companies=[OTHER, "09999903"])
    last = take_in(get(ID), home, offline=True)
    assert kept(home) == {made.NUMBER, OTHER}
    assert (last.read, last.changed) == ([], False)


def test_an_archive_that_was_read_for_everybody_is_not_read_again(home: Settings) -> None:
    (home.inbox / ID).mkdir(parents=True)
    (home.inbox / ID / made.DAILY).write_bytes(two_companies())
    take_in(get(ID), home, offline=True)
    watch(home.releases, companies=[OTHER])
    assert take_in(get(ID), home, offline=True).read == []
    assert kept(home) == {made.NUMBER, OTHER}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=403),
        Answer(status=429, headers={"Retry-After": "9999"}),
        Answer(status=503, headers={"Retry-After": "9999"}),
        Answer(made.archive(), cut=200),
        Answer(b"<html><title>Maintenance</title></html>", content_type="text/html"),
    ],
)
def test_faults_of_the_publisher_land_nothing(
    home: Settings, loopback: Loopback, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observatory.landing.http.ATTEMPTS", 1)
    serve(loopback, d2026_11_20=made.archive())
    loopback.sequence("/Accounts_Bulk_Data-2026-11-20.zip", [answer])
    done = refresh(ID, home, loopback)
    assert done.new == []
    assert failure(done).remedy
    assert Landing(home.landing).receipts(ID) == []


def test_a_page_without_archives_is_named(home: Settings, loopback: Loopback) -> None:
    loopback.route(PAGE_PATH, page("en_monthlyaccountsdata.html"))
    assert "Accounts_Bulk_Data" in str(failure(refresh(ID, home, loopback)))


def test_offline_reads_the_inbox(home: Settings) -> None:
    folder = home.inbox / ID
    folder.mkdir(parents=True)
    (folder / made.DAILY).write_bytes(made.archive())
    done = take_in(replace(get(ID)), home, offline=True)
    assert ([one.new for one in done.landed], [one.rows for one in done.read]) == ([True], [2])
