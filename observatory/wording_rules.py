"""What a text may affirm of staff, pensions and ownership: the rules, each with its examples.

What belongs here: rules as data and the words that they share. What does not: applying them
(``wording.py``), and what a hit is worth (``signals.csv``).

A rule asks one sentence for a phrase, and for nothing closely around it that denies it, makes it
conditional, or says it of somebody else. Texts are given in lower case, with straight
apostrophes and without hyphens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NEAR: Final = r"[^.;]{0,90}?"
# Phrases that hold a negation and deny nothing of what is asked here.
HARMLESS: Final = re.compile(
    r"\bnot (?:for profit|only|able to|possible to|been possible to|practicable to|"
    r"open to new (?:members|entrants|employees|joiners))\b|\bno fewer than\b|\bnot less than\b"
)
DENIED: Final = (
    r"\b(?:no|not|never|none|nor|neither|without|cannot|isn't|aren't|wasn't|weren't|doesn't|"
    r"don't|didn't|hasn't|haven't|ceased|withdrew|withdrawn|no longer)\b"
)
CONDITIONAL: Final = r"\b(?:may|might|could|would|if|whether|potential|potentially|should|unless)\b"
OTHERS: Final = (
    r"\b(?:customers?|clients?|competitors?|contractors?|suppliers?|members) (?:may|can|who|whose|"
    r"on|with|about|in)\b|\b(?:advice|advise[sd]?|advising|training|consultancy|guidance) "
    r"(?:to|on|in|about|for)\b|\bemployment law\b"
)
ORG: Final = r"(?:company|charity|society|trust|organisation|cic|group|association|business)"
STAFF: Final = r"(?:staff|employees|colleagues|workforce|workers)"
_MOVABLE: Final = rf"\b(?:{STAFF}|services?|business|net assets)\b"
_CAME: Final = (
    r"\b(?:transferr?(?:ed|ing)|acquired|took over|taken over|moved|came|tupe\w*|inherited)\b"
)
_PUBLIC: Final = (
    r"[^.;]{0,60}?\b(?:from|out of) the (?:(?:[a-z]+ ){0,2}(?:council|local authority|primary care "
    r"trust|pct|health authority|health board|nhs|civil service|probation service)|department|"
    r"ministry)\b"
)


@dataclass(frozen=True)
class Rule:
    """One thing that a sentence may affirm. ``says`` are our words for a hit; ``unless`` is
    asked of the phrase and what stands closely around it."""

    id: str
    says: str
    phrases: tuple[str, ...]
    unless: tuple[str, ...]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


def _pension(scheme: str) -> tuple[str, ...]:
    part = (
        r"(?:participat\w+|members?|membership|contribut\w+|admitted|admission|belong\w*|enrol\w*|"
        r"eligible|employer\w*|accru\w+|provides?|operates?|direction)"
    )
    share = r"(?:participat\w+|contribut\w+|deficit|surplus|liabilit\w+|valuation|actuar\w+)"
    return (rf"\b{part}\b{_NEAR}\b{scheme}\b", rf"\b{scheme}\b{_NEAR}\b{share}\b")


_PENSION_UNLESS: Final = (DENIED, CONDITIONAL, OTHERS)

RULES: Final = (
    Rule(
        "tupe-transfer",
        "staff transferred under TUPE",
        (
            rf"\b{STAFF}\b{_NEAR}\b(?:tupe\w*|transfer of undertakings)\b",
            rf"\b(?:tupe\w*|transfer of undertakings)\b{_NEAR}\b{STAFF}\b",
            r"\btransferr?(?:ed|ing)\b[^.;]{0,60}?\b(?:tupe|transfer of undertakings)\b",
        ),
        (
            DENIED,
            CONDITIONAL,
            OTHERS,
            rf"\bfrom (?:the|our) {ORG}\b|\bfrom us\b",
            r"\btransferr?(?:ed|ing)\b[^.;]{0,40}?\b(?:out|away)\b",
            r"\b(?:to|into) (?:a|an|another|(?:its|their) new|"
            r"the (?:new|incoming|successor|other))\b",
            r"\b(?:to|into) [^.;]{0,60}?\b(?:council|nhs foundation trust|nhs trust|borough)\b",
        ),
        (
            "Staff transferred to the company under TUPE on 1 April 2011.",
            "On that day 214 employees were transferred in under the Transfer of Undertakings "
            "(Protection of Employment) Regulations.",
            "All colleagues were TUPE transferred from Fictional Borough Council.",
        ),
        (
            "There were no TUPE transfers of staff in the year.",
            "TUPE does not apply to staff of the charity.",
            "Staff may transfer under TUPE at the end of the contract.",
            "The company advises clients on TUPE transfers of staff.",
            "12 employees transferred under TUPE to a new provider.",
            "Catering staff transferred under TUPE from the company to Fictional Meals Limited.",
            "Staff were transferred under TUPE to Fictional County Council in June.",
        ),
    ),
    Rule(
        "transfer-from-public-body",
        "staff or services came from a public body that is not named",
        (
            rf"{_MOVABLE}[^.;]{{0,120}}?{_CAME}{_PUBLIC}",
            rf"{_CAME}[^.;]{{0,60}}?{_MOVABLE}{_PUBLIC}",
        ),
        (
            DENIED,
            CONDITIONAL,
            OTHERS,
            rf"\bfrom the [a-z ]{{3,30}} (?:in)?to (?!the {ORG}\b|us\b)",
        ),
        (
            "Staff transferred from the council under TUPE.",
            "The services and 40 employees were transferred from the primary care trust.",
            "On 1 April 2014 the charity acquired the business of the libraries from the county "
            "council.",
        ),
        (
            "Staff transferred from the sales department.",
            "No staff transferred from the council.",
            "Staff transferred from the council to a private operator.",
            "Income for services is received from the council.",
            "The company buys payroll services from the county council.",
        ),
    ),
    Rule(
        "pension-lgps",
        "takes part in the Local Government Pension Scheme",
        (
            *_pension(r"(?:local government (?:pension|superannuation) (?:scheme|fund)|lgps)"),
            r"\badmi(?:tted|ssion) body\b[^.;]{0,60}?\bpension\b",
        ),
        _PENSION_UNLESS,
        (
            "The company participates in the Local Government Pension Scheme.",
            "Transferred staff remain members of the LGPS, which is closed to new entrants.",
            "It is an admitted body of the Fictional County Pension Fund.",
            "The charity contributes to the LGPS and is not able to identify its share.",
        ),
        (
            "The company does not participate in the Local Government Pension Scheme.",
            "The company ceased to be a member of the LGPS in 2012.",
            "The company operates a defined contribution workplace pension scheme with Fictional "
            "Pensions plc.",
            "Training is given to clients who are members of the LGPS.",
            "Staff may become eligible for the LGPS.",
        ),
    ),
    Rule(
        "pension-nhs",
        "takes part in the NHS Pension Scheme",
        _pension(r"(?:(?:nhs|national health service) (?:pensions?|superannuation)(?: scheme)?)"),
        _PENSION_UNLESS,
        (
            "Employees are covered by the provisions of the NHS Pension Scheme, to which the "
            "company contributes.",
            "Many staff are members of the National Health Service Pension Scheme.",
        ),
        (
            "The company is not eligible for the NHS Pension Scheme.",
            "None of our employees is a member of the NHS Pension Scheme.",
            "The company contributes to a group personal pension; past and present employees may "
            "be members.",
        ),
    ),
    Rule(
        "pension-civil-service",
        "takes part in the civil service pension arrangements",
        _pension(r"(?:principal civil service pension scheme|civil service pension\w*)"),
        _PENSION_UNLESS,
        ("Employees who transferred are members of the Principal Civil Service Pension Scheme.",),
        ("No employee is a member of the Principal Civil Service Pension Scheme.",),
    ),
    Rule(
        "public-service-mutual",
        "calls itself a public service mutual or a spin-out of a public body",
        (
            rf"\b(?:is|as|became|are|we are|established as|formed as) (?:an? )?{_NEAR}"
            r"\b(?:public (?:service|sector)|staff|(?:employee|staff) led) mutual\b",
            r"\bsp(?:un|in|inning) out\b[^.;]{0,30}? (?:of|from) (?:the )?[^.;]{0,60}?"
            r"\b(?:nhs|council|primary care trust|pct|local authority|probation)\b",
            r"\bunder the right to (?:request|provide)\b",
        ),
        (DENIED, CONDITIONAL, OTHERS),
        (
            "The society is a public service mutual owned by its staff.",
            "We spun out of the NHS in 2011 under the Right to Request.",
        ),
        (
            "The company is not a public service mutual.",
            "The company advises clients on becoming a public service mutual.",
            "The property was spun out from the group to a new subsidiary.",
        ),
    ),
    Rule(
        "staff-ownership",
        "owned by its staff, or staff hold its shares or membership",
        (
            rf"\bowned by (?:its|our|the) (?:own )?{STAFF}\b",
            r"\b(?:employee|staff) owned\b",
            rf"\b{STAFF}(?: [a-z]+){{0,5}}? (?:are|is|become)(?: [a-z]+){{0,5}}? "
            r"(?:shareholders|co owners|owners of the|"
            r"members of the (?:company|society|cic|mutual))\b",
            rf"\b{STAFF},? (?:who|as|and)(?: [a-z]+){{0,6}}? (?:co owners|shareholders)\b",
            rf"\b{STAFF},? who own\b",
            r"\b(?:all|majority of|most of|the) (?:\w+ )?shares(?: [a-z]+){0,3}? "
            r"(?:are|is|were) held (?:by|in) (?:an|the) employees? (?:ownership|benefit)? ?trust\b",
            rf"\b{STAFF}(?: [a-z]+){{0,5}}? (?:hold|holds|own|owns)(?: [a-z]+){{0,5}}? shares?\b",
            r"\b(?:staff|employee) (?:shareholders|co owners|members)\b[^.;]{0,60}?"
            r"\b(?:vote|elect|own|hold|approve)\w*\b",
        ),
        (
            DENIED,
            CONDITIONAL,
            OTHERS,
            r"\bshare (?:options?|based|incentive|schemes?)\b|\bplc\b|\bshareholders of\b|"
            r"\blimited by shares\b|"
            r"\bformerly\b",
        ),
        (
            "The company is wholly owned by its employees.",
            "We are a staff-owned community interest company.",
            "All permanent employees are eligible to become members of the society and hold one "
            "share.",
            "Staff members elect the council and vote on the strategy.",
            "Our colleagues, who are co-owners, and the families we serve.",
            "Since April 2017 the shares are held by an employee ownership trust.",
        ),
        (
            "The company is not owned by its employees.",
            "Equipment is owned by the group and used by its employees.",
            "Employees are granted share options.",
            "Average number of employees 1 The company is a private company limited by shares.",
            "Staff may in future become shareholders.",
            "An employee benefit trust holds a quarter of the shares and names one director.",
            "Our employees, the fire authority and our customers.",
            "The company provides training to employee owned firms.",
        ),
    ),
    Rule(
        "staff-governance",
        "staff elect directors or governors, or have a council of their own",
        (
            r"\b(?:directors?|governors?|board members?|trustees|representatives) "
            rf"(?:(?:are|is|were|was) )?(?:elected|appointed) by (?:(?:the|our|its) )?"
            rf"(?:\w+ )?{STAFF}\b",
            r"\b(?:staff|employee) (?:and \w+ )?elected "
            r"(?:directors?|governors?|representatives|board)\b",
            r"\belected (?:staff|employee) (?:directors?|governors?|board members?)\b",
            rf"\b{STAFF},? (?:who )?elect\b",
            r"\belects? (?:the|a) (?:staff|employee) (?:council|directors?|governors?)\b",
            r"\b(?:staff|employee) (?:council|directors?|governors?|forum with)\b[^.;]{0,60}?"
            r"\b(?:elect|vote|appoint|power|approv|veto|hold|sit|board)\w*\b",
            r"\bcouncil of (?:staff )?governors\b[^.;]{0,60}?\b(?:staff|employees)\b",
        ),
        (DENIED, CONDITIONAL, OTHERS, r"\btrade union\b"),
        (
            "Two staff directors sit on the board and are elected for three years.",
            "Three governors are elected by the employees.",
            "The trust acts for all employees, who elect four of the seven directors.",
            "The staff council appoints two directors and has a veto over the business plan.",
            "Our staff shareholders and elected staff directors were consulted.",
        ),
        (
            "The company consulted with staff through team meetings and a survey.",
            "There are no elected staff directors.",
            "The directors keep employees informed through a staff newsletter.",
            "Trade union officials are elected by the employees.",
        ),
    ),
)  # fmt: skip
