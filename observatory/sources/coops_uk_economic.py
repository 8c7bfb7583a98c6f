"""Co-operatives UK open data, economic: turnover, members and employees by economic year.

Two traps. A year without a return repeats the figures of the next most recent one, so the same
year end stands in several economic years: all are kept here, and staging keeps one a year end.
And some rows are totals of many co-operatives, under the id ``N/a``.
What does not belong here: choosing among the years (the models).
"""

from __future__ import annotations

from functools import partial

from observatory.lake import history
from observatory.landing.receipts import Scope
from observatory.sources import _coops_uk, _delimited
from observatory.sources._layout import Field, Layout
from observatory.sources._values import COUNT, DATE, FLAG, NUMBER, YEAR
from observatory.sources.base import Bounds, Source

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

SOURCE = Source(
    id="coops_uk_economic",
    title="Co-operatives UK open data: economic figures",
    publisher="Co-operatives UK",
    homepage=_coops_uk.PAGE,
    licence=_coops_uk.LICENCE,
    licence_url=_coops_uk.LICENCE_URL,
    attribution=_coops_uk.ATTRIBUTION,
    republish="rows",
    keeps="bytes",
    cadence="once or twice a year",
    freshness_days=400,
    limits=_coops_uk.LIMITS,
    default_scope=Scope("whole"),
    bounds=Bounds(20_000, 120_000),  # 32,292 rows in 2016, some 7,000 a year
    datasets=(LAYOUT.dataset,),
    reader_version=1,
    check=_delimited.check_by(LAYOUT),
    read=_delimited.read_by(LAYOUT),
    fetch=partial(_coops_uk.fetch_newest, "economic"),
    past=_coops_uk.past("economic"),
    watcher=_coops_uk.watcher("economic"),
    notes="figures of a year without a return are repeats; compare year ends, not economic years",
)
