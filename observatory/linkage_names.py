"""How a name is taken apart for matching: its words, its legal form, and other ways to read it.

Builds on ``identifiers.normalise_name``, the one normalisation of names (``normalise_name`` in
SQL is held equal to it by a test), and adds what only matching needs: which words tell nothing
apart, which abbreviations stand for which word. What does not belong here: comparing two names
(``linkage_scoring.py``) or looking anything up (``linkage_blocking.py``).

Two traps. A legal form left out says nothing, but two that contradict (LLP, PLC) are two
organisations. And a payer's string may hold two names: ``A LTD T/A B``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from observatory.identifiers import normalise_name

LEGAL_FORMS = frozenset({"limited", "plc", "llp", "cic", "cio", "scio"})
# Companies Act 2006 s.66 and the 2015 names regulations: these endings, and THE, do not make a
# name another one, so two companies cannot differ in nothing else. A payer who writes LTD for
# a CIC is seldom wrong (a CIC is a limited company); LLP and PLC are written on purpose, and a
# CIC must say so in its name (Act of 2004 on community enterprise, s.33).
_COMPATIBLE = frozenset({"limited", "cic"})

SMALL_WORDS = frozenset({"the", "and", "of", "for", "in", "a", "at"})

# Spellings of one word in payments, notices and registers, and the counties' postal abbreviations.
SPELLINGS = {
    "assoc": "association",
    "assn": "association",
    "co": "company",
    "center": "centre",
    "ctr": "centre",
    "saint": "st",
    "svcs": "services",
    "hosp": "hospital",
    "univ": "university",
    "intl": "international",
    "natl": "national",
    "mgmt": "management",
    "bureaux": "bureau",
    "org": "organisation",
    "orgs": "organisations",
    "organization": "organisation",
    "dept": "department",
    "soc": "society",
    "grp": "group",
    "bros": "brothers",
    "notts": "nottinghamshire",
    "lancs": "lancashire",
    "cambs": "cambridgeshire",
    "herts": "hertfordshire",
    "beds": "bedfordshire",
    "bucks": "buckinghamshire",
    "berks": "berkshire",
    "glos": "gloucestershire",
    "hants": "hampshire",
    "leics": "leicestershire",
    "lincs": "lincolnshire",
    "northants": "northamptonshire",
    "oxon": "oxfordshire",
    "staffs": "staffordshire",
    "wilts": "wiltshire",
    "worcs": "worcestershire",
    "yorks": "yorkshire",
    "warks": "warwickshire",
    "middx": "middlesex",
    "hunts": "huntingdonshire",
}
_SPELLED = {
    one: [short for short, full in SPELLINGS.items() if full == one] for one in SPELLINGS.values()
}

# One body under two wordings. Age Concern and Age UK: the federation took its new name in 2009;
# a local Mind is by its statutes an association for mental health.
PHRASES = (
    (r"\bcitizens advice bureau\b|\bcab\b", "citizens advice"),
    (r"\b(?:council (?:for |of )?|community (?:and )?)voluntary services?\b", "cvs"),
    (r"\bage concern\b", "age uk"),
    (r"\bassociation for mental health\b", "mind"),
    (r"\bfootball club\b", "fc"),
    (r"\bprimary care trust\b", "pct"),
    (r"\bclinical commissioning group\b", "ccg"),
    (r"\bcommunity interest company\b", "cic"),
)
_PHRASES = tuple((re.compile(pattern), short) for pattern, short in PHRASES)

_TRADING_AS = re.compile(r"\s+(?:t/as?|t\.a\.?|ta|trading as)\s+", re.IGNORECASE)
_CARE_OF = re.compile(r"\s+c/o\s.*$", re.IGNORECASE)
_BRACKET = re.compile(r"\([^)]*\)?")
_REFERENCE = re.compile(r"\b(?:inv|a/c|acc|ref)\b\.?|\b\w*\d{5,}\w*\b", re.IGNORECASE)
# A no-break space read in the wrong encoding and put in capitals leaves AA at the ends of words.
_RESIDUE = re.compile(r"\b(\S{2,}?)AA\b(?=\s)|\s&AA\b")


@dataclass(frozen=True)
class NameForm:
    """A name taken apart. ``words`` in their order without small words and legal forms (never
    empty), ``forms`` the legal forms written in it, ``letters`` the name without spaces and legal
    forms (``IN HEALTH`` and ``INHEALTH`` are one), ``normalised`` as ``normalise_name`` gives it.
    """

    normalised: str
    words: tuple[str, ...]
    forms: frozenset[str]
    letters: str

    @property
    def bag(self) -> tuple[str, ...]:
        """The words in alphabetical order."""
        return tuple(sorted(self.words))

    @property
    def initials(self) -> str:
        """The first letters of the words."""
        return "".join(word[0] for word in self.words)

    def agrees(self, held: NameForm) -> bool:
        """Say whether the legal forms may be one organisation's, ``self`` being asked for and
        ``held`` a register's; one left out may be, but a CIC's name says that it is one."""
        if "cic" in self.forms:
            return "cic" in held.forms
        if not self.forms or not held.forms or self.forms & held.forms:
            return True
        return self.forms | held.forms <= _COMPATIBLE


@lru_cache(maxsize=200_000)
def read_name(name: str) -> NameForm | None:
    """Take a name apart; None when it holds no letter or digit."""
    normalised = normalise_name(name)
    if normalised is None:
        return None
    text = " ".join(SPELLINGS.get(word, word) for word in normalised.split())
    for pattern, short in _PHRASES:
        text = pattern.sub(short, text)
    words = text.split()
    forms = frozenset(LEGAL_FORMS & set(words)) if len(words) > 1 else frozenset()
    telling = [word for word in words if word not in forms] or words
    telling = _without_own_initials(telling)
    small = [word for word in telling if word not in SMALL_WORDS]
    return NameForm(normalised, tuple(small or telling), forms, letters_of(normalised))


def letters_of(normalised: str) -> str:
    """Return a normalised name without spaces and legal forms, as the blocking SQL does."""
    words = normalised.split()
    return "".join(word for word in words if word not in LEGAL_FORMS) or "".join(words)


def readings(name: str) -> tuple[tuple[str, NameForm], ...]:
    """Return the ways to read a payer's or buyer's string, each with its words for "how".

    The string as written comes first; then, where there is one, each side of ``t/a``, and the
    string without ``c/o``, brackets, reference numbers and the residue of a wrong encoding.
    """
    cleaned = _RESIDUE.sub(lambda found: found[1] or " ", name + " ").strip()
    ways = [("", cleaned)]
    sides = _TRADING_AS.split(cleaned)
    if len(sides) > 1:
        ways += [("the name before t/a", sides[0]), ("the name after t/a", sides[-1])]
    for how, pattern in (
        ("without c/o", _CARE_OF),
        ("without brackets", _BRACKET),
        ("without reference numbers", _REFERENCE),
    ):
        if pattern.search(cleaned):
            ways.append((how, pattern.sub(" ", cleaned)))
    found: dict[NameForm, str] = {}
    for how, text in ways:
        form = read_name(text.strip())
        if form is not None:
            found.setdefault(form, how)
    return tuple((how, form) for form, how in found.items())


def block_words(form: NameForm) -> frozenset[str]:
    """Return the words under which a register may list the name: each in all its spellings,
    with and without a plural's s."""
    words = {*form.words, *form.normalised.split()} - SMALL_WORDS - LEGAL_FORMS
    spelled = {short for word in words for short in _SPELLED.get(word, ())}
    plural = {word[:-1] if word.endswith("s") else word + "s" for word in words if len(word) > 3}
    return frozenset(words | spelled | plural)


def _without_own_initials(words: list[str]) -> list[str]:
    """Leave out a word that only abbreviates others: ACE in Anglian ... Enterprise (ACE)."""
    kept = []
    for place, word in enumerate(words):
        others = words[:place] + words[place + 1 :]
        runs = ("".join(one[0] for one in others if one not in drop) for drop in ((), SMALL_WORDS))
        if not (3 <= len(word) <= len(others) and any(word in run for run in runs)):
            kept.append(word)
    return kept or words
