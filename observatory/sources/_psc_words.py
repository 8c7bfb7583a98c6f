"""The words of the PSC snapshot: kinds of line, datasets, and the codes that were ever published.

What belongs here: what may stand in a line, from Companies House's own enumerations, and what of
it is kept. What does not: reading (``_psc_sql.py``), what a controller means (the models, by the
rules of the seed ``controller_rules``).
"""

from __future__ import annotations

from typing import Final

from observatory.lake import Column, Dataset, history

_PSC: Final = "person-with-significant-control"
_OWNER: Final = "beneficial-owner"
INDIVIDUALS: Final = (f"individual-{_PSC}", f"individual-{_OWNER}")
SECRET: Final = (f"super-secure-{_PSC}", f"super-secure-{_OWNER}")
CONTROLLERS: Final = (
    f"corporate-entity-{_PSC}",
    f"corporate-entity-{_OWNER}",
    f"legal-person-{_PSC}",
    f"legal-person-{_OWNER}",
    *SECRET,
)
STATEMENTS: Final = ("persons-with-significant-control-statement",)
EXEMPTIONS: Final = ("exemptions",)
TOTALS: Final = "totals#persons-of-significant-control-snapshot"

# Every code of the enumerations of 2026 is one of these; a test reads them from the corpus.
_AS: Final = "(-as-trust|-as-firm|-as-control-over-trust|-as-control-over-firm)?"
_OF: Final = "(-limited-liability-partnership|-registered-overseas-entity)?"
_SHARE: Final = "(25-to-50|50-to-75|75-to-100|more-than-25)-percent"
NATURES: Final = (
    "((ownership-of-shares|voting-rights|(part-)?right-to-share-surplus-assets)-"
    f"{_SHARE}|right-to-appoint-and-remove-(directors|members|person)"
    f"|significant-influence-or-control){_AS}{_OF}"
    "|registered-owner-as-nominee-(person|another-entity)-"
    "(england-wales|scotland|northern-ireland)-registered-overseas-entity"
)
# "signficant" is the publisher's own spelling.
STATEMENT_CODES: Final = (
    "(no-individual-or-entity-with-signficant-control|psc-exists-but-not-identified"
    "|psc-details-not-confirmed|steps-to-find-psc-not-yet-completed|psc-contacted-but-no-response"
    "|psc-has-failed-to-confirm-changed-details|restrictions-notice-issued-to-psc)(-partnership)?"
    "|awaiting-confirmation-from-psc|all-beneficial-owners-identified"
    "|no-beneficial-owner-identified|at-least-one-beneficial-owner-unidentified"
    "(-and-information-not-provided-for-at-least-one-beneficial-owner)?"
    "|information-not-provided-for-at-least-one-beneficial-owner"
    "|(nobody|somebody)-has-become-or-ceased-to-be-a-beneficial-owner"
    "|(no-)?change-benefici(al-owner|ary)-relevant-period|(no-)?trust-involved-relevant-period"
)

# Every field seen or documented, read or not; another one is reported as drift.
_FIELDS: Final = (
    "address ceased ceased_on country_of_residence date_of_birth description etag exemptions "
    "exemptions_count generated_at identification identity_verification_details is_sanctioned kind "
    "linked_psc_name links name name_elements nationality natures_of_control notified_on "
    "persons_of_significant_control_count principal_office_address "
    "restrictions_notice_withdrawal_reason sanctioned "
    "service_address_is_same_as_registered_office_address statement statements_count"
)
FIELDS: Final = frozenset(_FIELDS.split())

CONTROLLER_SET: Final = Dataset(
    "companies_house_psc",
    (
        Column("company_number", "VARCHAR", "the company that is controlled, eight characters"),
        Column("kind", "VARCHAR", "kind of controller, in the publisher's code"),
        Column("record_id", "VARCHAR", "the publisher's id of this notification"),
        Column("name", "VARCHAR", "name of the controller; null where it may be a person's own"),
        Column("is_name_withheld", "BOOLEAN", "whether a name stood there that may be a person's"),
        Column("legal_form", "VARCHAR", "what the company says it is; free text"),
        Column("legal_authority", "VARCHAR", "law that it says it stands under; free text"),
        Column("country_registered", "VARCHAR", "country of its register; free text"),
        Column("place_registered", "VARCHAR", "its register; free text"),
        Column("registration_number", "VARCHAR", "its number there, as written"),
        Column("natures_of_control", "VARCHAR[]", "what it holds, in codes; in published order"),
        Column("notified_on", "DATE", "since when the company says so"),
        Column("ceased_on", "DATE", "when it ceased to control; null while it does"),
        Column("is_ceased", "BOOLEAN", "whether it ceased, where no date is given"),
    ),
    history=history(
        "company_number || '|' || record_id",
        "kind name is_name_withheld legal_form legal_authority country_registered "
        "place_registered registration_number natures_of_control notified_on ceased_on "
        "is_ceased",
    ),
)
STATEMENT_SET: Final = Dataset(
    "companies_house_psc_statements",
    (
        Column("company_number", "VARCHAR", "the company that makes the statement"),
        Column("kind", "VARCHAR", "statement or exemption"),
        Column("record_id", "VARCHAR", "the publisher's id; null for an exemption"),
        Column("statement", "VARCHAR", "code of the statement, or of the exemption"),
        Column("notified_on", "DATE", "since when it holds (an exemption: exempt from)"),
        Column("ceased_on", "DATE", "since when it no longer holds (an exemption: exempt to)"),
    ),
    history=history(
        "concat_ws('|', company_number, coalesce(record_id, concat_ws('|', kind, "
        "statement, notified_on)))",
        "kind statement notified_on ceased_on",
    ),
)
COUNT_SET: Final = Dataset(
    "companies_house_psc_individuals",
    (
        Column("company_number", "VARCHAR", "the company that is controlled"),
        Column("individuals", "BIGINT", "individuals ever notified; none of them is kept"),
        Column("active", "BIGINT", "those who have not ceased"),
        Column("active_over_half", "BIGINT", "of these, with more than half of shares or votes"),
        Column("active_appointing", "BIGINT", "of these, who appoint and remove the board"),
        Column("active_as_trust", "BIGINT", "of these, who act as trustees"),
    ),
    history=history(
        "company_number || '|individuals'",
        "individuals active active_over_half active_appointing active_as_trust",
    ),
)
DATASETS: Final = (CONTROLLER_SET, STATEMENT_SET, COUNT_SET)
