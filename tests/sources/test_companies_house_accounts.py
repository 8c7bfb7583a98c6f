"""Filed accounts: what is kept of a filing and of a day's archive, without names of people."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.sources import companies_house_accounts as source
from observatory.sources.base import Body, get
from observatory.watchlist import WatchList
from tests import archives
from tests.sources import accounts_files as made
from tests.sources.accounts_reading import ID, day, one
from tests.sources.reading import read, table


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
        archives.zipped(
            {name: b"x" * 5000, made.NAME: made.document(), made.PACKAGE: b"PK\x03\x04?"}
        )
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
            exempt: archives.zipped(
                {"a/own.xhtml": made.document(number="09999903"), "a/parent.xhtml": guarantor}
            ),
            made.PACKAGE: archives.zipped(
                {"CIC-09999901/cic34/r.xhtml": made.document(made.REPORT)}
            ),
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
        (made.DAILY, archives.zipped({"readme.txt": b"hello"})),
        ("accounts.html", made.document()),
        (made.DAILY, b"<html><title>Sorry</title></html>"),
    ],
)
def test_what_is_no_filing_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(BadInput):
        read(ID, data, tmp_path, name)
