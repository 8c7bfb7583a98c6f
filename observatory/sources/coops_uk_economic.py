"""Co-operatives UK open data, economic: turnover, members and employees by economic year.

Two traps. A year without a return repeats the figures of the next most recent one, so the same
year end stands in several economic years: all are kept here, and staging keeps one a year end.
And some rows are totals of many co-operatives, under the id ``N/a``.
What does not belong here: choosing among the years (the models).
"""

from __future__ import annotations

from observatory.lake import history
from observatory.sources import _coops_uk
from observatory.sources._layout import Field, Layout
from observatory.sources._values import COUNT, DATE, FLAG, NUMBER, YEAR
from observatory.sources.base import Bounds

LAYOUT = Layout(
    "coops_uk_economic",
    (
        Field(
            "cuk_organisation_id",
            "the publisher's key; null for totals of many co-operatives",
            ("CUK Organisation ID",),
            nulls=frozenset({"N/a", "N/A"}),
        ),
        Field("registered_name", "registered name", ("Registered Name",), needed=True),
        Field("turnover", "turnover of the year, GBP", ("Turnover",), NUMBER),
        Field("profit_before_tax", "profit before tax, GBP", ("Profit before tax",), NUMBER),
        Field("member_funds", "members' funds, GBP", ("Member/Shareholder Funds",), NUMBER),
        Field("memberships", "memberships at the year end", ("Memberships",), COUNT),
        Field("employees", "employees (headcount)", ("Employees",), COUNT),
        Field("is_most_recent", "whether it is the latest return", ("Is Most Recent?",), FLAG),
        Field("year_end_on", "end of the year that the figures are of", ("Year End Date",), DATE),
        Field(
            "economic_year",
            "the publisher's economic year (February to January) in which they are counted",
            ("Economic Year",),
            YEAR,
        ),
    ),
    remedy=f"download the economic file from {_coops_uk.PAGE} again; if its columns have "
    "really changed, observatory/sources/coops_uk_economic.py must learn them",
    ignored=frozenset({"GVA"}),  # gross value added, in the file since 2019: not used,
    history=history(
        "nullif(cuk_organisation_id, 'N/a') || '|' || year_end_on",
        "registered_name turnover profit_before_tax member_funds memberships employees",
    ),
)

SOURCE = _coops_uk.source(
    "economic",
    "economic figures",
    LAYOUT,
    Bounds(20_000, 120_000),  # 32,292 rows in 2016, some 7,000 a year
    "figures of a year without a return are repeats; compare year ends, not economic years",
)
