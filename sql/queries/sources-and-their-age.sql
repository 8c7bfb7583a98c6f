-- How old is what this release knows from each source, and is that older than it should be?
with built as (
    select cast(max(built_at) as date) as built_on
    from releases
)

select
    s.source,
    s.publisher,
    s.cadence,
    s.newest_published_on,
    s.freshness_days,
    s.snapshots,
    s.licence,
    s.republish,
    date_diff('day', s.newest_published_on, built.built_on) as days_old,
    coalesce(date_diff('day', s.newest_published_on, built.built_on) > s.freshness_days, true) as is_stale
from sources as s
cross join built
order by is_stale desc, s.source asc
