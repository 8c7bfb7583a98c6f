"""Identifiers, names and postcodes brought to one form, so that records can be joined on them.

Pure functions only. ``sql/macros/identifiers.sql`` has the same rules for use inside SQL, and a
test holds the two together; a rule is changed in both. What does not belong here: any look-up
(the crosswalk between societies and companies is data) and any fuzzy comparison.

Two traps. A society's number at Companies House is never computed from its register number (of
the crosswalk's 44 societies with two company numbers, a computed one would name the wrong half).
And ``IP031542`` is a Companies House number, while ``IP000348`` in a Northern Irish list is the
society ``348IP``: the two readers below are for fields whose meaning is known.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

# Letters in front of a Companies House number, and the register that each stands for. Source:
# the Companies House list of company number prefixes, checked against the published bulk files.
COMPANY_PREFIXES = {
    "": "England and Wales",
    "SC": "Scotland",
    "NI": "Northern Ireland",
    "R0": "Northern Ireland before partition",
    "OC": "limited liability partnership, England and Wales",
    "SO": "limited liability partnership, Scotland",
    "NC": "limited liability partnership, Northern Ireland",
    "LP": "limited partnership, England and Wales",
    "SL": "limited partnership, Scotland",
    "NL": "limited partnership, Northern Ireland",
    "CE": "charitable incorporated organisation",
    "CS": "Scottish charitable incorporated organisation",
    "RS": "registered society",
    "IP": "society, England and Wales",
    "SP": "society, Scotland",
    "NP": "society, Northern Ireland",
    "NO": "credit union or society, Northern Ireland",
    "RC": "royal charter",
    "SR": "royal charter, Scotland",
    "NR": "royal charter, Northern Ireland",
    "OE": "overseas entity",
    "FC": "overseas company, England and Wales",
    "SF": "overseas company, Scotland",
    "NF": "overseas company, Northern Ireland",
    "BR": "branch of an overseas company",
    "ZC": "unregistered company, England and Wales",
    "SZ": "unregistered company, Scotland",
    "NZ": "unregistered company, Northern Ireland",
    "FE": "further education corporation",
    "AC": "assurance company, England and Wales",
    "SA": "assurance company, Scotland",
    "NA": "assurance company, Northern Ireland",
    "IC": "investment company with variable capital, England and Wales",
    "SI": "investment company with variable capital, Scotland",
    "NV": "investment company with variable capital, Northern Ireland",
    "GE": "economic interest grouping, England and Wales",
    "GS": "economic interest grouping, Scotland",
    "GN": "economic interest grouping, Northern Ireland",
    "ES": "European company, Scotland",
    "SE": "European company",
    "PC": "protected cell company",
}
# Only these registers have numbers with letters behind or among the digits (IP28116R, RS04796Z,
# SP1032RS, IP0P204R: all in the published crosswalk of societies and companies).
SOCIETY_PREFIXES = ("RS", "IP", "SP", "NP", "NO")

_POSTCODE = r"\b[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][ABD-HJLNP-UW-Z]{2}\b"
_ORG_ID = re.compile(r"([A-Z]{2}-[A-Z0-9]+)-(.+)")

_LEGAL_FORMS = (
    (r"\b(?:public limited company|cwmni cyfyngedig cyhoeddus|p l c)\b", "plc"),
    (r"\bpartneriaeth atebolrwydd cyfyngedig\b", "llp"),
    (r"\b(?:limited liability partnership|l l p)\b", "llp"),
    (r"\b(?:community interest company|cwmni buddiant cymunedol|c i c)\b", "cic"),
    (r"\bcbc$", "cic"),
    (r"\bccc$", "plc"),
    (r"\b(?:ltd|cyfyngedig|cyf)\b", "limited"),
    (r"\bco op(erative|eratives|s)?\b", r"coop\1"),
    (r"^(?:the )+(.)", r"\1"),
    (r"(.)(?: the)+$", r"\1"),
)

_TITLE = r"^(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|revd|reverend|sir|dame)\.?\s+[a-z]"
_PERSON = r"^[A-Z][A-Za-z'’-]*\.?(?:\s+[A-Z][A-Za-z'’-]*\.?)?\s+[A-Z][A-Za-z'’-]+$"
_TRADING_AS = r"(?i)\s+(?:t/as?|t\.a\.?|trading as)\s.*$"
# A word of these (or a digit, or &) says that a name is not one person's own name.
_CORPORATE = (
    r"[0-9&+/()@]|\b(?:academy|accountants?|agency|applications|alliance|and|aps|architects?|arts?|"
    r"associates|"
    r"association|authority|bank|barristers|biobank|board|borough|bros|brothers|builders?|building|business|"
    r"cabs|care|carpets|centre|center|centres|chambers|charity|childrens?|church|cic|cio|city|"
    r"civic|clinic|club|college|commission|committee|communities|community|company|connect|"
    r"construction|consult|consultancy|consultants?|consulting|contractors?|coop|cooperative|co|"
    r"corp|corporation|council|county|creative|credit|cyf|cyfyngedig|demolition|dental|department|"
    r"design|"
    r"developments?|digital|direct|district|education|electrical|energy|engineering|enterprises?|"
    r"environmental|equipment|europe|events|farm|federation|films?|finance|financial|"
    r"fire|fitness|flooring|for|forum|foundation|fund|furniture|garage|gardens?|gas|global|grammar|group|"
    r"gmbh|gym|health|healthcare|healthineers|heating|hire|holdings?|home|homecare|homes|hospice|"
    r"hospital|hotel|house|housing|inc|independent|industries|infants?|institute|institution|"
    r"insurance|interiors|international|investments?|junior|laboratories|landscapes?|law|"
    r"learning|leisure|library|licence|limited|living|llp|lodge|logistics|ltd|machinery|"
    r"maintenance|management|manufacturing|marketing|media|medical|ministry|motors|museum|mutual|"
    r"national|network|networks|nhs|nursery|of|office|opticians?|organisation|parish|"
    r"partners|partnership|pharmacy|photography|plc|plumbing|police|pool|practice|press|primary|procurement|"
    r"productions?|products|programme|projects?|properties|property|psychology|public|publishing|"
    r"rail|railway|recovery|recruitment|registered|removals|research|resources|restaurant|roofing|"
    r"royal|scaffolding|school|schools|science|sciences|secondary|security|service|services|social|"
    r"society|software|solicitors?|solutions?|specialists?|sports?|staffing|stores?|strategic|"
    r"strategies|studio|studios|supplies|support|surgery|surveyors?|surveys?|systems?|taxi|taxis|"
    r"team|technical|technologies|technology|telecom|the|theatre|therapeutic|therapies|therapy|"
    r"together|tours|town|trading|trainers?|training|transport|travel|trust|trustees|uk|"
    r"union|united|university|ventures|village|waste|water|wellbeing|windows|works|workshop|"
    r"worldwide|ymca|youth)\b"
)


class Reading(NamedTuple):
    """An identifier as read: its canonical ``value``, or None and the ``problem`` in words."""

    value: str | None
    problem: str = ""


class OrgId(NamedTuple):
    """An organisation identifier: list code (``GB-COH``) and the identifier within it."""

    scheme: str
    identifier: str


def read_company_number(raw: str | None) -> Reading:
    """Read a Companies House number: eight characters, upper case, digits padded with zeros.

    A number that is all digits, or a known prefix followed by digits, is padded. Letters behind
    the digits are kept for societies and never guessed at. An empty field is no problem and no
    value. Source of the form: Companies House, checked against the corpus.
    """
    text = re.sub(r"\s", "", raw or "", flags=re.ASCII).upper()
    if not text:
        return Reading(None)
    if len(text) > 8:
        return Reading(None, "a company number has at most 8 characters")
    if re.fullmatch(r"[0-9]+", text):
        return Reading(text.zfill(8)) if text.strip("0") else Reading(None, "all zeros")
    prefix, rest = text[:2], text[2:]
    if prefix not in COMPANY_PREFIXES:
        return Reading(None, f"no register has the prefix {prefix!r}")
    if re.fullmatch(r"[0-9]+", rest):
        return Reading(prefix + rest.zfill(6))
    if prefix in SOCIETY_PREFIXES and re.fullmatch(r"[0-9][0-9A-Z]{5}", rest):
        return Reading(text)
    return Reading(None, "not a prefix and digits")


def normalise_company_number(raw: str | None) -> str | None:
    """Return the canonical company number, or None where there is none."""
    return read_company_number(raw).value


def read_society_number(raw: str | None) -> Reading:
    """Read a number of the mutuals register: digits and a suffix (``31542R``, ``4465``).

    Older copies write ``4242CS`` and ``7029CBS`` for numbers that have no suffix now; Northern
    Irish lists write ``IP000348`` and ``CU000069`` for ``348IP`` and ``69CU``. An IP number of
    1000 or more is a Companies House number (the register's own go to 446) and is refused.
    """
    text = re.sub(r"\s", "", raw or "", flags=re.ASCII).upper()
    if not text:
        return Reading(None)
    northern = re.fullmatch(r"(IP|CU)0*([1-9][0-9]{0,2})", text)
    if northern:
        return Reading(northern[2] + northern[1])
    plain = re.fullmatch(r"0*([1-9][0-9]{0,5})([A-Z]{0,4})", text)
    if not plain:
        return Reading(None, "not digits and a suffix: a company number needs the crosswalk")
    return Reading(plain[1] + ("" if plain[2] in ("CS", "CBS") else plain[2]))


def normalise_society_number(raw: str | None) -> str | None:
    """Return the register's own form of a society number, or None where there is none."""
    return read_society_number(raw).value


def parse_org_id(text: str) -> OrgId | None:
    """Split ``GB-COH-06273905`` into list and identifier; None when it is not an org-id.

    The identifier is in canonical form where its list has one here (GB-COH, GB-MPR).
    """
    found = _ORG_ID.fullmatch(text.strip().upper())
    if not found:
        return None
    scheme, identifier = found[1], found[2].strip()
    readers = {"GB-COH": normalise_company_number, "GB-MPR": normalise_society_number}
    if scheme in readers:
        canonical = readers[scheme](identifier)
        return OrgId(scheme, canonical) if canonical else None
    return OrgId(scheme, identifier)


def normalise_name(raw: str | None) -> str | None:
    """Return a name as it is compared: lower case, plain letters, one spelling of each legal form.

    ``The Fictional Care Co-operative C.I.C. & Sons Ltd`` and ``FICTIONAL CARE COOPERATIVE
    COMMUNITY INTEREST COMPANY AND SONS LIMITED`` become the same. The legal form stays in the
    name: two organisations may differ in nothing else. None when no letter or digit is left.
    """
    text = _plain((raw or "").lower()).replace("&", " and ")
    text = re.sub(r"['’‘`´.]", "", text)
    text = re.sub(r"[^a-z0-9]+", " ", text).strip()
    for pattern, replacement in _LEGAL_FORMS:
        text = re.sub(pattern, replacement, text, flags=re.ASCII)
    return text or None


def normalise_postcode(raw: str | None) -> str | None:
    """Return ``SW1A 1AA`` for any spelling of it, None for what is not one whole postcode."""
    text = re.sub(r"\s", "", raw or "", flags=re.ASCII).upper()
    if not re.fullmatch(_POSTCODE, text, flags=re.ASCII):
        return None
    return f"{text[:-3]} {text[-3:]}"


def find_postcode(text: str | None) -> str | None:
    """Return the last postcode in an address written as one text, None when it holds none.

    The last, since registers write the postcode at the end (of 348 supplier addresses of
    Contracts Finder 304 have one).
    """
    found = re.findall(_POSTCODE, (text or "").upper(), flags=re.ASCII)
    return normalise_postcode(found[-1]) if found else None


def looks_like_person(name: str | None) -> bool:
    """Say whether a supplier's name may be one person's own name (a sole trader's).

    Meant for screening, so in doubt it says yes: a title and a name, or two or three words
    with capitals, none of them a word that organisations use. What stands before ``t/a`` counts.
    """
    text = _plain((name or "").strip())
    text = re.sub(_TRADING_AS, "", text, flags=re.ASCII).strip()
    if re.search(_CORPORATE, text.lower(), flags=re.ASCII):
        return False
    if re.search(_TITLE, text.lower(), flags=re.ASCII):
        return True
    return bool(re.search(_PERSON, text, flags=re.ASCII))


def _plain(text: str) -> str:
    """Take the accents off letters; the same as DuckDB's ``strip_accents``."""
    split = unicodedata.normalize("NFD", text)
    return "".join(one for one in split if not unicodedata.category(one).startswith("M"))
