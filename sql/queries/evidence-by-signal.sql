-- How often was each signal seen, in how many organisations, and what is it known to get wrong?
select
    s.signal_id,
    s.criterion_id,
    s.direction,
    s.strength,
    s.source,
    s.known_failures,
    count(e.evidence_id) as pieces,
    count(distinct e.org_id) as organisations
from signals as s
left join evidence as e on s.signal_id = e.signal_id
group by s.signal_id, s.criterion_id, s.direction, s.strength, s.source, s.known_failures
order by pieces desc, s.signal_id asc
