-- What: the facts of the curated list that stand today, each with its citation.
-- Grain: one row a fact and citation (entry, field, value, URL).
-- A fact that is gone from a later whole list was withdrawn and no longer stands.
with sequence as (
    select
        source,
        sequence,
        snapshot_id,
        first_published_on,
        last_published_on,
        fetched_at
    from stg_snapshot_sequence
    where source = 'known_mutuals' and is_current
),

facts as (
    select
        snapshot_id,
        locator,
        entry_id,
        name,
        field,
        value,
        source_url,
        source_note
    from lake.known_mutuals
    where entry_id is not null and field is not null
),

sightings as (
    select
        facts.entry_id,
        facts.name,
        facts.field,
        facts.value,
        facts.source_url,
        facts.source_note,
        facts.locator,
        sequence.sequence,
        sequence.snapshot_id,
        sequence.first_published_on,
        sequence.last_published_on,
        sequence.fetched_at,
        concat_ws('|', facts.entry_id, facts.field, facts.value, facts.source_url) as record_key
    from facts
    inner join sequence on facts.snapshot_id = sequence.snapshot_id
),

final as (
    select
        record_key,
        any_value(entry_id) as entry_id,
        any_value(field) as field,
        any_value(value) as value,
        any_value(source_url) as source_url,
        arg_max(name, (sequence, name)) as name,
        arg_max(source_note, (sequence, source_note)) as source_note,
        arg_min(snapshot_id, (sequence, length(locator), locator)) as snapshot_id,
        arg_min(locator, (sequence, length(locator), locator)) as locator,
        min(first_published_on) as first_seen_on,
        max(last_published_on) as last_seen_on,
        min(fetched_at) as fetched_at
    from sightings
    group by record_key
)

select
    'known_mutuals' as source,
    record_key,
    snapshot_id,
    locator,
    first_seen_on as published_on,
    fetched_at,
    snapshot_id as first_snapshot_id,
    first_seen_on,
    last_seen_on,
    entry_id,
    name,
    field,
    value,
    source_url,
    source_note
from final
