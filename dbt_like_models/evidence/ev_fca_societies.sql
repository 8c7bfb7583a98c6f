-- What: what the FCA Mutuals Public Register shows of societies: their form and coded activity.
-- Grain: one row a record and reading.
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

form_titles as (
    select
        legal_form,
        title
    from legal_forms
),

readings as (
    select
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
        record_key,
        'sic=' || sic_code as reading,
        'activity code: ' || sic_code as value_seen
    from societies
    where sic_code is not null
),

final as (
    select
        societies.source,
        societies.record_key,
        societies.snapshot_id,
        societies.locator,
        societies.record_key as link_key,
        null::varchar as about,
        readings.reading,
        readings.value_seen,
        societies.registered_on as valid_from,
        societies.deregistered_on as valid_to,
        societies.fetched_at as known_from,
        true as may_speak_against,
        'https://mutuals.fca.org.uk/Search/Search?SearchTerm=' || societies.record_key as url
    from readings
    inner join societies on readings.record_key = societies.record_key
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
