"""The registers in which names are looked for, as SQL over the build database.

What belongs here: which tables hold names of identified organisations, and what each says of them.
What does not: how names are compared (``linkage.py``). A notice's supplier with a number and the
companies that researchers found for payees are registers too, of what buyers and they wrote.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Register:
    """``names`` selects ``name_normalised``; ``rows`` the names of those in ``$wanted``, in the
    order of the fields of ``linkage.Held``; ``complete`` says whether nobody is missing."""

    names: str
    rows: str
    complete: bool
    is_bodies: bool


def organisations(con: duckdb.DuckDBPyConnection) -> Register:
    """Companies and societies; complete where Companies House's newest version is a whole one."""
    row = con.execute(
        "select coalesce(max_by(is_whole, sequence), false) from stg_snapshot_sequence"
        " where source = 'companies_house_basic'"
    ).fetchone()
    return Register(_NAMES, _ROWS, complete=bool(row and row[0]), is_bodies=False)


def bodies() -> Register:
    """Public bodies of now and then."""
    return Register(_BODY_NAMES, _BODY_ROWS, complete=True, is_bodies=True)


_NAMES = """
    select names.name_normalised from ent_record_names as names
    where names.source in ('companies_house_basic', 'fca_societies', 'coops_uk_organisations')
    union all
    select names.name_normalised from ent_record_names as names
    semi join (select source, record_key from stg_award_suppliers where company_number is not null)
        as suppliers using (source, record_key)
    union all
    select normalise_name(company_name) from stg_nhs_spend where match_level = 'found'
"""

_NUMBERED = """
    select source, record_key, company_number, null as society_number,
        incorporated_on as registered_on, dissolved_on as ended_on
    from stg_companies_house_basic
    union all
    select source, record_key, null, society_number, registered_on, deregistered_on
    from stg_fca_societies
    union all
    select source, record_key, company_number, society_number, incorporated_on, dissolved_on
    from stg_coops_uk_organisations
    union all
    select source, record_key, company_number, null, null, null
    from stg_award_suppliers where company_number is not null
"""
_ORG_ID = """coalesce(
    'GB-MPR-' || society_number,
    'GB-MPR-' || (select crosswalk.society_number from ent_crosswalk as crosswalk
        where crosswalk.company_number = numbered.company_number),
    'GB-COH-' || company_number
)"""

_ROWS = f"""
with wanted as (select unnest($wanted::varchar[]) as name_normalised),
asked as (
    select source, record_key, name_normalised, name, name_type, postcode, valid_from, valid_to
    from ent_record_names semi join wanted using (name_normalised)
    where source in (
        select distinct source from stg_award_suppliers
        union all
        select unnest(['companies_house_basic', 'fca_societies', 'coops_uk_organisations'])
    )
),
numbers as ({_NUMBERED}),
numbered as (
    select asked.name_normalised, asked.name, asked.name_type, asked.postcode, asked.valid_from,
        asked.valid_to, numbers.company_number, numbers.society_number, numbers.registered_on,
        numbers.ended_on
    from asked inner join numbers
        on asked.source = numbers.source and asked.record_key = numbers.record_key
    union all
    select normalise_name(company_name), company_name, 'current', null, null, null,
        company_number, null, null, null
    from stg_nhs_spend
    where match_level = 'found' and company_number is not null
        and normalise_name(company_name) in (from wanted)
)
select distinct name_normalised, {_ORG_ID} as org_id, name, name_type, postcode, valid_from,
    valid_to, registered_on, ended_on
from numbered
where company_number is not null or society_number is not null
order by all
"""

_BODY_NAMES = "select name_normalised from stg_public_bodies where not coalesce(is_absent, false)"
_BODY_ROWS = """
select name_normalised, body_id, name, 'current', null, null, null, started_on, ended_on
from stg_public_bodies
where not coalesce(is_absent, false) and list_contains($wanted::varchar[], name_normalised)
order by all
"""

# The organisations that a list already has under a number: none of its other records is one.
TAKEN = """
select distinct source, coalesce('GB-MPR-' || society_number, 'GB-COH-' || company_number)
from stg_coops_uk_organisations where society_number is not null or company_number is not null
union
select distinct source, case field
    when 'company_number' then 'GB-COH-' || normalise_company_number(value)
    else 'GB-MPR-' || normalise_society_number(value) end
from stg_known_mutuals where field in ('company_number', 'society_number')
"""
