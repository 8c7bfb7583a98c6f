"""What a text may affirm of whole ownership by staff and of the programme that it left under.

What belongs here: rules like those of ``wording_rules.py``, in the same form. What does not:
applying them (``wording.py``), and what a hit is worth (``signals.csv``).

"The right to request" is also every employee's right to ask for flexible working, and a data
subject's to ask for a copy: only the programme by its name, which one leaves *under*, counts.
"""

from __future__ import annotations

from typing import Final

from observatory.wording_rules import CONDITIONAL, DENIED, OTHERS, STAFF, Rule

# "under the Department of Health's Right to Request scheme"
_UNDER: Final = (
    r"\b(?:under|through|via|using|following|as part of|as a result of) (?:the |its |our |a )?"
    r"(?:[a-z']+ ){0,4}?right to "
)
_NO_PROGRAMME: Final = (
    r"\bright to (?:request|provide) (?:a|an|any|the|that|this|to|for|their|its|flexible|copies|"
    r"access|information|details|changes|data|reduced|unpaid|rectification|erasure|evidence|"
    r"services to)\b|\b(?:customers?|clients?|data subjects?|shareholders?) (?:have|has) the\b"
)
RULES_OF_LINEAGE: Final = (
    Rule(
        "staff-owned",
        "owned by its staff, with no other owner beside them",
        (
            rf"\bowned by (?:its|our|the) (?:own )?{STAFF}\b",
            r"\b(?:wholly|entirely|fully|100 ?%|100 per cent) (?:employee|staff) owned\b",
        ),
        (
            DENIED,
            CONDITIONAL,
            OTHERS,
            r"\b(?:part(?:ly|ially|ial)?|jointly|joint|majority|mostly|mainly|minority|quarter|"
            r"third|half|formerly|shares? in|stake)\b|\b\d{1,2}(?:\.\d+)? ?(?:%|per ?cent)",
            # and by somebody else beside them
            rf"\bowned by (?:(?:its|our|the) )?(?:own )?{STAFF}(?:,| and| or| together| alongside)"
            r" (?:with |by )?(?:its |our |the |a )?(?:[a-z]+ )?(?:council|community|communities|"
            r"customers?|members|users?|tenants?|residents|founders?|directors|investors|"
            r"charity|trust|local|borough|county|city|nhs)\b",
            r"\bowned by (?:(?:its|our|the) )?[a-z]+(?: [a-z]+)? and "
            rf"(?:(?:its|our|the) )?{STAFF}\b",
            r"\b(?:client|customer|supplier|landlord|subsidiary|competitor|software|equipment|"
            r"property|vehicles?|firms|companies|businesses|to be|to become|becoming)\b",
        ),
        (
            "The company is owned by its employees.",
            "We are wholly owned by our staff, who elect the board.",
            "It is a 100% employee-owned social enterprise.",
        ),
        (
            "The company is not owned by its employees.",
            "The company is jointly owned by its employees and Fictional Borough Council.",
            "The society is owned by its staff and community members.",
            "It is owned by the council and its employees.",
            "The company is 49% owned by its employees.",
            "The majority of the shares is owned by its staff.",
            "Vehicles owned by the staff are insured by them.",
            "We train firms to be wholly employee owned.",
            "The company may in future be owned by its staff.",
        ),
    ),
    Rule(
        "right-to-request",
        "left under the Right to Request",
        (_UNDER + r"request\b",),
        (DENIED, CONDITIONAL, _NO_PROGRAMME),
        (
            "We spun out of the NHS in 2011 under the Right to Request.",
            "The company was formed under the Department of Health's Right to Request programme.",
        ),
        (
            "Employees may ask for part-time hours under the right to request flexible working.",
            "Customers have the right to request a copy of their data.",
            "Under the right to request access to information, two enquiries were received.",
            "The service did not leave under the Right to Request.",
        ),
    ),
    Rule(
        "right-to-provide",
        "left under the Right to Provide",
        (_UNDER + r"provide\b",),
        (DENIED, CONDITIONAL, _NO_PROGRAMME),
        (
            "The company spun out of the trust in 2013 under the Right to Provide.",
            "Staff formed the company through the government's Right to Provide initiative.",
        ),
        (
            "The tenant holds the room under the right to provide services to schools.",
            "Under the contract it has the right to provide a crossing.",
            "It was not formed under the Right to Provide.",
        ),
    ),
)
