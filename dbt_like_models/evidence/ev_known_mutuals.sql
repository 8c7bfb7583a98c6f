-- What: what the curated list's citations say, fact by fact: that a fact is cited, and which value it has.
-- Grain: one row a cited fact and reading.
-- The list is read as a source like any other: a fact counts by its citation, which url names.
with facts as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        fetched_at,
        entry_id,
        field,
        value,
        source_url
    from stg_known_mutuals
    where field is not null and value is not null
),

final as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        entry_id as link_key,
        null::varchar as about,
        source_url as url,
        null::date as valid_from,
        null::date as valid_to,
        fetched_at as known_from,
        true as may_speak_against,
        field || ': ' || value as value_seen,
        unnest([field, field || '=' || value]) as reading
    from facts
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
