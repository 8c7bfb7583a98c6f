-- What: from when to when each line of each rule file was known to this observatory.
-- Grain: one row a rule file, line (by its cells) and interval of being known.
-- Versions are ordered by the moment at which they landed: what matters is when a rule was known here. A
-- line that was taken out and put back has two intervals. Equal lines of one file are one rule.
with versions as (
    select
        snapshot_id as appeared_as,
        fetched_at,
        coalesce(same_as, snapshot_id) as snapshot_id,
        row_number() over (order by fetched_at, snapshot_id) as place
    from lake.snapshots
    where source = 'rules'
),

-- what a version replaced is known until then
until as (
    select
        place,
        lead(fetched_at) over (order by place) as replaced_at
    from versions
),

lines as (
    select distinct
        snapshot_id,
        seed,
        rule
    from lake.rules
),

sightings as (
    select
        lines.seed,
        lines.rule,
        versions.place,
        versions.fetched_at,
        until.replaced_at,
        versions.place
        - row_number() over (partition by lines.seed, lines.rule order by versions.place) as run
    from lines
    inner join versions on lines.snapshot_id = versions.snapshot_id
    inner join until on versions.place = until.place
),

final as (
    select
        seed,
        rule,
        min(fetched_at) as known_from,
        arg_max(replaced_at, place) as known_to,
        max(place) as last_place
    from sightings
    group by seed, rule, run
)

select
    seed,
    rule,
    known_from,
    case when last_place < (select max(versions.place) from versions) then known_to end as known_to
from final
where seed != 'judgements'
