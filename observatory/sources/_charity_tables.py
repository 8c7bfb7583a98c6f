"""The tables of the Charity Commission's register extract: columns read, columns left out.

What belongs here: the publisher's column names and what each becomes in the lake. What does not:
how an extract is opened and read (``_charity_extract.py``), what a value means (the models).

Personal by the publisher's own words are the contact telephone and e-mail; the contact address
is often a trustee's home, so of it only the postcode is read. The trustee table is never read.
"""

from __future__ import annotations

from typing import Final

from observatory.lake import Column, history
from observatory.sources._charity_shape import Field, Table

_F = Field
# The day of the extract is the snapshot's publication date: as a column it would make every
# record of every night a new one.
_EVERYWHERE: Final = frozenset({"date_of_extract"})
_ORGANISATION: Final = (
    _F("organisation_number", "organisation_number", "the register's own key", needed=True),
    _F(
        "registered_charity_number",
        "charity_number",
        "the GB-CHC number, shared by a charity and those linked to it",
        needed=True,
    ),
)
_KEYS: Final = (
    *_ORGANISATION,
    _F("linked_charity_number", "linked_charity_number", "0: the main charity", "BIGINT", True),
)
_PERIOD: Final = (
    *_ORGANISATION,
    _F("latest_fin_period_submitted_ind", "is_latest", "of the latest data submitted", "BOOLEAN"),
    _F("fin_period_order_number", "period_order", "1: the most recent, to 5", "BIGINT"),
    _F("ar_cycle_reference", "return_cycle", "annual return cycle, such as AR24"),
    _F("fin_period_start_date", "period_start_on", "first day of the financial period", "DATE"),
    _F("fin_period_end_date", "period_end_on", "last day of the period", "DATE", True),
    _F("ar_due_date", "return_due_on", "when the return was due", "DATE"),
    _F("ar_received_date", "return_received_on", "when it was received", "DATE"),
)


def _money(*names: str) -> tuple[Field, ...]:
    return tuple(_F(one, one, f"{one.replace('_', ' ')}, GBP", "DOUBLE") for one in names)


CHARITY: Final = Table(
    "charity",
    "charity_commission",
    (
        *_KEYS,
        _F("charity_name", "charity_name", "main name", needed=True),
        _F("charity_type", "charity_type", "form, for main charities only"),
        _F("charity_registration_status", "registration_status", "Registered or Removed"),
        _F("date_of_registration", "registered_on", "date of registration", "DATE"),
        _F("date_of_removal", "removed_on", "not always the day on which it ended", "DATE"),
        _F("charity_reporting_status", "reporting_status", "standing of its submissions"),
        _F("latest_acc_fin_period_start_date", "latest_period_start_on", "first day", "DATE"),
        _F("latest_acc_fin_period_end_date", "latest_period_end_on", "last day", "DATE"),
        _F("latest_income", "latest_income", "gross income of that period, GBP", "DOUBLE"),
        _F("latest_expenditure", "latest_expenditure", "of that period, GBP", "DOUBLE"),
        _F("charity_contact_postcode", "postcode", "of the public contact address"),
        _F("charity_contact_web", "website", "as given by the charity"),
        _F(
            "charity_company_registration_number",
            "company_number_published",
            "Companies House number as published: often unpadded, sometimes a placeholder; "
            "null where something else than a number stands",
        ),
        _F("charity_insolvent", "is_insolvent", "insolvent", "BOOLEAN"),
        _F("charity_in_administration", "is_in_administration", "in administration", "BOOLEAN"),
        _F("charity_previously_excepted", "was_excepted", "formerly excepted", "BOOLEAN"),
        _F("charity_is_cio", "is_cio", "charitable incorporated organisation", "BOOLEAN"),
        _F("cio_is_dissolved", "is_cio_being_dissolved", "CIO to be dissolved", "BOOLEAN"),
        _F("date_cio_dissolution_notice", "cio_notice_ends_on", "notice of dissolution", "DATE"),
        _F("charity_activities", "activities", "what it does, in the trustees' words"),
    ),
    _EVERYWHERE
    | {f"charity_contact_address{line}" for line in range(1, 6)}
    | {
        "charity_contact_phone",
        "charity_contact_email",
        "charity_is_cdf_or_cif",
        "charity_gift_aid",
        "charity_has_land",
    },
    (Column("company_number", "VARCHAR", "that number in eight characters; null where junk"),),
    history=history(
        "case when linked_charity_number = 0 then charity_number end",
        "organisation_number charity_name charity_type registration_status "
        "registered_on removed_on reporting_status latest_period_end_on latest_income "
        "latest_expenditure postcode website company_number is_insolvent "
        "is_in_administration is_cio",
    ),
)
_BANDS: Final = [f"{low}0001_{low + 1}0000" for low in range(6, 15)] + [
    f"{low}0001_{low + 5}0000" for low in range(15, 50, 5)
]
PART_A: Final = Table(
    "charity_annual_return_parta",
    "charity_commission_part_a",
    (
        *_PERIOD,
        *_money("total_gross_income", "total_gross_expenditure"),
        _F(
            "charity_receives_govt_funding_contracts",
            "has_government_contracts",
            "any income from government contracts; null where not asked",
            "BOOLEAN",
        ),
        _F("count_govt_contracts", "government_contracts", "their number", "BIGINT"),
        *_money("income_from_government_contracts"),
        _F(
            "charity_receives_govt_funding_grants",
            "has_government_grants",
            "any income from government grants; null where not asked",
            "BOOLEAN",
        ),
        _F("count_govt_grants", "government_grants", "their number", "BIGINT"),
        *_money("income_from_government_grants"),
        _F("grant_making_is_main_activity", "is_grant_maker", "mainly makes grants", "BOOLEAN"),
        _F("charity_has_trading_subsidiary", "has_trading_subsidiary", "has one", "BOOLEAN"),
        _F("employees_salary_over_60k", "has_pay_over_60k", "pays anyone so much", "BOOLEAN"),
        _F("count_volunteers", "volunteers", "number of volunteers in the UK", "BIGINT"),
    ),
    _EVERYWHERE
    | {f"count_salary_band_{band}" for band in [*_BANDS, "over_500000"]}
    | {
        "charity_raises_funds_from_public",
        "charity_professional_fundraiser",
        "charity_agreement_professional_fundraiser",
        "charity_commercial_participator",
        "charity_agreement_commerical_participator",
        "trustee_also_director_of_subsidiary",
        "does_trustee_receive_any_benefit",
        "trustee_payments_acting_as_trustee",
        "trustee_receives_payments_services",
        "trustee_receives_other_benefit",
        "trustee_resigned_employment",
    },
    history=history(
        "organisation_number || '|' || period_end_on || '|' || "
        "coalesce(return_received_on::varchar, '')",
        "charity_number return_cycle period_start_on total_gross_income "
        "total_gross_expenditure has_government_contracts government_contracts "
        "income_from_government_contracts has_government_grants government_grants "
        "income_from_government_grants has_trading_subsidiary volunteers",
    ),
    family="charity_returns",
)
PART_B: Final = Table(
    "charity_annual_return_partb",
    "charity_commission_part_b",
    (
        *_PERIOD,
        *_money(
            "income_donations_and_legacies",
            "income_charitable_activities",
            "income_other_trading_activities",
            "income_investments",
            "income_other",
            "income_total_income_and_endowments",
            "expenditure_charitable_expenditure",
            "expenditure_total",
            "reserves",
            "assets_total_fixed",
            "defined_benefit_pension_scheme",
            "assets_total_liabilities",
            "assets_total_assets_and_liabilities",
            "assets_cash",
            "funds_unrestricted",
            "funds_restricted",
            "funds_total",
        ),
        _F("count_employees", "employees", "people employed", "BIGINT", True),
        _F("charity_only_accounts", "is_charity_only", "figures of the charity alone", "BOOLEAN"),
        _F("consolidated_accounts", "is_consolidated", "figures of its group", "BOOLEAN"),
    ),
    _EVERYWHERE
    | {
        "income_legacies",
        "income_endowments",
        "expenditure_raising_funds",
        "expenditure_other",
        "expenditure_investment_management",
        "expenditure_grants_institution",
        "expenditure_governance",
        "expenditure_support_costs",
        "expenditure_depreciation",
        "gain_loss_investment",
        "gain_loss_pension_fund",
        "gain_loss_revaluation_fixed_investment",
        "gain_loss_other",
        "assets_own_use",
        "assets_long_term_investment",
        "assets_other_assets",
        "assets_current_investment",
        "creditors_one_year_total_current",
        "creditors_falling_due_after_one_year",
        "funds_endowment",
    },
    history=history(
        "organisation_number || '|' || period_end_on || '|' || "
        "coalesce(return_received_on::varchar, '')",
        "charity_number return_cycle period_start_on income_charitable_activities "
        "income_total_income_and_endowments expenditure_total reserves "
        "assets_total_assets_and_liabilities assets_cash funds_total employees "
        "is_charity_only is_consolidated",
    ),
    family="charity_returns",
)
EVENTS: Final = Table(
    "charity_event_history",
    "charity_commission_events",
    (
        *_KEYS,
        _F("charity_event_order", "event_order", "1: the earliest", "BIGINT"),
        _F("event_type", "event_type", "what happened", needed=True),
        _F("date_of_event", "event_on", "when", "DATE", True),
        _F("reason", "reason", "why; none for a registration"),
        _F("assoc_organisation_number", "other_organisation_number", "the other charity's key"),
        _F("assoc_registered_charity_number", "other_charity_number", "its GB-CHC number"),
        _F("assoc_charity_name", "other_charity_name", "its name"),
    ),
    _EVERYWHERE | {"charity_name"},
    history=history(
        "case when linked_charity_number = 0 then charity_number || '|' || event_order end",
        "event_type event_on reason other_charity_number other_charity_name",
    ),
)
GOVERNING_DOCUMENT: Final = Table(
    "charity_governing_document",
    "charity_commission_governing_documents",
    (
        *_KEYS,
        _F("governing_document_description", "document", "kind and dates", needed=True),
        _F("charitable_objects", "objects", "the charitable objects"),
        _F("area_of_benefit", "area_of_benefit", "as the document defines it"),
    ),
    _EVERYWHERE,
)
CLASSIFICATION: Final = Table(
    "charity_classification",
    "charity_commission_classifications",
    (
        *_KEYS,
        _F("classification_code", "code", "1xx what, 2xx who, 3xx how", "BIGINT", True),
        _F("classification_type", "classification_type", "What, Who or How"),
        _F("classification_description", "description", "the code in words"),
    ),
    _EVERYWHERE,
)
OTHER_NAMES: Final = Table(
    "charity_other_names",
    "charity_commission_other_names",
    (
        *_KEYS,
        _F("charity_name_id", "name_id", "the name's own key"),
        _F("charity_name_type", "name_type", "Working Name or Previous Name"),
        _F("charity_name", "name", "the name", needed=True),
    ),
    _EVERYWHERE,
    history=history(
        "case when linked_charity_number = 0 then charity_number || '|' || "
        "coalesce(name_id, name) end",
        "name name_type",
    ),
)
