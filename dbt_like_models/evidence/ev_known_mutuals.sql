-- What: what the curated list's citations say, fact by fact.
-- Grain: one row a signal, organisation and cited fact.
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
),

record_organisations as (
    select
        record_key,
        org_id
    from ent_record_organisations
    where source = 'known_mutuals' and confidence = 'exact'
),

own_signals as (
    select
        signal_id,
        reads
    from signals
    where source = 'known_mutuals'
),

final as (
    select
        record_organisations.org_id,
        own_signals.signal_id,
        facts.source,
        facts.record_key,
        facts.snapshot_id,
        facts.locator,
        facts.source_url as url,
        null::date as valid_from,
        null::date as valid_to,
        facts.fetched_at as known_from,
        facts.field || ': ' || facts.value as value_seen
    from facts
    inner join own_signals on own_signals.reads in (facts.field, facts.field || '=' || facts.value)
    inner join record_organisations on facts.entry_id = record_organisations.record_key
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
