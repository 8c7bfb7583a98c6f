-- What: what Companies House shows of the form of community interest companies and societies.
-- Grain: one row a signal, organisation and record.
-- A company may have become a community interest company long after it was incorporated, so the form is
-- taken as true from the day of the first publication that shows it.
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
    where legal_form in ('cic', 'registered-society')
),

record_organisations as (
    select
        record_key,
        org_id
    from ent_record_organisations
    where source = 'companies_house_basic' and confidence = 'exact'
),

own_signals as (
    select
        signal_id,
        reads
    from signals
    where source = 'companies_house_basic'
),

final as (
    select
        record_organisations.org_id,
        own_signals.signal_id,
        companies.source,
        companies.record_key,
        companies.snapshot_id,
        companies.locator,
        companies.published_on as valid_from,
        null::date as valid_to,
        companies.fetched_at as known_from,
        'company category: ' || companies.company_category as value_seen,
        'https://find-and-update.company-information.service.gov.uk/company/' || companies.record_key as url
    from companies
    inner join own_signals on 'form=' || companies.legal_form = own_signals.reads
    inner join record_organisations on companies.record_key = record_organisations.record_key
)

select
    org_id,
    signal_id,
    value_seen,
    source,
    record_key,
    snapshot_id,
    locator,
    url,
    valid_from,
    valid_to,
    known_from
from final
