-- What: what the FCA Mutuals Public Register shows of societies: their form and coded activity.
-- Grain: one row a signal, organisation and record.
-- The register's rows may not be republished: value_seen is the fact derived from them, and url leads to it.
with societies as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        published_on,
        fetched_at,
        legal_form,
        legal_form_basis,
        sic_code,
        registered_on,
        deregistered_on
    from stg_fca_societies
),

record_organisations as (
    select
        source,
        record_key,
        org_id
    from ent_record_organisations
    where source = 'fca_societies' and confidence = 'exact'
),

form_titles as (
    select
        legal_form,
        title
    from legal_forms
),

own_signals as (
    select
        signal_id,
        reads
    from signals
    where source = 'fca_societies'
),

readings as (
    select
        societies.source,
        societies.record_key,
        'form=' || societies.legal_form as reading,
        'registered form: ' || form_titles.title
        || case
            when societies.legal_form_basis = 'number suffix' then ' (told by the number''s suffix)' else ''
        end
            as value_seen
    from societies
    inner join form_titles on societies.legal_form = form_titles.legal_form
    union all
    select
        source,
        record_key,
        'sic=' || sic_code as reading,
        'activity code: ' || sic_code as value_seen
    from societies
    where sic_code is not null
),

final as (
    select
        record_organisations.org_id,
        own_signals.signal_id,
        readings.value_seen,
        societies.source,
        societies.record_key,
        societies.snapshot_id,
        societies.locator,
        societies.registered_on as valid_from,
        societies.deregistered_on as valid_to,
        societies.fetched_at as known_from,
        'https://mutuals.fca.org.uk/Search/Search?SearchTerm=' || societies.record_key as url
    from readings
    inner join own_signals on readings.reading = own_signals.reads
    inner join societies on readings.record_key = societies.record_key
    inner join record_organisations on societies.record_key = record_organisations.record_key
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
