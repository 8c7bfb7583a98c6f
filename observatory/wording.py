"""Text rules applied: what a filing affirms, and which public bodies its staff came from.

What belongs here: asking sentences, and names of public bodies as the origin of staff, services
or assets. What does not: the rules (``wording_rules*.py``), finding texts in documents
(``ixbrl*.py``), and what a hit is worth (``signals.csv``).

That words stand in a text says little: "TUPE does not apply" has them too. In doubt nothing is
affirmed. A hit gives our own words back, never the passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from observatory.ixbrl_words import Hit, names_person
from observatory.wording_needles import needles
from observatory.wording_rules import CONDITIONAL, DENIED, HARMLESS, ORG, RULES, Rule
from observatory.wording_rules_lineage import RULES_OF_LINEAGE
from observatory.wording_texts import Needles, Texts, plain

# Written in capital letters in the text: words of a name, and how the name of a public body ends
# or begins. Bodies that staff and services left, by their kinds in public_bodies.csv.
_CAPITAL: Final = r"[A-Z][\w&'’-]*"
_BODY: Final = (
    rf"(?:(?:{_CAPITAL}(?:,? (?:{_CAPITAL}|and|of|the|for|upon|on|in|&)){{0,7}}? )?"
    r"(?:(?:Borough |City |County |District |Metropolitan |Unitary )?Council|NHS Foundation Trust|"
    r"NHS Trust|Primary Care Trust|PCT|Care Trust|Health Board|Health Authority|Probation Trust|"
    r"Fire (?:and Rescue )?Authority|Clinical Commissioning Group|Integrated Care Board|"
    r"Combined Authority|Cabinet Office)"
    rf"|(?:(?:Royal |London )?Borough|City) of {_CAPITAL}(?: (?:{_CAPITAL}|and|upon)){{0,4}}"
    rf"|(?:Department|Ministry) (?:for|of) {_CAPITAL}(?:(?:,| and) {_CAPITAL}){{0,3}})"
    r"(?![\w’'-]| (?:Pension|Superannuation|Taxpayer|Trading|Voluntary)"
    r"| (?:[A-Z][\w&'’-]* ){0,4}(?:Limited|Ltd|LIMITED|LTD|CIC|C\.I\.C|plc|PLC|LLP)\b)"
)
# Case is ignored within ASCII only, where lower case says the same (``wording_needles.py``).
_WHAT: Final = (
    r"(?ai:staff|employees|colleagues|workforce|services?|business|net assets|"
    r"assets and liabilities|undertaking|operations|functions|activities|pension liabilit\w+)"
)
_MOVED: Final = (
    r"(?ai:transferr?(?:ed|ing)?|transfer|acquired|acquisition|novated|novation|took over|"
    r"taken over|inherited|externalised|demerged|divested|separated|moved|came|TUPEd?)"
)
_FROM: Final = rf"\b(?:from|out of) (?:the )?(?P<body>{_BODY})"
_TRANSFERS: Final = tuple(
    (re.compile(one), needles(one))
    for one in (
        # what first, then how: "the services and staff were transferred from X Council"
        rf"\b{_WHAT}\b[^.;]{{0,120}}?\b{_MOVED}\b[^.;]{{0,60}}?{_FROM}",
        # how first, then what: "the company acquired the business and net assets from X Council"
        rf"\b{_MOVED}\b[^.;]{{0,80}}?\b{_WHAT}\b[^.;]{{0,60}}?{_FROM}",
        r"\b(?ai:spun|spin|hived|span) (?:out|off)\b[^.;]{0,60}?\b(?:of|from) (?:the )?"
        rf"(?P<body>{_BODY})",
        rf"\b{_WHAT} (?:of|employed by) (?:the )?(?P<body>{_BODY})[^.;]{{0,40}}?\b{_MOVED}\b",
        rf"\b{_WHAT}\b[^.;]{{0,60}}?\b(?:previously|formerly|hitherto) (?:provided|run|delivered|"
        rf"operated|employed|managed)(?: directly)? by (?:the )?(?P<body>{_BODY})",
    )
)
_TRANSFER_UNLESS: Final = re.compile("|".join((DENIED, CONDITIONAL)), re.I)
_ELSEWHERE: Final = re.compile(
    rf"^[^.;]{{0,20}}?\b(?:in)?to (?!(?:the|this) {ORG}\b|us\b|our\b|it\b)"
    rf"(?P<whom>(?:the )?{_CAPITAL}[^.;,]*)"
)
MOST_BODIES: Final = 3


# A pattern and the words without which it cannot match.
Phrase = tuple[re.Pattern[str], Needles]

ALL_RULES: Final = (*RULES, *RULES_OF_LINEAGE)


def affirmed(texts: Texts, rules: Sequence[Rule] = ALL_RULES) -> list[Hit]:
    """Return the rules that a sentence of a text affirms, in the rules' order."""
    return [
        Hit(rule.id, (rule.says,))
        for rule in rules
        if any(_affirms(texts, phrase, rule.unless) for phrase in _asked(rule.phrases))
    ]


def origins(texts: Texts, own_name: str = "") -> list[str]:
    """Return the public bodies that a text names as where staff, services or assets came from,
    as it writes them, at most ``MOST_BODIES``, in its order.

    What went to somebody else is not counted; ``own_name`` tells the company from others.
    """
    asked: dict[int, list[re.Pattern[str]]] = {}
    for pattern, needed in _TRANSFERS:
        for place in texts.where(needed):
            asked.setdefault(place, []).append(pattern)
    found = {
        body: None
        for place, patterns in sorted(asked.items())
        for body in _bodies(texts.sentences[place], patterns, own_name)
    }
    return list(found)[:MOST_BODIES]


def _affirms(texts: Texts, phrase: Phrase, unless: tuple[str, ...]) -> bool:
    pattern, needed = phrase
    for place in texts.where(needed):
        sentence = texts.plain_sentences[place]
        for match in pattern.finditer(sentence):
            # the clause: from a little before the phrase to a little behind it
            clause = sentence[max(0, match.start() - 60) : match.end() + 60]
            clause = HARMLESS.sub(" ", clause)
            if not any(one.search(clause) for one in _compiled(unless)):
                return True
    return False


@cache
def _asked(phrases: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple((re.compile(one), needles(one)) for one in phrases)


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one) for one in patterns)


def _bodies(sentence: str, patterns: Sequence[re.Pattern[str]], own_name: str) -> Iterator[str]:
    for pattern in patterns:
        for match in pattern.finditer(sentence):
            before = sentence[max(0, match.start() - 60) : match.end()]
            elsewhere = _ELSEWHERE.search(sentence[match.end() :])
            body = re.sub(r"^(?:The|Its|Our) ", "", match["body"]).strip()
            if (
                not _TRANSFER_UNLESS.search(HARMLESS.sub(" ", before))
                and not (elsewhere and not _is_own(elsewhere["whom"], own_name))
                and not names_person(body)
            ):
                yield body


def _is_own(whom: str, own_name: str) -> bool:
    first = plain(own_name).split()[:2]
    return bool(first) and plain(whom).removeprefix("the ").split()[: len(first)] == first
