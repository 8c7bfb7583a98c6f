"""From one filing to one row: its documents read, its figures and wording chosen.

What belongs here: putting together what ``observatory/ixbrl*.py`` read, and what to report of a
filing. What does not: files (``_accounts_members.py``) and columns (``_accounts_columns.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from observatory import ixbrl, ixbrl_filing, ixbrl_words, wording
from observatory.ixbrl import Fact, Report
from observatory.ixbrl_document import UnreadableDocumentError
from observatory.ixbrl_filing import Figure, Period
from observatory.lake import Severity
from observatory.sources._accounts_members import (
    Document,
    Member,
    Role,
    UnreadableMemberError,
    documents,
)
from observatory.wording_texts import Texts

_WANTED: Final = ixbrl_filing.TAGS | ixbrl_words.TAGS
_LONGEST_NAME: Final = 160  # the longest registered name
_GROUP: Final = ("GroupCompanyDataDimension", "Consolidated")


class Finding(NamedTuple):
    """Something to report of a filing."""

    kind: str
    severity: Severity
    detail: str


@dataclass(frozen=True)
class Outcome:
    """What became of a filing: its row, or None; and what is to be reported."""

    row: dict[str, Any] | None
    findings: tuple[Finding, ...]


class _Read(NamedTuple):
    document: Document
    report: Report
    facts: tuple[Fact, ...]


def outcome(member: Member) -> Outcome:
    """Read one filing. Whatever is wrong with it becomes a finding, never an exception."""
    findings: list[Finding] = []
    try:
        found, note = documents(member, member.load())
    except UnreadableMemberError as error:
        return Outcome(None, (_quarantined(error.reason, error.what),))
    if note:
        findings.append(Finding(note, "repaired", "its name says another kind; it was read"))
    accounts, failed = _read(member, found, "accounts")
    reports, unread = _read(member, found, "cic34")
    for kind, what in unread:
        findings.append(Finding(kind, "repaired", f"its CIC report: {what}; left out"))
    if not accounts:
        kind, what = failed[0]
        return Outcome(None, (*findings, _quarantined(kind, what)))
    for kind, what in failed:
        findings.append(Finding(kind, "info", f"another document of its package: {what}"))
    best = max(accounts, key=lambda one: len(one.facts))
    row, more = _row(member, best, reports)
    return Outcome(row, (*findings, *more))


def _quarantined(kind: str, what: str) -> Finding:
    return Finding(kind, "quarantined", f"{what}; the filing was left out")


def _read(
    member: Member, found: Sequence[Document], role: Role
) -> tuple[list[_Read], list[tuple[str, str]]]:
    """Read the documents of one role that are about this company; give the others' reasons."""
    good: list[_Read] = []
    failed: list[tuple[str, str]] = []
    for document in found:
        if document.role != role:
            continue
        try:
            report = ixbrl.read(document.data, _WANTED)
        except UnreadableDocumentError as error:
            failed.append((error.reason, error.what))
            continue
        stated, _ = ixbrl_filing.numbers(report)
        if stated and member.company_number not in stated:
            failed.append(("another-company", "it is about another company number"))
            continue
        facts = ixbrl_filing.of_company(report, member.company_number)
        good.append(_Read(document, report, facts))
    return good, failed


def _row(
    member: Member, best: _Read, reports: Sequence[_Read]
) -> tuple[dict[str, Any], list[Finding]]:
    report, facts = best.report, best.facts
    texts = Texts(report.texts)
    period = ixbrl_filing.period(report, facts, member.made_up_to)
    figures = {
        measure.name: ixbrl_filing.figure(measure, facts, period)
        for measure in ixbrl_filing.MEASURES
    }
    currencies = {one.currency for one in figures.values() if one.currency}
    row: dict[str, Any] = {
        "locator": "!".join(filter(None, (member.name, best.document.place))),
        "member": member.name,
        "company_number": member.company_number,
        "made_up_to": member.made_up_to,
        "period_start_on": period.start,
        "period_end_on": period.end,
        "document_form": report.form,
        "package": member.package or None,
        "taxonomy": next(iter(report.schemas), None),
        "has_group_figures": any(_GROUP in one.dimensions for one in report.contexts.values()),
        "currency": currencies.pop() if len(currencies) == 1 else None,
        "wording": _hits(ixbrl_words.hits(texts)),
    }
    for name, figure in figures.items():
        row |= {
            name: figure.value,
            f"{name}_tag": figure.tag or None,
            f"{name}_context": figure.context or None,
            f"{name}_missing": figure.missing or None,
        }
    row |= _said(facts, [fact for one in reports for fact in one.facts])
    row["affirmed"] = _hits(wording.affirmed(texts))
    row["transferred_from"] = wording.origins(texts, row["company_name"] or "")
    row["has_cic_report"] = bool(reports)
    said = Texts([text for one in reports for text in one.report.texts])
    row["cic_affirmed"] = _hits(wording.affirmed(said))
    return row, _findings(report, period, figures.values())


def _said(facts: Sequence[Fact], filed: Sequence[Fact]) -> dict[str, Any]:
    """Return what the accounts, and the CIC report beside them, say in words."""
    activity = ixbrl_words.activity(ixbrl_words.first_text(facts, (ixbrl_words.ACTIVITY,)))
    if activity.value is None and filed:
        activity = ixbrl_words.activity(ixbrl_words.first_text(filed, (ixbrl_words.ACTIVITY,)))
    parent = ixbrl_words.organisation(ixbrl_words.first_text(facts, ixbrl_words.PARENT))
    party = ixbrl_words.organisation(ixbrl_words.first_text(facts, ixbrl_words.CONTROLLER))
    stakeholders = ixbrl_words.first_text(filed, (ixbrl_words.STAKEHOLDERS,))
    return {
        "company_name": ixbrl_words.first_text(facts, ixbrl_words.NAME)[:_LONGEST_NAME] or None,
        "legal_form": ixbrl_words.legal_form(facts),
        "charity_number": ixbrl_words.charity_number(facts),
        "is_dormant": ixbrl_words.yes_no(facts, ixbrl_words.DORMANT),
        "parent_name": parent.value,
        "parent_missing": parent.missing or None,
        "controlling_party_name": party.value,
        "controlling_party_missing": party.missing or None,
        "principal_activities": activity.value,
        "principal_activities_missing": activity.missing or None,
        "consultation_held": ixbrl_words.yes_no(filed, ixbrl_words.CONSULTED),
        "stakeholder_wording": _hits(
            ixbrl_words.hits(Texts((stakeholders,)), ixbrl_words.STAKEHOLDER_RULES)
        ),
    }


def _hits(found: Sequence[ixbrl_words.Hit]) -> list[dict[str, Any]]:
    return [{"rule_id": hit.rule_id, "terms": list(hit.terms)} for hit in found]


def _findings(report: Report, period: Period, figures: Iterable[Figure]) -> list[Finding]:
    found = []
    if ixbrl_filing.numbers(report)[1]:
        found.append(
            Finding("entity-not-a-number", "repaired", "a name stands for the company number")
        )
    if any(fact.target for fact in report.facts):
        found.append(Finding("target-document", "info", "its facts belong to a named target"))
    if not period.agrees:
        found.append(
            Finding("period-differs-from-name", "info", "it dates its balance sheet otherwise")
        )
    found += [
        Finding(figure.note, "repaired", f"{figure.tag}: its tag gives another figure than printed")
        for figure in figures
        if figure.note
    ]
    return found
