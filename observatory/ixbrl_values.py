"""What stands printed in a tagged document, as a number, a date or yes/no.

What belongs here: the transformation formats of Inline XBRL (registries 1 to 5) that British
accounts use, and printed forms without any format. What does not: contexts and tags
(``ixbrl.py``), and which fact is the right one (``ixbrl_filing.py``).

The rule in doubt is to refuse (ValueError with the reason): a figure that is missing and says
why does less harm than a wrong one. Formats are known by their local name without hyphens
(``num-dot-decimal`` of registry 4 is ``numdotdecimal`` of registry 2), since no registry gave a
name two meanings. Source: XBRL International, Transformation Rules Registries.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

DASHES: Final = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
# Companies have filed electronically since 2005; earlier periods occur in notes, later ones
# than this are slips.
YEARS: Final = range(1900, 2100)

_DECIMAL_COMMA: Final = frozenset({"numcommadecimal", "numcomma", "numdotcomma", "numspacecomma"})
_DECIMAL_POINT: Final = frozenset(
    {"", "numdotdecimal", "numcommadot", "numspacedot", "numdotdecimalin", "numwordsen"}
)
_ZERO: Final = frozenset({"zerodash", "numdash"})
_SPACES: Final = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff]+")
_PLAIN: Final = re.compile(r"\d+(?:\.\d+)?|\.\d+", re.ASCII)
_GROUPED: Final = re.compile(r"\d{1,3}(?:([,'\u2019 ])\d{3})(?:\1\d{3})*(?:\.\d+)?", re.ASCII)
_INDIAN: Final = re.compile(r"\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d+)?", re.ASCII)
_WORDS: Final = {
    **{"no": 0, "none": 0, "nil": 0, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4},
    **{"five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11},
    **{"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16},
    **{"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20},
}

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_MONTH_NUMBERS: Final = (
    {name: number for number, name in enumerate(_MONTHS, 1)}
    | {name[:3]: number for number, name in enumerate(_MONTHS, 1)}
    | {"sept": 9}
)
_ORDINAL: Final = re.compile(r"(\d)\s*(?:st|nd|rd|th)\b", re.IGNORECASE)
_DATE_TOKEN: Final = re.compile(r"[A-Za-z]+|\d+", re.ASCII)
_DATE_JOINTS: Final = re.compile(r"[A-Za-z0-9\s.,/\-\u2010-\u2015]*")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+Z?)?", re.ASCII)


def format_name(qualified: str | None) -> str:
    """Return a format's name as it is compared: ``ixt4:num-dot-decimal`` is
    ``numdotdecimal``, no format is the empty string."""
    return (qualified or "").rpartition(":")[2].replace("-", "").lower()


def number(text: str, format: str = "", *, scale: int = 0, negative: bool = False) -> Decimal:
    """Return the value of a tagged figure: what is printed, its scale and its sign applied.

    ``format`` is a name as ``format_name`` gives it, ``negative`` says that the tag carries
    ``sign="-"``. A dash is zero. Raises ValueError when the print is no number in that format,
    or when print and sign contradict each other: a minus beside ``sign="-"``, or brackets
    without it.
    """
    if format == "fixedzero":
        return Decimal(0)
    printed, minus, bracketed = _bare(text)
    if not printed and minus and not bracketed:
        return Decimal(0)
    if (minus and negative) or (bracketed and not negative):
        raise ValueError("print and sign contradict each other")
    value = _magnitude(printed, format)
    if value and (minus or negative):
        value = -value
    return value.scaleb(scale) if scale else value


def displayed(text: str, format: str = "") -> Decimal:
    """Return the figure as it is printed, without sign and scale. Raises ValueError."""
    printed, minus, _ = _bare(text)
    if (not printed and minus) or format == "fixedzero":
        return Decimal(0)
    return _magnitude(printed, format)


def _bare(text: str) -> tuple[str, bool, bool]:
    """Return the print without sign, currency and brackets, and whether it had a minus or
    brackets."""
    printed = _SPACES.sub(" ", text).strip()
    bracketed = printed.startswith("(") and printed.endswith(")")
    if bracketed:
        printed = printed[1:-1].strip()
    printed = printed.removeprefix("£").lstrip()
    minus = bool(printed) and printed[0] in DASHES
    if minus:
        only_dashes = all(one in DASHES for one in printed)
        printed = "" if only_dashes else printed[1:]
    return printed.strip().removeprefix("£").lstrip(), minus, bracketed


def _magnitude(printed: str, format: str) -> Decimal:
    if format == "numwordsen" and printed.lower() in _WORDS:
        return Decimal(_WORDS[printed.lower()])
    if printed.lower() == "nil":
        return Decimal(0)
    if format in _ZERO:
        raise ValueError(f"the format {format} promises a dash")
    if format in _DECIMAL_COMMA:
        printed = printed.translate(str.maketrans(",.", ".,"))
    elif format not in _DECIMAL_POINT:
        raise ValueError(f"the format {format} is not known for numbers")
    grouped = _INDIAN if format == "numdotdecimalin" else _GROUPED
    if not (_PLAIN.fullmatch(printed) or grouped.fullmatch(printed)):
        raise ValueError("is not a number" if printed else "is empty")
    return Decimal(re.sub(r"[,'\u2019 ]", "", printed))


def day(text: str, format: str = "") -> date:
    """Return a date from any form seen in filings: ISO, ``31 August 2024``, ``3rd April
    2025``, ``August 31, 2024``, ``30.6.25``, ``31/12/2022``.

    Numbers alone are read with the day first, as the British write them, unless the format
    says otherwise; two digits of a year belong to this century. Raises ValueError for anything
    else, an impossible day or a year outside 1900-2099.
    """
    printed = _SPACES.sub(" ", text).strip()
    if found := _ISO.fullmatch(printed):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    tokens = _DATE_TOKEN.findall(_ORDINAL.sub(r"\1", printed))
    if len(tokens) != 3 or not _DATE_JOINTS.fullmatch(printed):
        raise ValueError("is not a date")
    named = [token for token in tokens if token.isalpha()]
    if named:
        return _with_month_name(tokens, named)
    if format.startswith("dateyear") or len(tokens[0]) == 4:
        year, month, day_ = tokens
    elif format.startswith("datemonth") or format.endswith("us"):
        month, day_, year = tokens
    else:
        day_, month, year = tokens
    return _checked(_year(year), int(month), int(day_))


def _with_month_name(tokens: list[str], named: list[str]) -> date:
    month = _MONTH_NUMBERS.get(named[0].lower())
    place = tokens.index(named[0])
    if len(named) != 1 or month is None or place == 2:
        raise ValueError("is not a date")
    before, after = (token for token in tokens if token is not named[0])
    if len(before) == 4:
        before, after = after, before
    return _checked(_year(after), month, int(before))


def _year(token: str) -> int:
    if len(token) not in (2, 4):
        raise ValueError("has no year")
    return int(token) + (2000 if len(token) == 2 else 0)


def _checked(year: int, month: int, day_: int) -> date:
    if year not in YEARS:
        raise ValueError(f"has a year outside {YEARS.start}-{YEARS.stop - 1}")
    return date(year, month, day_)


def flag(text: str, format: str = "") -> bool:
    """Return yes or no; the formats ``booleantrue`` and ``fixed-true`` (and their opposites)
    decide whatever is printed. Raises ValueError."""
    if format in ("booleantrue", "fixedtrue"):
        return True
    if format in ("booleanfalse", "fixedfalse"):
        return False
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    word = text.strip().casefold()
    if word not in known:
        raise ValueError("is neither true nor false")
    return known[word]
