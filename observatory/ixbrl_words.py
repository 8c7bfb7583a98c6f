"""What the texts of a filing say, kept without keeping the texts.

What belongs here: wording rules with their terms, names of organisations in a text, a principal
activity without anybody's name, and yes/no facts. What does not: figures
(``ixbrl_filing.py``), what a rule hit means for a verdict (the models).

Texts of filings name people: directors, controlling parties, stakeholders. So a rule hit gives
our own terms back, never the passage; a controlling party is kept only when it is clearly an
organisation; and an activity loses every run of words that may be a person's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from observatory import ixbrl_values
from observatory.identifiers import looks_like_person
from observatory.ixbrl import Fact
from observatory.wording_texts import Texts, plain

ACTIVITY: Final = "DescriptionPrincipalActivities"
STAKEHOLDERS: Final = "NamesCompanyStakeholders"
CONSULTED: Final = "ConsultationHasBeenHeldTruefalse"
# Tags of the FRC's core taxonomy and of UK GAAP 2009. Only NameParentEntity was seen in a filing
# here; a tag that no filing has costs nothing.
PARENT: Final = (
    "NameUltimateParentGroupIfNotParentEntity",
    "NameParentEntity",
    "NameUltimateParentEntity",
    "NameUltimateParentUndertaking",
    "NameParentUndertaking",
)
CONTROLLER: Final = (
    "NameUltimateControllingPartyIfNotUltimateParent",
    "NameUltimateControllingParty",
    "NameControllingParty",
)
NAME: Final = ("EntityCurrentLegalOrRegisteredName", "EntityCurrentLegalName")
DORMANT: Final = "EntityDormantTruefalse"
LEGAL_FORM: Final = "LegalFormEntity"
CHARITY: Final = "CharityRegistrationNumberEnglandWales"
TAGS: Final = frozenset(
    (*PARENT, *CONTROLLER, *NAME, ACTIVITY, STAKEHOLDERS, CONSULTED, DORMANT, LEGAL_FORM, CHARITY)
)
LONGEST_TEXT: Final = 300


@dataclass(frozen=True)
class Rule:
    """A wording rule: it hits when one of its terms stands in the text, in any case."""

    id: str
    terms: tuple[str, ...]


# What to look for in accounts: signs of staff who came from the public sector (pensions, TUPE)
# and of their ownership. A term says that the words are there, not that they are affirmed.
RULES: Final = (
    Rule(
        "pension-lgps",
        (
            "local government pension scheme",
            "local government pension fund",
            "local government superannuation scheme",
            "lgps",
            "admitted body",
            "admission body",
        ),
    ),
    Rule(
        "pension-nhs",
        (
            "nhs pension scheme",
            "nhs pensions",
            "nhs pension",
            "nhs superannuation scheme",
            "national health service pension scheme",
        ),
    ),
    Rule("pension-teachers", ("teachers' pension scheme", "teachers pension scheme")),
    Rule("pension-civil-service", ("principal civil service pension scheme",)),
    Rule("tupe", ("tupe", "transfer of undertakings")),
    Rule("public-service-mutual", ("public service mutual", "staff mutual", "right to request")),
    Rule(
        "employee-ownership",
        (
            "employee ownership trust",
            "employee benefit trust",
            "employee-owned",
            "employee owned",
            "owned by its employees",
            "owned by our employees",
            "owned by its staff",
            "staff-owned",
            "staff owned",
        ),
    ),
)
# What to look for among the stakeholders that a CIC names in its report.
STAKEHOLDER_RULES: Final = (
    Rule("staff", ("staff", "employee", "employees", "workers", "workforce", "colleagues")),
    Rule("co-owners", ("co-owner", "co-owners", "co-owned", "staff shareholders")),
    Rule("members", ("member", "members", "membership")),
    Rule("users", ("service users", "patients", "residents", "tenants", "beneficiaries")),
    Rule("public-bodies", ("council", "local authority", "nhs", "commissioners")),
)


class Hit(NamedTuple):
    """A rule that hit, and which of its terms."""

    rule_id: str
    terms: tuple[str, ...]


class Text(NamedTuple):
    """A text that may be kept, or why there is none."""

    value: str | None = None
    missing: str = ""


_NEEDLES: Final = {
    term: (plain(term), re.compile(rf"(?<![a-z]){re.escape(plain(term))}(?![a-z])"))
    for rule in (*RULES, *STAKEHOLDER_RULES)
    for term in rule.terms
}


def hits(texts: Texts, rules: Sequence[Rule] = RULES) -> list[Hit]:
    """Return the rules that hit in a text, in the rules' order. Hyphens are as good as spaces."""
    found = []
    for rule in rules:
        terms = tuple(term for term in rule.terms if _stands_in(texts, term))
        if terms:
            found.append(Hit(rule.id, terms))
    return found


def _stands_in(texts: Texts, term: str) -> bool:
    # The plain search first: it is many times faster, and nearly always enough.
    needle, pattern = _NEEDLES[term]
    return texts.has(needle) and any(pattern.search(text) for text in texts.plain)


def first_text(facts: Iterable[Fact], names: Sequence[str]) -> str:
    """Return the first text tagged with the first of these names that has one."""
    texts = dict.fromkeys(names, "")
    for fact in facts:
        if fact.name in texts and not texts[fact.name] and fact.text:
            texts[fact.name] = fact.text
    return next(filter(None, texts.values()), "")


def yes_no(facts: Iterable[Fact], name: str) -> bool | None:
    """Return the yes or no of a tag; None when it is not there, unreadable or both."""
    found = set()
    for fact in facts:
        if fact.name == name and not fact.nil:
            try:
                found.add(ixbrl_values.flag(fact.text, fact.format))
            except ValueError:
                continue
    return found.pop() if len(found) == 1 else None


def legal_form(facts: Iterable[Fact]) -> str | None:
    """Return the member of the legal form's dimension, such as ``CompanyLimitedByGuarantee``."""
    for fact in facts:
        if fact.name == LEGAL_FORM and fact.context:
            for axis, member in fact.context.dimensions:
                if axis == "LegalFormEntityDimension":
                    return member
    return None


def charity_number(facts: Iterable[Fact]) -> str | None:
    """Return the charity number (England and Wales) that is tagged, digits only."""
    text = first_text(facts, (CHARITY,)).replace(" ", "")
    return text if re.fullmatch(r"[1-9]\d{5,6}(?:-\d{1,4})?", text, re.ASCII) else None


# How a registered name ends, or what the name of a public or mutual body holds.
_ENDING: Final = (
    r"(?:Limited|LIMITED|Ltd\.?|LTD\.?|[Pp]lc|PLC|LLP|C\.?I\.?C\.?|Community Interest Company|"
    r"COMMUNITY INTEREST COMPANY|Council|COUNCIL|Foundation Trust|NHS Trust|Health Board|Inc\.?|"
    r"Combined Authority|Ownership Trust|Benefit Trust|University|Society|GmbH|S\.?A\.?|B\.?V\.?)"
)
_WORD: Final = r"(?:[A-Z0-9(&][\w.&'’()/-]*|of|the|and|for|in|at|on|upon|&)"
_ORGANISATION: Final = re.compile(
    rf"(?:[A-Z0-9(][\w.&'’()/-]*)(?:\s+{_WORD}){{0,8}}?\s+{_ENDING}(?!\w)"
)
_PERSONAL: Final = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|revd|reverend|sir|dame|lord|lady|esq)\b", re.I
)


def organisation(text: str) -> Text:
    """Return the name of the organisation that a text names as parent or controller.

    The text may be the bare name or a sentence; of a sentence only the name is kept. Nothing
    is kept when no name ends as an organisation's does, when more than one organisation is
    named, or when a person may be part of the name.
    """
    if not text:
        return Text(missing="not-tagged")
    found = list(dict.fromkeys(_bare_name(one[0]) for one in _ORGANISATION.finditer(text)))
    if not found:
        return Text(missing="no-organisation-named")
    if len(found) > 1:
        return Text(missing="several-organisations-named")
    if names_person(found[0]):
        return Text(missing="may-name-a-person")
    return Text(found[0][:LONGEST_TEXT])


def _bare_name(name: str) -> str:
    """Cut what a sentence puts in front of a name: ``The immediate parent is X Ltd``."""
    return re.sub(r"^(?:The|Its|Our)\s+(?=[A-Z])", "", name.strip())


def names_person(name: str) -> bool:
    """Tell whether a part of an organisation's name, but for the last, may be a person's."""
    parts = re.split(r"\s+(?:and|&|of|for|in|at|on|upon)\s+", name)
    return bool(_PERSONAL.search(name)) or any(_may_be_person(part) for part in parts[:-1])


def _may_be_person(part: str) -> bool:
    return looks_like_person(part) or looks_like_person(part.title())


# Vendors' own words for an activity that nobody described (the first two are in real filings).
_NOTHING: Final = re.compile(
    r"no (?:description|principle|principal)\b.*activit.*|n/?a|none|not applicable|dormant", re.I
)
_CAPITALISED: Final = re.compile(r"[A-Z][\w'’-]*\.?(?:\s+[A-Z][\w'’-]*\.?)+")
_TITLED: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Rev|Revd|Reverend|Sir|Dame|Lord|Lady)\.?"
    r"(?:\s+[A-Z][\w'’-]*\.?)+",
)
_CONTACT: Final = re.compile(r"\S+@\S+|(?:\+44|\b0)[\d\s()-]{8,}\d|\bhttps?://\S+|\bwww\.\S+")
_DATED: Final = re.compile(r"\b(?:born|aged|date of birth)\b", re.I)
_MASK: Final = "…"


def activity(text: str) -> Text:
    """Return a principal activity, at most ``LONGEST_TEXT`` characters, without contact
    details and without any run of capitalised words that may be a person's name."""
    if not text:
        return Text(missing="not-tagged")
    if _NOTHING.fullmatch(text.strip(" .")):
        return Text(missing="none-given")
    if text.upper() == text:
        if _PERSONAL.search(text) or _DATED.search(text) or re.search(r"\bBY\b", text):
            return Text(missing="may-name-a-person")
        text = text.capitalize() if len(text.split()) > 3 else text
    if _DATED.search(text):
        return Text(missing="may-name-a-person")
    masked = _TITLED.sub(_MASK, _CONTACT.sub(_MASK, text))
    masked = _CAPITALISED.sub(_masked, masked)
    if len(masked) > LONGEST_TEXT:
        masked = masked[: LONGEST_TEXT - 1].rsplit(" ", 1)[0] + _MASK
    if not re.search(r"[a-zA-Z]{3}", masked):
        return Text(missing="may-name-a-person")
    return Text(masked)


def _masked(run: re.Match[str]) -> str:
    words = [word.strip(".'’-") for word in run[0].split()]
    # Every two neighbours too: a name may stand inside a longer run of capitals.
    tried = [" ".join(words), *(f"{a} {b}" for a, b in pairwise(words))]
    return _MASK if any(looks_like_person(one) for one in tried) else run[0]
