-- What: what Companies House shows of the form of companies, societies and charitable organisations.
-- Grain: one row a record.
-- A company may have become a community interest company long after it was incorporated, so the form is
-- taken as true from the day of the first publication that shows it. An ordinary company's form says nothing.
with companies as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        published_on,
        fetched_at,
        company_category,
        legal_form
    from stg_companies_house_basic
    where legal_form in ('cic', 'cio', 'scio', 'plc', 'registered-society')
),

final as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        record_key as link_key,
        null::varchar as about,
        published_on as valid_from,
        null::date as valid_to,
        fetched_at as known_from,
        true as may_speak_against,
        'form=' || legal_form as reading,
        'company category: ' || company_category as value_seen,
        'https://find-and-update.company-information.service.gov.uk/company/' || record_key as url
    from companies
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
