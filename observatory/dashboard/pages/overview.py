"""The overview: how many there are, since when, where, whether they last, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from observatory.dashboard import words
from observatory.dashboard.charts import bars, lines
from observatory.dashboard.figures import Plan
from observatory.dashboard.pages import news, places, sectors, survival
from observatory.dashboard.reader import Row
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

CLASSIFIED = {
    "classifications": ("org_id", "definition_id", "verdict", "basis", "has_ended"),
    "definitions": ("definition_id", "title", "kind", "is_headline"),
}
_RANGE = """
-- How many organisations meet each definition, from the sure ones to all that may?
-- Verdicts that rest on a citation and those inferred from records alone are never added up.
select
    regexp_replace(d.title, '^(Public service mutual|Qualifying organisation), ', '')
    || case c.basis when 'curated' then ', by citation' else ', from records alone' end as label,
    d.definition_id,
    c.basis,
    d.is_headline,
    count(*) filter (where c.verdict = 'mutual') as mutual,
    count(*) filter (where c.verdict = 'probable') as probable,
    count(*) filter (where c.verdict = 'possible') as possible,
    count(*) filter (where c.verdict in ('mutual', 'probable', 'possible') and c.has_ended)
        as of_these_ended,
    count(*) filter (where c.verdict = 'undetermined') as not_shown_to_meet,
    count(*) filter (where c.verdict = 'not_mutual') as does_not_meet
from definitions as d
inner join classifications as c on d.definition_id = c.definition_id
where d.kind <> 'other'
group by all
order by d.is_headline desc, d.definition_id, c.basis
"""
_RANGE_COLUMNS = {
    "label": "Definition and basis",
    "mutual": "Meet",
    "probable": "Probably meet",
    "possible": "May meet",
    "of_these_ended": "Of these, ended",
    "not_shown_to_meet": "Not shown to meet",
    "does_not_meet": "Do not meet",
}
_YEAR_COLUMNS = {
    "of_year": "Year",
    "entries": "Began",
    "exits": "Ended",
    "stock": "There at its end",
    "without_a_start": "Without a known start",
    "ended_without_a_date": "Ended without a known date",
}


def pages(site: Site) -> Iterator[Page]:
    """Yield the overview."""
    ranges = site.figure(_range_plan())
    headline = _headline(site, ranges.rows)
    yield Page(
        "index.html",
        "overview.html",
        "Overview",
        "How many public service mutuals there are in the UK, where they spread and whether they "
        "last, with the records behind every number.",
        {
            "lead": _lead(headline),
            "headline": headline,
            "tiles": _tiles(headline),
            "sources_read": _sources_read(site),
            "compared": site.reader.count("counts_compared") > 0,
            "range_figure": ranges,
            "stock_figure": site.figure(stock_plan(site)),
            "flow_figure": site.figure(flow_plan(site)),
            "sector_figure": site.figure(sectors.verdict_plan(site)),
            "region_figure": site.figure(places.region_plan(site)),
            "survival_figure": survival.main_figure(site),
            "change_figure": site.figure(news.verdicts_plan(site)),
            "month_figure": site.figure(news.month_plan()),
        },
    )


def _range_plan() -> Plan:
    return Plan(
        "definitions",
        "How many there are depends on the definition",
        "Organisations that meet, probably meet or may meet each definition. The number beside a "
        "bar is the range: from those that meet it to all three.",
        _RANGE,
        CLASSIFIED,
        _RANGE_COLUMNS,
        "The two policy definitions are yardsticks, applied to any year; the two statutory ones "
        "only where an organisation lived while they were in force. Ended organisations are "
        "counted in. A count from records alone leaves out the list of cited cases.",
        chart=bars.certainty,
    )


def _headline(site: Site, rows: list[Row]) -> Row:
    own = [row for row in rows if row["definition_id"] == site.headline]
    cited = next((row for row in own if row["basis"] == "curated"), None)
    alone = next((row for row in own if row["basis"] != "curated"), None)
    if cited is None:
        return {}
    low = cited["mutual"]
    high = low + cited["probable"] + cited["possible"]
    inferred = sum(alone[step] for step in ("mutual", "probable", "possible")) if alone else 0
    short = cited["label"].removesuffix(", by citation")
    return {**cited, "low": low, "high": high, "inferred": inferred, "short": short}


def _lead(headline: Row) -> str:
    if not headline:
        return "No organisation is shown to be a public service mutual in this release"
    low, more = headline["low"], headline["high"] - headline["low"]
    count = "1 organisation is" if low == 1 else f"{low} organisations are"
    kind = "a public service mutual" if low == 1 else "public service mutuals"
    also = f", and {more} more may be" if more else ""
    return f"{count} shown to be, or to have been, {kind}{also}"


def _tiles(headline: Row) -> list[dict[str, str]]:
    if not headline:
        return []
    low, high = headline["low"], headline["high"]
    shown = [
        (f"meet the headline definition ({headline['short']}), on cited sources", low),
        ("more probably meet it", headline["probable"]),
        ("more may meet it", headline["possible"]),
        (f"of these {high} have ended", headline["of_these_ended"]),
    ]
    if headline["inferred"]:
        shown.append(("others may meet it, on the records alone", headline["inferred"]))
    return [{"value": words.number(value), "words": text} for text, value in shown]


def _sources_read(site: Site) -> str:
    if not site.reader.has("sources", "snapshots"):
        return "several"
    return str(site.reader.one("select count(*) as n from sources where snapshots > 0")["n"])


def stock_plan(site: Site) -> Plan:
    """How many there were in each year, by recorded dates, under the headline definition."""
    return Plan(
        "stock",
        "Over time, by recorded dates",
        "Organisations that meet, probably meet or may meet the headline definition and that had "
        "begun and not ended by the end of the year.",
        site.query("mutuals-by-year"),
        _DATED,
        _YEAR_COLUMNS,
        "Only recorded dates count, so the line is too low. It ends with the last recorded date, "
        "and the newest years are provisional.",
        chart=lines.stock,
        notice=_left_out,
        parameters={"definition": site.headline},
        empty="No start or end is dated in this release.",
    )


def _left_out(rows: Sequence[Row]) -> str:
    """Those that are in no year for want of a date."""
    start, end = rows[-1]["without_a_start"] or 0, rows[-1]["ended_without_a_date"] or 0
    kinds = [(start, "without a known start"), (end, "that ended on a day that is not known")]
    told = " and ".join(f"{count} {words}" for count, words in kinds if count)
    return f"Not counted: {told}." if told else ""


def flow_plan(site: Site) -> Plan:
    """How many began and ended in each year."""
    return Plan(
        "flows",
        "Beginnings and ends, year by year",
        "The same organisations, in the year in which they began or ended as a mutual.",
        site.query("mutuals-by-year"),
        _DATED,
        _YEAR_COLUMNS,
        "An end is not a failure: services return in-house, merge or are handed on. An end "
        "without a known date is in no year.",
        chart=bars.flows,
        parameters={"definition": site.headline},
        empty="No start or end is dated in this release.",
    )


_DATED = {
    "classifications": ("definition_id", "verdict", "has_ended", "valid_from", "valid_to"),
}
