"""Which facts of a tagged document answer for its company and its period.

What belongs here: the choice of the period, of the context and of the tag, and the named reason
when there is no answer. What does not: parsing (``ixbrl.py``), printed forms
(``ixbrl_values.py``), texts (``ixbrl_words.py``).

Two traps. The same tag stands in a document for this year, for last year and for parts (a
reserve, a segment, the group): only a context without any dimension that ends on the balance
sheet date counts. And a filing may hold another company's document, such as the guarantor's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from observatory import ixbrl_values
from observatory.identifiers import normalise_company_number
from observatory.ixbrl import Fact, Report

# Where the tags of British accounts are defined: the FRC's taxonomies since 2014, UK GAAP and
# UK IFRS of 2009, the ones before, and IFRS in packages of listed groups.
TAXONOMIES: Final = re.compile(
    r"https?://(?:xbrl\.frc\.org\.uk|www\.xbrl\.org/uk|www\.companieshouse\.gov\.uk/ef/xbrl|"
    r"xbrl\.ifrs\.org/taxonomy|www\.govtalk\.gov\.uk|www\.hmrc\.gov\.uk)/\S*",
)
_LARGEST: Final = Decimal(2**53)  # beyond it a DOUBLE no longer holds every whole number
# A company's accounting period is at most 18 months (Companies Act 2006, s. 392).
_LONGEST: Final = timedelta(days=550)


@dataclass(frozen=True)
class Measure:
    """One question, and the tags that answer it, the better ones first."""

    name: str
    tags: tuple[str, ...]
    money: bool = True


MEASURES: Final = (
    Measure(
        "employees",
        ("AverageNumberEmployeesDuringPeriod", "AverageNumberOfEmployees", "EmployeesTotal"),
        money=False,
    ),
    Measure("turnover", ("TurnoverRevenue", "TurnoverGrossOperatingRevenue", "Revenue")),
    Measure(
        "net_assets",
        (
            "NetAssetsLiabilities",
            "NetAssetsLiabilitiesIncludingPensionAssetLiability",
            "Equity",
            "ShareholderFunds",
            "CharityFunds",
        ),
    ),
    Measure("profit", ("ProfitLoss", "ProfitLossForPeriod")),
    Measure("staff_costs", ("StaffCostsEmployeeBenefitsExpense", "StaffCosts")),
)
_START: Final = "StartDateForPeriodCoveredByReport"
_END: Final = "EndDateForPeriodCoveredByReport"
_BALANCE: Final = "BalanceSheetDate"
_NUMBERS: Final = ("UKCompaniesHouseRegisteredNumber", "CompaniesHouseRegisteredNumber")
TAGS: Final = frozenset(
    [tag for measure in MEASURES for tag in measure.tags] + [_START, _END, _BALANCE, *_NUMBERS]
)


class Figure(NamedTuple):
    """A figure with the tag and the context it came from, or why there is none; ``note`` says
    when the printed figure was taken in place of the tagged one."""

    value: float | None = None
    tag: str = ""
    context: str = ""
    missing: str = ""
    currency: str = ""
    note: str = ""


@dataclass(frozen=True)
class Period:
    """The period that a filing is about; ``agrees`` is False when the document dates its
    balance sheet otherwise than its published name."""

    start: date | None
    end: date | None
    agrees: bool = True


def numbers(report: Report) -> tuple[frozenset[str], bool]:
    """Return the company numbers that a document says it is about, and whether it has
    something else (a name) where a number belongs."""
    entities = {context.entity for context in report.contexts.values() if context.entity}
    stated = [fact.text for fact in report.facts if fact.name in _NUMBERS]
    found = {normalise_company_number(one) for one in [*entities, *stated]}
    odd = any(normalise_company_number(one) is None for one in entities)
    return frozenset(one for one in found if one), odd


def of_company(report: Report, company_number: str) -> tuple[Fact, ...]:
    """Return the facts of known taxonomies that are about this company: those of contexts
    whose entity is its number, or no number at all."""
    return tuple(
        fact
        for fact in report.facts
        if TAXONOMIES.fullmatch(fact.namespace)
        and (
            fact.context is None
            or normalise_company_number(fact.context.entity) in (None, company_number)
        )
    )


def period(report: Report, facts: Sequence[Fact], made_up_to: date | None) -> Period:
    """Return the period: its end is the date that most of balance sheet date, end of period
    and published name agree on (in doubt the first of them), among those on which an undivided
    context ends."""
    stated = [*_days(facts, _BALANCE), *_days(facts, _END)]
    candidates = [*dict.fromkeys(_days(facts, _BALANCE)), *dict.fromkeys(_days(facts, _END))]
    candidates += [made_up_to] if made_up_to else []
    ends = {one.end for one in report.contexts.values() if not one.dimensions}
    usable = [one for one in candidates if one in ends] or candidates
    if not usable:
        return Period(None, None)
    votes = Counter(usable)
    end = max(usable, key=lambda one: (votes[one], -usable.index(one)))
    agrees = made_up_to is None or not stated or end == made_up_to
    return Period(_start(report, facts, end), end, agrees)


def _days(facts: Iterable[Fact], name: str) -> list[date]:
    found: list[date] = []
    for fact in sorted(facts, key=lambda one: bool(one.context and one.context.dimensions)):
        if fact.name == name and fact.text:
            try:
                found.append(ixbrl_values.day(fact.text, fact.format))
            except ValueError:
                continue
    return found


def _start(report: Report, facts: Sequence[Fact], end: date) -> date | None:
    starts = {
        context.start
        for context in report.contexts.values()
        if context.start and context.end == end and not context.dimensions
        if timedelta() <= end - context.start <= _LONGEST
    }
    stated = [one for one in _days(facts, _START) if timedelta() <= end - one <= _LONGEST]
    for one in stated:
        if one in starts or not starts:
            return one
    return next(iter(starts)) if len(starts) == 1 else None


def figure(measure: Measure, facts: Sequence[Fact], about: Period) -> Figure:
    """Return the figure for one measure, from the best tag that has one for this period."""
    reasons: list[str] = []
    for tag in measure.tags:
        tagged = [fact for fact in facts if fact.name == tag]
        if not tagged:
            continue
        found = _in_period(tagged, about)
        if isinstance(found, str):
            reasons.append(found)
            continue
        return _agreed(measure, found)
    return Figure(missing=min(reasons, key=_REASONS.index) if reasons else "not-tagged")


# The nearer to an answer, the earlier: the reason given is that of the tag that came closest.
_REASONS: Final = (
    "conflicting-periods",
    "only-with-dimension",
    "only-other-periods",
    "no-period",
    "unknown-context",
)


def _in_period(tagged: Sequence[Fact], about: Period) -> list[Fact] | str:
    """Return the facts of one tag in undivided contexts of the period, or why there is none."""
    if about.end is None:
        return "no-period"
    known = [(fact, fact.context) for fact in tagged if fact.context is not None]
    if not known:
        return "unknown-context"
    ending = [(fact, context) for fact, context in known if context.end == about.end]
    undivided = [(fact, context) for fact, context in ending if not context.dimensions]
    if not undivided:
        return "only-with-dimension" if ending else "only-other-periods"
    starts = {context.start for _, context in undivided if context.start}
    if len(starts) > 1:
        if about.start not in starts:
            return "conflicting-periods"
        undivided = [(f, context) for f, context in undivided if context.start == about.start]
    elif starts and None in {context.start for _, context in undivided}:
        undivided = [(fact, context) for fact, context in undivided if context.start]
    return [fact for fact, _ in undivided]


def _agreed(measure: Measure, facts: Sequence[Fact]) -> Figure:
    """Return the one figure that all these facts state, the most exact one of rounded ones."""
    read: list[tuple[Decimal, Fact, str]] = []
    for fact in facts:
        if fact.nil:
            continue
        try:
            value, note = _value(measure, fact)
        except (ValueError, ArithmeticError) as error:
            unclear = str(error) if str(error) in _UNCLEAR else "unreadable-number"
            return Figure(tag=fact.name, context=fact.context_ref, missing=unclear)
        read.append((value, fact, note))
    if not read:
        return Figure(tag=facts[0].name, context=facts[0].context_ref, missing="nil")
    value, fact, note = max(read, key=lambda one: _exactness(one[1]))
    if not all(_same(value, other, one) for other, one, _ in read):
        return Figure(tag=fact.name, context=fact.context_ref, missing="conflicting-values")
    currencies = {one.unit for _, one, _ in read if measure.money and _is_currency(one.unit)}
    if len(currencies) > 1:
        return Figure(tag=fact.name, context=fact.context_ref, missing="conflicting-currencies")
    return Figure(
        float(value) + 0.0,
        fact.name,
        fact.context_ref,
        currency=next(iter(currencies), ""),
        note=note,
    )


_UNCLEAR: Final = ("unclear-scale", "too-large")


def _value(measure: Measure, fact: Fact) -> tuple[Decimal, str]:
    if measure.money:
        value = ixbrl_values.number(
            fact.text, fact.format, scale=fact.scale, negative=fact.negative
        )
        note = ""
    else:
        value, note = _count(fact)
    if abs(value) > _LARGEST:
        raise ValueError("too-large")
    return value, note


def _count(fact: Fact) -> tuple[Decimal, str]:
    """Read a number of people. Nobody prints it in hundredths or below zero: there the tag is
    wrong and the print right (real filings tag 3 employees with scale -2, which gives 0.03).
    In thousands either may be right, so that neither is taken."""
    printed = ixbrl_values.displayed(fact.text, fact.format)
    if fact.scale > 0 and printed:
        raise ValueError("unclear-scale")
    tagged_wrong = bool(printed) and (fact.scale < 0 or fact.negative)
    return printed, "figure-as-printed" if tagged_wrong else ""


def _is_currency(unit: str) -> bool:
    return re.fullmatch(r"[A-Z]{3}", unit) is not None


def _exactness(fact: Fact) -> int:
    # decimals="INF" (None here) is exact; a missing attribute is taken for the same.
    return 100 if fact.decimals is None else fact.decimals


def _same(exact: Decimal, other: Decimal, fact: Fact) -> bool:
    """Whether two figures differ by rounding only: to thousands or so, never to pounds."""
    rounded_to = Decimal(0)
    if fact.decimals is not None and fact.decimals < 0:
        rounded_to = Decimal(10) ** -fact.decimals / 2
    return abs(exact - other) <= rounded_to
