-- What: from when to when each published record stood unchanged, over all snapshots of its source.
-- Grain: one row a source, record and version (equal neighbours are one version).
-- Which records are followed, by which key, and whose columns make a version, each dataset declares
-- beside its columns in observatory/sources/ (its history).
-- A record that is not in a later snapshot keeps its last version: a vanished row is not a change; where
-- that snapshot was whole, is_absent says so. known_to is when a later version was first received.
with sequence as (
    select
        source,
        sequence,
        snapshot_id,
        first_published_on,
        last_published_on,
        fetched_at,
        is_whole
    from stg_snapshot_sequence
),

records as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        version
    from lake.records
),

sightings as (
    select
        records.source,
        records.record_key,
        sequence.sequence,
        sequence.snapshot_id,
        records.locator,
        records.version,
        sequence.first_published_on,
        sequence.last_published_on,
        sequence.fetched_at
    from records
    inner join sequence
        on records.source = sequence.source and records.snapshot_id = sequence.snapshot_id
    where records.record_key is not null
),

-- nearly all records never change, and need none of the ordering that costs time with millions of them;
-- a place sorts as text by sequence, then by the number in the locator
seen as (
    select
        source,
        record_key,
        version,
        min(lpad(sequence::varchar, 8, '0') || lpad(length(locator)::varchar, 4, '0') || locator)
            as first_place,
        min(sequence) as first_sequence,
        max(sequence) as last_sequence,
        min(first_published_on) as valid_from,
        max(last_published_on) as last_seen_on,
        min(fetched_at) as known_from
    from sightings
    group by source, record_key, version
),

changing as (
    select
        source,
        record_key
    from seen
    group by source, record_key
    having count(*) > 1
),

constant as (
    select
        seen.source,
        seen.record_key,
        1 as version_number,
        sequence.snapshot_id,
        seen.last_sequence,
        seen.valid_from,
        seen.last_seen_on,
        seen.known_from,
        seen.first_place[13:] as locator
    from seen
    inner join sequence on seen.source = sequence.source and seen.first_sequence = sequence.sequence
    left join changing on seen.source = changing.source and seen.record_key = changing.record_key
    where changing.record_key is null
),

-- a record published twice in one snapshot: its first place counts, and data_issues says so;
-- two snapshots of one date: the later in the sequence counts
distinct_sightings as (
    select sightings.*
    from sightings
    inner join changing
        on sightings.source = changing.source and sightings.record_key = changing.record_key
    qualify row_number() over (
        partition by sightings.source, sightings.record_key, sightings.first_published_on
        order by sightings.sequence desc, length(sightings.locator), sightings.locator asc
    ) = 1
),

marked as (
    select
        *,
        coalesce(version != lag(version) over (partition by source, record_key order by sequence), true)
            as is_new
    from distinct_sightings
),

numbered as (
    select
        *,
        sum(is_new::integer) over (
            partition by source, record_key order by sequence
            rows between unbounded preceding and current row
        )::integer as version_number
    from marked
),

versions as (
    select
        source,
        record_key,
        version_number,
        arg_min(snapshot_id, sequence) as snapshot_id,
        arg_min(locator, sequence) as locator,
        max(sequence) as last_sequence,
        min(first_published_on) as valid_from,
        max(last_published_on) as last_seen_on,
        min(fetched_at) as known_from
    from numbered
    group by source, record_key, version_number
),

last_whole as (
    select
        source,
        max(sequence) as sequence
    from sequence
    where is_whole
    group by source
),

changed as (
    select
        *,
        lead(valid_from) over in_order as valid_to,
        min(known_from) over (
            partition by source, record_key order by version_number
            rows between 1 following and unbounded following
        ) as later_known_from,
        first_value(snapshot_id) over in_order as first_snapshot_id,
        first_value(valid_from) over in_order as first_seen_on
    from versions
    window in_order as (partition by source, record_key order by version_number)
),

related as (
    select
        source,
        record_key,
        version_number,
        snapshot_id,
        locator,
        last_sequence,
        valid_from,
        valid_to,
        known_from,
        greatest(known_from, later_known_from) as known_to,
        first_snapshot_id,
        first_seen_on,
        last_seen_on
    from changed
    union all
    select
        source,
        record_key,
        version_number,
        snapshot_id,
        locator,
        last_sequence,
        valid_from,
        null as valid_to,
        known_from,
        null as known_to,
        snapshot_id as first_snapshot_id,
        valid_from as first_seen_on,
        last_seen_on
    from constant
),

final as (
    select
        related.source,
        related.record_key,
        related.version_number,
        related.snapshot_id,
        related.locator,
        related.valid_from,
        related.valid_to,
        related.known_from,
        related.first_snapshot_id,
        related.first_seen_on,
        related.last_seen_on,
        related.valid_to is null as is_present,
        case when related.valid_to is not null then related.known_to end as known_to,
        related.valid_to is null and related.last_sequence < coalesce(last_whole.sequence, 0) as is_absent
    from related
    left join last_whole on related.source = last_whole.source
)

select
    source,
    record_key,
    version_number,
    is_present,
    snapshot_id,
    locator,
    valid_from,
    valid_to,
    known_from,
    known_to,
    first_snapshot_id,
    first_seen_on,
    last_seen_on,
    is_absent
from final
