"""Words and numbers as pages show them: plain, the same everywhere, and never more than is held.

What belongs here: how a value reads. What does not: which value is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlsplit

UNKNOWN = "Not known"

# Verdicts as pages put them (design.md: "meets", "does not meet" or "not shown to meet").
VERDICTS = {
    "mutual": "Meets",
    "probable": "Probably meets",
    "possible": "May meet",
    "undetermined": "Not shown to meet",
    "not_mutual": "Does not meet",
}
# Of one that has ended: it met the definition until then.
PAST = {"mutual": "Met", "probable": "Probably met", "possible": "May have met"}
STATES = {"met": "Meets", "not met": "Does not meet", "unknown": "Not shown to meet"}
FORMS = {
    "cic": "Community interest company",
    "llp": "Limited liability partnership",
    "company": "Company",
    "co-operative-society": "Co-operative society",
    "cio": "Charitable incorporated organisation",
    "scio": "Scottish charitable incorporated organisation",
}
# Labels of the curated list as its readers would say them.
LABELS = {
    "psm": "public service mutual",
    "psm-probable": "probable public service mutual",
    "contested": "contested case",
}
# Fields of the curated list as its readers would say them.
_FIELDS = {"label": "cited as", "spun_out_on": "left the public sector"}
# Who gave an identifier, by its scheme of org-id.guide or of this project.
SCHEMES = {
    "GB-COH": "Companies House",
    "GB-MPR": "Mutuals Public Register",
    "GB-CHC": "Charity Commission",
    "GB-SC": "Scottish Charity Regulator",
    "GB-NIC": "Charity Commission for Northern Ireland",
    "GB-NHS": "NHS Organisation Data Service",
    "GB-CQC": "Care Quality Commission",
    "GB-PPON": "Public Procurement Organisation Number",
    "GB-COOP": "Co-operatives UK",
    "XM-PSM": "observatory’s own",
}
SECTOR_BASES = {
    "word of its name": "from a word of its name",
    "word of its public parent's name": "from the name of its public parent",
    "activity code": "from its activity code",
    "CPV of awards": "from the codes of its contracts",
    "Co-operatives UK sector": "from Co-operatives UK",
}
BASES = {"curated": "by citation", "inferred": "from records alone"}

_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_PRECISIONS = {"year": "%Y", "month": "%B %Y"}
# An interval ends on the day on which a record first showed what had happened.
_INTERVAL = "interval"


def number(value: object, decimals: int | None = None) -> str:
    """A number with commas; decimals only where they are asked for or needed."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if decimals is None:
        decimals = 0 if float(value).is_integer() or abs(value) >= 1000 else 2
    return f"{value:,.{decimals}f}".replace("-", "−")


def pounds(value: float | None) -> str:
    """Pounds, in millions from one million on; a dash where no source says."""
    if value is None:
        return "–"
    sign, size = ("−" if value < 0 else ""), abs(value)
    if size >= 1_000_000_000:
        return f"{sign}£{size / 1_000_000_000:.2f} billion"
    if size >= 1_000_000:
        return f"{sign}£{size / 1_000_000:.1f} million"
    return f"{sign}£{size:,.0f}"


def day(value: date | datetime | None, precision: str | None = None) -> str:
    """A date in words, no more exact than it is known: 24 February 2025, February 2025, 2025."""
    if value is None:
        return UNKNOWN
    pattern = _PRECISIONS.get(precision or "")
    if pattern:
        return value.strftime(pattern)
    return f"{'by ' if precision == _INTERVAL else ''}{value.day} {value:%B %Y}"


def words(code: str | None) -> str:
    """A code as words: ``community-benefit-society`` → Community benefit society."""
    if not code:
        return "Not known"
    known = VERDICTS.get(code) or FORMS.get(code) or (UNKNOWN if code == "unknown" else "")
    # What has spaces is in words already: "taken in-house" keeps its hyphen.
    text = code if " " in code else re.sub(r"[-_]+", " ", code)
    return known or text[:1].upper() + text[1:]


def verdict(code: str | None, has_ended: object = False) -> str:
    """A verdict as words, in the past where the record of the organisation has an end."""
    return (PAST.get(code or "") if has_ended else None) or words(code)


def dated(text: date | str | None) -> str:
    """``text`` with its dates in words: 2017-06-01 -> 1 June 2017, and a lone 2016-09 ->
    September 2016. What is no date stays."""
    told = str(text or "")
    try:
        if _MONTH.fullmatch(told):
            return day(date.fromisoformat(f"{told}-01"), "month")
        return _DATE.sub(lambda one: day(date.fromisoformat(one[0])), told)
    except ValueError:
        return told


def happened(text: str | None) -> str:
    """What a source says of an event, its dates in words. The day of a return that is due stands
    before it already."""
    return dated(re.sub(r"^annual return due \d{4}-\d{2}-\d{2}: ", "", text or ""))


def cell(value: Any) -> str:  # noqa: ANN401 - whatever a query may answer
    """Any value as the text of a table's cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, date | datetime):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if value == "unknown":
        return UNKNOWN
    return "–" if value is None or value == "" else str(value)


def seen(value: str | None) -> str:
    """What was seen in a record, its field as words: ``public_parent: X`` -> public parent: X."""
    field, colon, told = (value or "").partition(": ")
    if not colon or not re.fullmatch(r"[a-z]+(?:_[a-z]+)*", field):
        return dated(value)
    said = LABELS.get(told, told) if field == "label" else dated(told)
    return f"{_FIELDS.get(field) or field.replace('_', ' ')}: {said}"


def without_sources(text: str | None) -> str:
    """What would change a verdict without the ids of the sources from which it could be read: the
    table ``classifications`` names them."""
    return re.sub(r" \(read from [^()]*\)", "", text or "")


def web_link(url: str | None) -> str:
    """``url`` where it is a plain web address, else an empty text: nothing else becomes a link."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""


def host(url: str | None) -> str:
    """The host of a web address without ``www.``, to name a link by."""
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


def slug(text: str) -> str:
    """A file name for ``text``: letters, digits, dots and dashes. Two texts that would share one
    are told apart by whoever lists them (``pages/places.py``)."""
    plain = re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")
    return plain[:80] or "unnamed"


def organisation_file(org_id: str) -> str:
    """The file name of an organisation's page. An org-id is kept as it is; a character that is
    no part of one is escaped, so two ids never share a page."""
    return quote(org_id, safe="").replace("~", "%7E").replace("%", "~") + ".html"


def plural(count: int, one: str, many: str = "") -> str:
    """``1 record``, ``2,000 records``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


FILTERS: dict[str, Callable[..., str]] = {
    "number": number,
    "pounds": pounds,
    "day": day,
    "words": words,
    "verdict": verdict,
    "dated": dated,
    "happened": happened,
    "seen": seen,
    "without_sources": without_sources,
    "cell": cell,
    "web_link": web_link,
    "host": host,
    "slug": slug,
    "organisation_file": organisation_file,
    "plural": plural,
}
