-- What: everything that a record was seen to say that a signal may read, whoever it is about.
-- Grain: one row a source, record and reading.
-- The one place that lists the evidence models. Each has these columns and no other (columns_like in its
-- contract), so that a new source is one model and two lines here.
with final as (
    select * from ev_charity_registers
    union all by name
    select * from ev_companies_house_accounts
    union all by name
    select * from ev_companies_house_basic
    union all by name
    select * from ev_companies_house_psc
    union all by name
    select * from ev_coops_uk_organisations
    union all by name
    select * from ev_cqc_active_locations
    union all by name
    select * from ev_employee_trusts
    union all by name
    select * from ev_fca_societies
    union all by name
    select * from ev_fca_society_pages
    union all by name
    select * from ev_known_mutuals
    union all by name
    select * from ev_name_forms
    union all by name
    select * from ev_nhs_spend
    union all by name
    select * from ev_notices
    union all by name
    select * from ev_ods_organisations
    union all by name
    select * from ev_registered_providers
)

select
    source,
    record_key,
    snapshot_id,
    locator,
    link_key,
    about,
    reading,
    value_seen,
    url,
    valid_from,
    valid_to,
    known_from,
    may_speak_against
from final
