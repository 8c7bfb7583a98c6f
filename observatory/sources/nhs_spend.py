"""NHSSpend: who was paid by NHS bodies in 2013-20, each supplier string checked by researchers.

Three traps. The amounts are payments, not awards, and of a sample: they are never added to awards.
A supplier string is not an organisation: several strings may be one company, and a few are several
organisations. And the researchers' match code says how sure they were; only codes 1 to 5 say that
the company was found, the others say why not.
It was made once and has no live reader: the file is given by `observatory land`, with its date.
"""

from __future__ import annotations

from observatory.landing.receipts import Scope
from observatory.sources import _delimited
from observatory.sources._layout import Field, Layout
from observatory.sources._values import COUNT, NUMBER
from observatory.sources.base import Limits, Source

HOMEPAGE = "https://github.com/crahal/NHSSpend"
_NONE = frozenset({"-1"})

# The researchers' own codes, every one that the list of 1,286 strings holds.
MATCH_CODES = frozenset(
    {
        "1 existing perfect name match",
        "2 existing perfect except 'LTD/CIC/LIMITED'",
        "3 existing accepted imperfect name match",
        "4 corrected now perf name match",
        "5 corrected imperf name match",
        "6 match options",
        "7 tentative match",
        "8 date-dependent match",
        "11 multi-supplier record",
        "12 insufficient information",
        "13 identified but not found",
        "-4 not company, NHS",
        "-5 not company, NHS-assoc",
        "-6 not company, other",
        "-9 no evidence of company",
    }
)

LAYOUT = Layout(
    "nhs_spend",
    (
        Field("supplier", "the supplier as the payers wrote it", ("supplier",), needed=True),
        Field(
            "company_number",
            "company number that the researchers found; null when they found none",
            ("companynumber",),
            nulls=_NONE,
        ),
        Field("company_name", "that company's name when they looked", ("companyname",)),
        Field(
            "charity_number",
            "charity number that they found, England and Wales",
            ("charityregno",),
            nulls=_NONE,
        ),
        Field(
            "match_code",
            "how the company was found, in the researchers' code and words",
            ("matchcodeCH",),
            vocabulary=MATCH_CODES,
        ),
        Field(
            "organisation_types",
            "kinds of organisation, in their code and words",
            ("orgtypes",),
            vocabulary=frozenset(
                {"0 none ID'd", "1 charity", "2 company (not CIC)", "3 charity, company", "4 CIC"}
                | {"5 CIC, charity", "8 NHS or assoc", "9 charity, NHS", "11 charity, comp, NHS"}
            ),
        ),
        Field(
            "cic_status",
            "whether it is a community interest company",
            ("isCIC",),
            vocabulary=frozenset({"0 not CIC", "1 CIC", "2 became CIC"}),
        ),
        Field(
            "nhs_status",
            "whether it is an NHS body or associated with one",
            ("isNHS",),
            vocabulary=frozenset({"0 not NHS", "1 NHS or assoc", "-1 unknown"}),
        ),
        Field("payments", "payments to the supplier string, 2013-20", ("count_supplier",), COUNT),
        Field("amount_paid", "their sum, GBP; below zero: repaid", ("amount_supplier",), NUMBER),
    ),
    remedy=f"the list was published once, with {HOMEPAGE}; give supplier_matches.csv as it was",
)

SOURCE = Source(
    id="nhs_spend",
    title="NHSSpend: suppliers paid by the NHS, 2013-20, matched by hand",
    publisher="NHSSpend, a research project",
    homepage=HOMEPAGE,
    licence="none is stated with the file; it derives from NHS bodies' published spending",
    licence_url="",
    attribution="Facts on suppliers of the NHS from the research project NHSSpend",
    republish="derived facts",
    keeps="bytes",
    cadence="once; no later edition is expected",
    freshness_days=36_500,
    limits=Limits(evidence="given as a file: nothing is asked of anybody"),
    default_scope=Scope("extract"),
    datasets=(LAYOUT.dataset,),
    reader_version=1,
    check=_delimited.check_by(LAYOUT),
    read=_delimited.read_by(LAYOUT),
    fetch=None,
    notes="its links between names and numbers have the basis 'checked by researchers'; give its "
    "date with --published, since neither the file nor its name has one",
)
