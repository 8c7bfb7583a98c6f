"""Figures of a filing: the right one, or a named reason why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources import accounts_files as made
from tests.sources.accounts_reading import ID, one
from tests.sources.reading import read


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
