-- What: the versions of each source in publication order, neighbours with the same records taken together.
-- Grain: one row a source and place in its sequence.
-- The lake leaves a snapshot with the records of an earlier one out of its views (same_as); here it counts
-- again as a sighting of those records. Order is publication date, then snapshot id: never arrival.
-- What a source says today is what it said in its last whole version and since; one that never published a
-- whole one says all that it ever said.
with snapshots as (
    select
        source,
        snapshot_id as appeared_as,
        published_on,
        fetched_at,
        scope,
        coalesce(same_as, snapshot_id) as snapshot_id
    from lake.snapshots
),

marked as (
    select
        source,
        appeared_as,
        snapshot_id,
        published_on,
        fetched_at,
        scope,
        coalesce(lag(snapshot_id) over in_order, '') != snapshot_id as is_new
    from snapshots
    window in_order as (partition by source order by published_on, appeared_as)
),

numbered as (
    select
        source,
        snapshot_id,
        published_on,
        fetched_at,
        scope,
        sum(is_new::integer) over in_order as sequence
    from marked
    window in_order as (
        partition by source order by published_on, appeared_as
        rows between unbounded preceding and current row
    )
),

final as (
    select
        source,
        sequence::integer as sequence,
        min(snapshot_id) as snapshot_id,
        min(published_on) as first_published_on,
        max(published_on) as last_published_on,
        min(fetched_at) as fetched_at,
        bool_or(scope = 'whole') as is_whole
    from numbered
    group by source, sequence
)

select
    source,
    sequence,
    snapshot_id,
    first_published_on,
    last_published_on,
    fetched_at,
    is_whole,
    sequence >= coalesce(max(sequence) filter (where is_whole) over (partition by source), 0) as is_current
from final
