-- How often was each signal seen, in how many organisations, and what is it known to get wrong?
with seen as (
    select
        signal_id,
        count(*) as pieces,
        count(distinct org_id) as organisations
    from evidence
    group by signal_id
)

select
    s.signal_id,
    s.criterion_id,
    s.direction,
    s.strength,
    s.source,
    s.known_failures,
    coalesce(seen.pieces, 0) as pieces,
    coalesce(seen.organisations, 0) as organisations
from signals as s
left join seen on s.signal_id = seen.signal_id
order by pieces desc, s.signal_id asc
